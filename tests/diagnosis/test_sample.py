"""样本的测试 the sample is the enquiries of the report, and nothing in it comes from after the order."""

from __future__ import annotations

from pathlib import Path

import pyarrow.compute as pc

from jinpai.diagnosis.sample import sample
from jinpai.flow import opened
from jinpai.period import FIRST_DAY, LAST_DAY, Days, Window
from jinpai.report import report
from jinpai.workspace import Workspace
from tests.mutants import kills

EVER = Days(FIRST_DAY, LAST_DAY)


@kills("jinpai/diagnosis/matured.py", "where e.stage = 'before_order' and", "where")
@kills("jinpai/diagnosis/matured.py", "and {end} <= $horizon and (not e.recent", "and (not e.recent")
def test_the_sample_counts_what_the_report_counts(demo_shop: Path) -> None:
    workspace = Workspace.open(demo_shop)
    for window in ("next_day", "7d"):
        with opened(workspace, "hexiaoman") as engine:
            rows = sample(engine, EVER, Window.parse(window))
        told = {
            row["agent"]: row["of"][f"conversion_{window}"][:2]
            for row in report(workspace, "hexiaoman", by=("agent",), metrics=["conversion"], window=window)["rows"]
        }
        own = rows.group_by("agent").aggregate([("converted", "sum"), ("converted", "count")]).to_pylist()
        assert {one["agent"]: [one["converted_sum"], one["converted_count"]] for one in own if one["agent"]} == {
            name: of for name, of in told.items() if of[1]
        }


@kills(
    "jinpai/diagnosis/sample.py",
    "where not r.gave_away and r.round_seq <= t.until_seq",
    "where not r.gave_away",
)
def test_waits_after_the_order_are_not_there(demo_shop: Path) -> None:
    """The longest wait of a buyer who ordered is one that began before."""
    with opened(Workspace.open(demo_shop), "hexiaoman") as engine:
        rows = sample(engine, EVER, Window.parse("next_day"))
        later = engine.rows("""
            select e.enquiry_key, max(coalesce(r.shop_business_ms, r.shop_ms)) as waited
            from enquiry as e
            inner join enquiry_link as l on l.enquiry_key = e.enquiry_key
            inner join conversation as c on c.buyer_key = l.buyer_key and c.day = l.day and c.stage in ('presales', 'undecided')
            inner join round as r on r.buyer_key = c.buyer_key and r.conversation_seq = c.conversation_seq
            where not r.gave_away and not r.shop_first and r.started_at < least(e.ordered_at, e.paid_at, e.next_ends_at)
            group by e.enquiry_key""")
    waited = {row["enquiry_key"]: row["waited"] for row in later}
    own = dict(zip(rows["enquiry_key"].to_pylist(), rows["longest_ms"].to_pylist(), strict=True))
    assert {key: value for key, value in own.items() if value is not None} == {
        key: value for key, value in waited.items() if value is not None and key in own
    }


def test_money_and_loads_are_what_they_can_be(demo_shop: Path) -> None:
    with opened(Workspace.open(demo_shop), "hexiaoman") as engine:
        rows = sample(engine, EVER, Window.parse("next_day"))
    paid, lost = rows.filter(rows["converted"]), rows.filter(pc.invert(rows["converted"]))
    assert pc.min(paid["amount"]).as_py() > 0
    assert pc.max(lost["amount"]).as_py() == 0
    assert pc.min(rows["load"]).as_py() == 0
    assert rows["t0"].to_pylist() == sorted(rows["t0"].to_pylist())
    assert "level" not in rows.schema.names, "the demo shop imports no buyers"
    assert not [name for name in rows.schema.names if name.startswith(("handling_", "did_"))], "nor inspects its chats"
