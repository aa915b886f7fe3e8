"""增量的定律 however exports arrive, the facts are those of a build from zero over everything, to the row."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tries
from hypothesis import strategies as st

from jinpai import increment
from jinpai.flow import build, opened
from jinpai.importing import import_files
from jinpai.layers import TOUCHED, sums
from jinpai.workspace import Workspace
from tests.mutants import kills
from tests.oracles.conversations import Row
from tests.oracles.program import write_files

from .reckoning import KEPT, contents, same
from .shop import Drawn, shops, until

STEPS = st.lists(
    st.tuples(st.floats(0, 1), st.floats(0, 0.5), st.sampled_from(["", "", "", "gap", "rule"])), min_size=2, max_size=4
)
CHANGES: dict[str, dict[str, object]] = {
    "": {}, "gap": {"conversation_gap": "10m"}, "rule": {"rule": "payment", "assist_counts": True},
}  # fmt: skip


def facts(workspace: Workspace) -> dict[str, list[str]]:
    with opened(workspace, "main") as engine:
        engine._connection.execute("set threads = 1")
        engine.make("days", sums(["daily"]))
        return contents(engine, [*KEPT, "days"], without=frozenset())


def export(shop: Drawn, since: int, end: int) -> dict[str, list[Row]]:
    """What an export of these days holds: their messages, and the orders as they stood at their end."""
    rows = until(shop.rows, end)
    rows["messages"] = [row for row in rows["messages"] if since <= row["sent_at"]]
    return rows


@pytest.mark.slow
@kills("jinpai/increment.py", 'found += ["select distinct buyer_key from new_message", _SAME_NUMBER]', "pass")
@kills("jinpai/increment.py", 'found.append(f"select distinct buyer_key from {changed}")', "pass")
@kills(
    "jinpai/increment.py", "stage = 'undecided' and main_ends_at > $low", "stage = 'undecided' and main_ends_at > $high"
)
@kills("jinpai/increment.py", 'signed.append("-added")', "pass")
@kills("jinpai/increment.py", '({ended}) "', '({ended}) and false "')
@kills("jinpai/layers.py", "max(layer) as layer", "min(layer) as layer")
@kills("jinpai/engine.py", "t.layer > {number})", "t.layer > {number} + 1)")
@tries(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(shop=shops(masked=True), steps=STEPS)
def test_however_exports_arrive_the_facts_are_those_of_one_build(
    shop: Drawn, steps: list[tuple[float, float, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(increment, "TOO_MANY", 1.0)
    shutil.rmtree(tmp_path)
    workspace = Workspace.create(tmp_path / "workspace")
    happened = sorted(row["sent_at"] for row in shop.rows["messages"])
    ends = [happened[int(place * (len(happened) - 1))] for place, _, _ in steps]
    for number, (end, (place, back, change)) in enumerate(zip(ends, steps, strict=True)):
        since = happened[int(max(0.0, place - back) * (len(happened) - 1))]
        (tmp_path / f"{number}").mkdir()
        import_files(workspace, write_files(export(shop, since, end), tmp_path / f"{number}"))
        if change:
            workspace.write_settings(None, CHANGES[change])
        build(workspace)
    grown = facts(workspace)
    shutil.rmtree(workspace.root / "facts")
    build(workspace)
    same(grown, facts(workspace))


def test_a_later_day_is_a_layer_and_a_list_of_people_is_not(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "店铺 数据")

    def imported(name: str, *lines: str) -> int:
        (tmp_path / name).write_text("\n".join(lines), encoding="utf-8")
        import_files(workspace, [tmp_path / name])
        build(workspace)
        found = workspace.facts()
        assert found is not None
        assert len(found.files("message", "main")) == len(found.files(TOUCHED, "main")) + 1
        return len(found.files(TOUCHED, "main"))

    head = "buyer,agent,sender,sent_at,text"
    assert imported("一.csv", head, *(f"买家{n},小美,buyer,2025-11-10 10:0{n}:00,在吗" for n in range(9))) == 0
    assert imported("二.csv", head, *(f"买家{n},小美,agent,2025-11-11 10:0{n}:00,在的" for n in range(2))) == 1
    assert imported("三.csv", head, "买家1,小美,buyer,2025-11-12 10:00:00,好") == 2
    with opened(workspace, "main") as engine:
        assert engine.rows("select count(*) as n, count(distinct buyer_key) as buyers from message") == [
            {"n": 12, "buyers": 9}
        ]
    assert imported("客服.csv", "agent,name,team", "小美,小美,aftersales") == 0
