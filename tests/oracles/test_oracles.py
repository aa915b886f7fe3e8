"""对照 the program's figures against the oracle's: hand-made scenarios, then every metric of the demo shop."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from jinpai.workspace import Workspace
from jinpai.workspace.settings import Settings, settle
from tests.mutants import kills

from . import cases_of_talk, cases_of_trade
from .case import Case
from .compare import FAMILIES, NOT_BY, TOLERANCE, differences
from .conversations import Row
from .drawn import SETTINGS as DRAWN_SETTINGS
from .drawn import drawn
from .facts import Fact
from .figures import all_facts, figures, rows
from .program import built, canonical, reported
from .scenario import scenario

START, END = 20251101, 20251130
BY = [("shop",), ("agent",), ("day",), ("hour",), ("product",), ("agent", "day")]
COMPARED = [(family, by) for family in FAMILIES for by in BY if family not in NOT_BY.get(by[0], ())]
ONCE_WRONG = (45, 91, 104, 112, 134, 145)
"""Drawn shops in which the two once differed."""
CASES = [*cases_of_talk.CASES, *cases_of_trade.CASES]
CASE = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])


def settings_of(case: Case) -> Settings:
    """The case's settings, checked as the program checks them."""
    return settle("main", {file: tomllib.loads(text) for file, text in case.settings.items()}, Path())


def check(case: Case, found: list[Row]) -> None:
    """Every figure that was worked out by hand."""
    groups = {tuple(row[name] for name in case.by): row for row in found}
    wrong = [
        f"{'/'.join(key)} {name}: by hand {value!r}, found {groups.get(key, {}).get(name, 'no such figure')!r}"
        for key, wanted in case.wanted.items()
        for name, value in wanted.items()
        if groups.get(key, {}).get(name, 0)
        != (pytest.approx(value, abs=TOLERANCE) if isinstance(value, float) else value)
    ]
    assert not wrong, "\n".join(wrong)


@CASE
def test_oracle_says_what_was_worked_out_by_hand(case: Case) -> None:
    check(case, figures(scenario(case.text + case.later), settings_of(case), START, END, case.by))


@kills("jinpai/tables/asked.py", "is_answered & (day[asked] == day[answer])", "is_answered")
@kills("jinpai/tables/conversation.sql", "coalesce(b.next_created_at < s.main_ends_at, false)", "false")
@CASE
def test_program_says_what_was_worked_out_by_hand(case: Case, tmp_path: Path) -> None:
    workspace = built(scenario(case.text + case.later), case.settings, tmp_path)
    check(case, reported(workspace, "main", "2025-11-01", "2025-11-30", case.by))


@pytest.mark.slow
@pytest.mark.parametrize("seed", [*range(len(DRAWN_SETTINGS)), *ONCE_WRONG])
def test_drawn_shop_is_the_same(seed: int, tmp_path: Path) -> None:
    text, chosen = drawn(seed)
    data = scenario(text)
    facts = all_facts(data, settle("main", {file: tomllib.loads(said) for file, said in chosen.items()}, Path()))
    workspace = built(data, chosen, tmp_path)
    found = []
    for by in BY:
        ours = rows(facts, workspace.settings(), 20251001, 20260630, by)
        theirs = reported(workspace, "main", "2025-10-01", "2026-06-30", by)
        for family in [family for family in FAMILIES if family not in NOT_BY.get(by[0], ())]:
            found += [f"by {','.join(by)}: {one}" for one in differences(ours, theirs, by, family)]
    assert not found, f"{len(found)} differences in\n{text}\n" + "\n".join(found[:40])


# ---- the demo shop ----


class Demo:
    """The demo shop built once, and its facts by the oracle."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.shop = workspace.shops()[0]
        self.settings = workspace.settings(self.shop)
        self.facts: list[Fact] = all_facts(canonical(workspace, self.shop), self.settings)
        days = [fact.day for fact in self.facts]
        self.start, self.end = min(days), max(days)
        self._rows: dict[tuple[str, ...], tuple[list[Row], list[Row]]] = {}

    def rows(self, by: tuple[str, ...]) -> tuple[list[Row], list[Row]]:
        """The oracle's rows and the program's, over all days."""
        if by not in self._rows:
            first, last = (f"{day // 10000}-{day // 100 % 100:02d}-{day % 100:02d}" for day in (self.start, self.end))
            theirs = reported(self.workspace, self.shop, first, last, by)
            self._rows[by] = rows(self.facts, self.settings, self.start, self.end, by), theirs
        return self._rows[by]


@pytest.fixture(scope="module")
def both(demo_shop: Path) -> Demo:
    return Demo(Workspace.open(demo_shop))


@pytest.mark.slow
@pytest.mark.parametrize(("family", "by"), COMPARED, ids=[f"{family} by {','.join(by)}" for family, by in COMPARED])
def test_demo_shop_is_the_same(both: Demo, family: str, by: tuple[str, ...]) -> None:
    ours, theirs = both.rows(by)
    found = differences(ours, theirs, by, family)
    assert not found, f"{len(found)} differences\n" + "\n".join(found[:40])
