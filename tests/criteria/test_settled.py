"""复核的定律 what people say of a finding is what counts, and it holds for the finding that they looked at."""

from __future__ import annotations

import random
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from jinpai.criteria import criteria, criterion_digests, scorecards
from jinpai.criteria.dialogues import canonical
from jinpai.decisions import COLUMNS, decided, schema, write_decisions
from jinpai.flow import build, opened
from jinpai.importing import import_files
from jinpai.layers import sums
from jinpai.sourcing import stale
from jinpai.workspace import Workspace
from tests.cli import small
from tests.laws.reckoning import contents, counted, file, same
from tests.mutants import kills

from .dialogues import FACTS, chosen, dialogues

Row = dict[str, Any]
WANTED = ("finding", "settled", "score", "verdict")
FINDINGS = """
select f.*, m.message_key from finding as f left join message as m on m.buyer_key = f.buyer_key and m.seq = f.seq
"""


def rows(
    verdicts: list[Row] | None = None, suspended: list[Row] | None = None, folder: Path = Path()
) -> dict[str, list[Row]]:
    """The tables of a shop that consists of all dialogues of all cases, after these decisions; `folder` has its scorecards."""
    given = {
        "decided": pa.Table.from_pylist(verdicts or [], schema("verdict")),
        "suspended": pa.Table.from_pylist(suspended or [], schema("suspension")),
    }
    with counted(
        [file(canonical(dialogues()))], replace(chosen(), folder=folder), wanted=[*WANTED, "message"], decided=given
    ) as (engine, _):
        return {name: engine.rows(f"select * from {name}") for name in WANTED} | {"judged": engine.rows(FINDINGS)}


def judged(finding: Mapping[str, Any], outcome: str) -> Row:
    """A verdict on a finding."""
    right = (0 if finding["result"] >= 600 else 1000) if outcome == "overturn" else None
    return {name: finding.get(name) for name in COLUMNS["verdict"]} | {"outcome": outcome, "right_result": right}


def told(verdict: Row | None, finding: Row, suspended: set[str]) -> tuple[int, bool, bool] | None:
    """What a finding is worth after a verdict on it, whether it counts, whether a person said so; None: it is gone.
    As the contract says it."""
    one = criteria()[finding["criterion"]]
    said = verdict["outcome"] if verdict else None
    if said == "na" or (said == "overturn" and one.hint):
        return None
    result = verdict["right_result"] if verdict is not None and said == "overturn" else finding["result"]
    weighs = finding["weight"] > 0
    return (
        result,
        weighs and (said == "agree" if one.hint else one.counts and one.name not in suspended),
        said is not None,
    )


@kills(
    "jinpai/tables/settled.sql",
    "case when p.outcome = 'overturn' then p.right_result else f.result end as result",
    "f.result",
)
@kills("jinpai/tables/settled.sql", "and v.result = f.result", "")
@kills("jinpai/tables/settled.sql", "where coalesce(v.message_key, -1) = coalesce(m.message_key, -1)", "")
@kills("jinpai/tables/settled.sql", "coalesce(p.outcome, '') = 'agree' and f.weight > 0", "f.is_hint and f.weight > 0")
@kills("jinpai/tables/settled.sql", "coalesce(p.outcome, '') = 'agree' and f.weight > 0", "false")
@kills("jinpai/tables/settled.sql", "and s.criterion is null", "")
@kills("jinpai/tables/settled.sql", "p.outcome is not null as is_confirmed", "false as is_confirmed")
@kills(
    "jinpai/tables/score.sql", "f.is_critical and f.is_confirmed and f.result < 1000", "f.is_critical and f.result = 7"
)
def test_the_score_is_what_people_left_of_the_findings(tmp_path: Path) -> None:
    # hints ship without weight: this shop gives them some, so that one that nobody confirmed would be missed
    shutil.copytree(FACTS, tmp_path, dirs_exist_ok=True)
    (tmp_path / "scorecards").mkdir(exist_ok=True)
    (tmp_path / "scorecards" / "default.toml").write_text(
        'zh = "提醒也有权重"\n[weights]\nH4 = 5\nH5 = 3\n', encoding="utf-8"
    )
    found = rows(folder=tmp_path)["judged"]
    dice = random.Random(6)
    given: dict[tuple[int, str], Row] = {}
    stale_ones = set()
    for one in found:
        draws = ("", "", "agree", "overturn", "na", "other result", "other words")
        draw = dice.choice(("agree", *draws) if criteria()[one["criterion"]].critical else draws)
        if draw:
            key = one["conversation_key"], one["criterion"]
            given[key] = judged(one, "overturn" if draw.startswith("other") else draw)
            if draw == "other result":
                given[key]["result"] = 999 - one["result"]
            elif draw == "other words":
                given[key]["message_key"] = 1 + (one["message_key"] or 0)
            if draw.startswith("other"):
                stale_ones.add(key)
    suspended = {"G1", "D3"}
    now = rows(list(given.values()), [{"criterion": name, "digest": "x"} for name in suspended], tmp_path)
    wanted: dict[tuple[int, str], Any] = {}
    for one in found:
        key = one["conversation_key"], one["criterion"]
        what = told(None if key in stale_ones else given.get(key), one, suspended)
        if what is not None:
            wanted[key] = (one["agent"], *what)
    assert wanted == {
        (one["conversation_key"], one["criterion"]): (one["agent"], one["result"], one["counts"], one["is_confirmed"]) for one in now["settled"]
    }  # fmt: skip
    card = next(one.card for one in scorecards(tmp_path) if one.card.zh == "提醒也有权重")
    weights = dict(card.weights)
    sums: dict[tuple[int, str], list[tuple[int, int, bool]]] = {}
    for (conversation, name), (agent, result, counts, confirmed) in wanted.items():
        fatal = name in card.critical and confirmed and result < 1000
        if counts or fatal:
            sums.setdefault((conversation, agent), []).append((weights[name] if counts else 0, result, fatal))
    assert {
        key: 0 if any(fatal for *_, fatal in many) else sum(w * r for w, r, _ in many) // max(sum(w for w, *_ in many), 1)
        for key, many in sums.items()
    } == {
        (one["conversation_key"], one["agent"]): one["score"]
        for one in now["score"] if one["scope"] == "agent" and one["score"] is not None
    }  # fmt: skip
    assert any(fatal for many in sums.values() for *_, fatal in many), "no red line was confirmed: nothing was shown"


# ---- in a workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace.create(tmp_path / "店铺 数据")
    made.write_settings(None, {"inspection": True})
    import_files(made, small.files(tmp_path / "files"))
    build(made)
    return made


def verdicts(workspace: Workspace, buyer: str, outcome: str) -> list[Row]:
    """A verdict on every finding of a buyer that is written as `buyer`."""
    with opened(workspace, "main") as engine:
        keys = {
            row["buyer_key"] for row in engine.rows(f"select distinct buyer_key from original where buyer = '{buyer}'")
        }
        return [judged(one, outcome) for one in engine.rows(FINDINGS) if one["buyer_key"] in keys]


def facts(workspace: Workspace) -> dict[str, list[str]]:
    with opened(workspace, "main") as engine:
        engine.make("days", sums(["daily"]))
        return contents(engine, ("finding", "settled", "score", "verdict", "message", "days"), without=frozenset())


@kills("jinpai/sourcing.py", 'decisions = mark(workspace.root, shop, "verdict")', 'decisions = ""')
@kills(
    "jinpai/increment.py",
    '"on v.conversation_key = f.conversation_key and v.criterion = f.criterion"',
    '"on f.result = 3"',
)
def test_a_verdict_makes_the_facts_stale_and_rebuilt_they_are_equal(workspace: Workspace) -> None:
    first = facts(workspace)
    for outcome in ("overturn", "na"):
        assert write_decisions(workspace.root, "main", "verdict", verdicts(workspace, "晴天里", outcome))
        assert stale(workspace) == ["main"]
        assert build(workspace) == ["main"]
        grown = facts(workspace)
        assert grown["settled"] != first["settled"]
        assert grown["finding"] == first["finding"]
        assert build(workspace) == []
        shutil.rmtree(workspace.root / "facts")
        build(workspace)
        same(grown, facts(workspace))
    write_decisions(workspace.root, "main", "verdict", [])
    build(workspace)
    assert facts(workspace) == first, "a verdict taken back leaves no trace in the facts"


@kills("jinpai/criteria/__init__.py", 'now.get(one["criterion"]) == one["digest"]', "True")
def test_a_suspension_holds_until_the_criterion_is_edited(workspace: Workspace) -> None:
    folder = workspace.settings().folder
    digests = criterion_digests(workspace.settings())

    def counted_ones() -> set[str]:
        build(workspace)
        with opened(workspace, "main") as engine:
            return {row["criterion"] for row in engine.rows("select distinct criterion from settled where counts")}

    every = counted_ones()
    assert {"G1", "D3"} <= every
    suspended = [{"criterion": name, "digest": digests[name]} for name in ("G1", "D3")]
    write_decisions(workspace.root, "main", "suspension", suspended)
    assert counted_ones() == every - {"G1", "D3"}
    (folder / "lexicons").mkdir()
    own = folder / "lexicons" / "own.toml"
    own.write_text('[greeting]\nphrases = ["您好呀您好"]\n', encoding="utf-8")
    assert counted_ones() == every - {"D3"}, "G1 listens to greetings, which are other ones now"


def test_what_is_damaged_is_said(workspace: Workspace) -> None:
    write_decisions(workspace.root, "main", "verdict", verdicts(workspace, "晴天里", "na"))
    file = workspace.root / "decisions" / "main" / "verdict.parquet"
    assert len(decided(workspace.root, "main")["decided"]) > 0
    assert not write_decisions(workspace.root, "main", "verdict", verdicts(workspace, "晴天里", "na")), (
        "equal is unchanged"
    )
    file.write_bytes(file.read_bytes()[:40])
    with pytest.raises(Exception, match="坏了"):
        build(workspace)
