"""最可惜的买家的测试 every reason's dearest first, with the words that stand in its place, no more than asked."""

from __future__ import annotations

from pathlib import Path

from jinpai.diagnosis.dearest import dearest
from jinpai.diagnosis.ledger import ledger
from jinpai.diagnosis.reasons import judge
from jinpai.diagnosis.sample import sample
from jinpai.flow import opened
from jinpai.period import FIRST_DAY, LAST_DAY, Days, Window
from jinpai.workspace import Workspace
from tests.mutants import kills


@kills("jinpai/diagnosis/dearest.py", '("at_stake", "descending")', '("at_stake", "ascending")')
@kills("jinpai/diagnosis/dearest.py", "and o.seq = d.seq", "and o.seq = d.seq + 1")
def test_the_dearest_of_each_reason_stand_first_with_their_words(demo_shop: Path) -> None:
    workspace = Workspace.open(demo_shop)
    window = Window.parse("next_day")
    with opened(workspace, "hexiaoman") as engine:
        rows = sample(engine, Days(FIRST_DAY, LAST_DAY), window)
        told = judge(engine, workspace.settings("hexiaoman"), window)
        account = ledger(rows, engine.arrow(f"select * from {told.table}"), told.looked_at)
        found = dearest(engine, account, most=20)
        sent = {row["conversation_key"]: row["said"] for row in engine.rows(
            "select c.conversation_key, list(o.text) as said from conversation as c inner join original as o "
            "on o.buyer_key = c.buyer_key and o.seq >= c.conversation_seq and o.seq <= c.last_seq group by c.conversation_key")}  # fmt: skip
    by = {line.reason: line for line in account.lines}
    for reason, lost in found.items():
        assert len(lost) == min(20, by[reason].lost)
        assert [one.at_stake for one in lost] == sorted((one.at_stake for one in lost), reverse=True)
        worth = sorted((row["at_stake"] for row in account.rows.to_pylist() if row["reason"] == reason), reverse=True)
        assert [one.at_stake for one in lost] == worth[:20]
        for one in lost:
            assert one.conversation_key is not None
            assert any(
                (text or "").replace("\n", " ").startswith(one.words.rstrip("…")[:20])
                for text in sent[one.conversation_key]
            )
    # a message without words, such as a picture, leaves none
    assert sum(bool(one.words) for lost in found.values() for one in lost) > 0.8 * sum(map(len, found.values()))
