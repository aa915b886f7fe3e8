"""对照 the metrics of inspection against plain loops over the findings, on every grain; and unknown where nothing is inspected."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jinpai.criteria import criteria, scorecards
from jinpai.flow import build, opened
from jinpai.importing import import_files
from jinpai.metrics import catalogue
from jinpai.report import report
from jinpai.workspace import Workspace
from tests.criteria.dialogues import rows as dialogue_rows
from tests.criteria.test_scorecards import CARDS, written
from tests.mutants import kills

from .clock import Clock
from .conversations import conversations
from .enquiries import Ruler
from .inspections import figures, scored
from .orders import Data, horizon
from .program import built, canonical, write_files
from .scenario import scenario

HOUR = 3_600_000
NAMES = [name for name, one in catalogue().items() if one.family == "inspection"]
BY = [("shop",), ("agent",), ("day",), ("hour",), ("product",), ("agent", "day"), ("product", "day")]


def played() -> Data:
    """The dialogues of the criteria, spread over a month, some about products, some after a purchase."""
    rows: list[dict[str, Any]] = []
    orders, buyers = [], {}
    for row in dialogue_rows()["messages"]:
        number = buyers.setdefault(row["buyer"], len(buyers))
        product = f"P{number % 4}" if number % 4 and not any(one["buyer"] == row["buyer"] for one in rows) else None
        rows.append(row | {"sent_at": row["sent_at"] + 19 * HOUR * (number % 40), "product_id": product})
        if number % 5 == 0 and not any(one["buyer"] == row["buyer"] for one in orders):
            at = rows[-1]["sent_at"] - 30 * HOUR
            orders.append(
                {"order_id": f"N{number}", "buyer": row["buyer"], "created_at": at, "paid_at": at, "paid_amount": 100}
            )
    # of whom nothing is said but a hint
    last = max(row["sent_at"] for row in rows)
    both = {"shop": "main", "buyer": "两位客服", "kind": "text", "product_id": None}
    rows += [
        both | {"agent": agent, "sender": sender, "sent_at": last + 4000 * place, "text": text}
        for place, (sender, agent, text) in enumerate(
            (("buyer", "小美", "在吗"), ("agent", "小美", "亲，在的"), ("agent", "小丙", "加我微信聊"))
        )
    ]
    products = [
        {"product_id": f"P{number}", "title": f"P{number}", "category": "沙发" if number == 1 else None}
        for number in range(1, 4)
    ]
    agents = [
        {"agent": "小乙", "name": "小乙", "team": "aftersales"},
        {"agent": "小美", "name": "小美", "team": "both"},
    ]
    return {"messages": rows, "orders": orders, "products": products, "agents": agents}  # fmt: skip


@pytest.fixture(scope="module")
def inspected(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A shop of those dialogues with several scorecards, built."""
    folder = tmp_path_factory.mktemp("inspected")
    workspace = Workspace.create(folder / "店")
    workspace.write_settings(None, {"inspection": True})
    written(workspace.settings().folder, CARDS)
    import_files(workspace, write_files(played(), folder))
    build(workspace)
    return workspace


@pytest.fixture(scope="module")
def by_hand(inspected: Workspace) -> list[Any]:
    """Every score of the shop, by the oracle."""
    shop = inspected.shops()[0]
    settings, data = inspected.settings(shop), canonical(inspected, shop)
    with opened(inspected, shop) as engine:
        findings = engine.rows("select * from settled")
        data["products"] = engine.rows("select * from product")
    clock = Clock(settings)
    talks, _ = conversations(data["messages"], settings, clock)
    talks = [talk for talk in talks if talk.by_buyer() and talk.by_persons(settings)]
    return scored(talks, findings, data, Ruler(settings, clock, horizon(data)), criteria(), scorecards(settings.folder))


@kills(
    "jinpai/metrics/inspection.py",
    '_SCORED = Part(_SCORES, count_if("score is not null"))',
    '_SCORED = Part(_SCORES, "count(*)")',
)
@kills("jinpai/tables/score.sql", "case when f.counts then f.weight * f.result else 0 end", "f.weight * f.result")
@kills("jinpai/tables/conversation_card.sql", "'undecided', ", "")
@pytest.mark.parametrize("by", BY, ids=",".join)
def test_metrics_of_inspection_are_those_of_its_findings(
    inspected: Workspace, by_hand: list[Any], by: tuple[str, ...]
) -> None:
    shop = inspected.shops()[0]
    theirs = report(inspected, shop, by=by, metrics=NAMES)["rows"]
    grain = tuple(name for name in by if name != "shop")
    ours = figures(by_hand, criteria(), grain)
    assert ours
    told = {
        tuple(int(row[name].replace("-", "")) if name == "day" else row[name] for name in grain): row for row in theirs
    }
    assert ours.keys() <= told.keys()
    for key, row in told.items():
        wanted = ours.get(key)
        for name in NAMES:
            if wanted is None:
                assert not row[name], (key, name)
            elif isinstance(wanted[name], tuple):
                value, bottom, low = wanted[name]
                assert row[name] == pytest.approx(value, abs=1e-6), (key, name)
                assert row["of"][name][1] == bottom, (key, name)
                assert row["of"][name][2] == pytest.approx(low, abs=1e-6), (key, name)
            else:
                assert row[name] == wanted[name], (key, name)


def test_several_scorecards_were_used(inspected: Workspace, by_hand: list[Any]) -> None:
    with opened(inspected, inspected.shops()[0]) as engine:
        used = {row["scorecard"] for row in engine.rows("select distinct scorecard from score")}
    assert used == {name.partition("@")[0] for name in CARDS}
    assert any(one.score is None for one in by_hand)


@pytest.mark.parametrize("name", ["judged", "timed", "around"])
def test_an_occasion_of_a_check_has_one_row(inspected: Workspace, name: str) -> None:
    """`finding` takes the first of the worst occasions, and one occasion told twice would leave it to chance which."""
    occasion = "criterion, number, buyer_key, conversation_seq, occasion"
    with opened(inspected, inspected.shops()[0]) as engine:
        assert engine.rows(f"select 1 from {name} limit 1")
        twice = engine.rows(
            f"select {occasion} from (select distinct * from {name}) group by {occasion} having count(*) > 1"
        )
    assert not twice


@kills("jinpai/daily.py", "return settings.inspection or not", "return True or not")
@kills("jinpai/counting.py", "found.unknown |= not_kept", "pass")
def test_without_inspection_its_metrics_are_unknown(tmp_path: Path) -> None:
    workspace = built(
        scenario("2025-11-10\n10:00:00 云: 你好\n10:00:05 小美 > 云: 在的\n10:20:00 云 order A 1.00"), {}, tmp_path
    )
    for by in (("shop",), ("agent",)):
        row = report(workspace, by=by, metrics=[*NAMES, "conversations"])["rows"][0]
        assert row["conversations"] == 1
        assert {row[name] for name in NAMES} == {None}
        assert not row["of"].keys() & set(NAMES)
