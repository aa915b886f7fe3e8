"""关注点的定律 what a message asks about stands with the right product and turn, and adds up to the shop's conversion."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from jinpai.flow import build, opened
from jinpai.importing import import_files
from jinpai.report import report
from jinpai.sourcing import stale
from jinpai.tables import _distinct, topic
from jinpai.text.concerns import shop_reader
from jinpai.topics.ranking import topics
from jinpai.workspace import Workspace
from tests.mutants import kills

TALK = """buyer,agent,sender,sent_at,kind,text,product_id
小云,小美,buyer,2025-11-10 10:00:00,text,包邮吗,
小云,小美,agent,2025-11-10 10:00:05,text,包邮的,
小云,,buyer,2025-11-10 10:00:09,product_card,,P1
小云,小美,buyer,2025-11-10 10:00:19,text,什么时候发货,
小云,小美,agent,2025-11-10 10:00:25,text,什么时候发货看详情，今天发 尺寸多大,
小云,小美,buyer,2025-11-10 10:00:40,text,多大尺寸,P2
小云,小美,buyer,2025-11-10 10:01:40,text,好的谢谢,
小雨,小美,buyer,2025-11-10 11:00:00,text,包邮吗,
小雨,小美,agent,2025-11-10 11:00:10,text,包邮,
小雨,小美,buyer,2025-11-10 12:50:00,text,什么时候发货,
小风,小美,buyer,2025-11-10 12:00:00,text,多大尺寸,
小风,小美,agent,2025-11-10 12:00:10,text,一米八,
小月,小美,buyer,2025-11-15 12:00:00,text,包邮吗,
"""
ORDERS = """order_id,buyer,created_at,paid_at,status,payable_amount,paid_amount
1,小雨,2025-11-10 12:30:00,2025-11-10 12:31:00,交易成功,10.00,10.00
2,小风,2025-11-15 12:30:00,,等待付款,10.00,
"""


def workspace(folder: Path) -> Workspace:
    """A shop of four buyers, built."""
    made = Workspace.create(folder / "店铺 数据")
    made.write_settings(None, {"inspection": True, "conversation_gap": "2h"})
    for name, text in (("messages", TALK), ("orders", ORDERS)):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    import_files(made, [folder / "messages.csv", folder / "orders.csv"])
    build(made)
    return made


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return workspace(tmp_path_factory.mktemp("关注点"))


@kills("jinpai/tables/topic.py", "named = np.where(before == NONE, history.after(is_named), before)", "named = before")
@kills("jinpai/tables/topic.py", "asked = np.flatnonzero(is_buyer & is_known", "asked = np.flatnonzero(is_known")
def test_a_question_stands_with_its_product_and_turn(shop: Workspace) -> None:
    with opened(shop, "main") as engine:
        buyer = engine.rows("select buyer_key from original where buyer = '小云'")[0]["buyer_key"]
        found = engine.rows(
            "select turn, kind, topic, product from topic where buyer_key = $buyer order by seq, topic",
            {"buyer": buyer},
        )
    assert [tuple(one.values()) for one in found] == [
        (1, "topic", "freight", "P1"),
        (2, "topic", "shipping_time", "P1"),
        (3, "topic", "size", "P2"),
        (3, "courtesy", "courtesy", "P2"),
    ]


@kills("jinpai/topics/ranking.py", "t.sent_at < q.acted_at", "true")
def test_with_and_without_a_topic_are_all_enquiries_of_the_report(shop: Workspace) -> None:
    ranked = topics(shop)
    shown = report(shop, metrics=["conversion"])["rows"][0]["of"]["conversion_next_day"]
    assert shown[:2] == [1, 3], "of the fourth the window is not over"
    for row in ranked["rows"]:
        for part in (0, 1):
            assert row["of"]["conversion_with"][part] + row["of"]["conversion_without"][part] == shown[part]
    of = {row["topic"]: row["of"]["conversion_with"][:2] for row in ranked["rows"]}
    # the second buyer asked when it is sent after ordering
    assert (of["freight"], of["shipping_time"], of["size"]) == ([1, 2], [0, 1], [0, 2])


@kills(
    "jinpai/topics/ranking.py",
    "count(distinct (buyer_key, conversation_seq)) as conversations",
    "count(*) as conversations",
)
def test_a_conversation_counts_once_and_shares_are_of_those_about_the_product(shop: Workspace) -> None:
    by_shop = {row["topic"]: row["of"]["share"][:2] for row in topics(shop)["rows"]}
    assert by_shop == {"freight": [3, 4], "shipping_time": [2, 4], "size": [2, 4]}
    by_product = {(row["product"], row["topic"]): row["of"]["share"][:2] for row in topics(shop, by="product")["rows"]}
    assert by_product["P1", "freight"] == [1, 1]
    assert by_product["P2", "size"] == [1, 1]
    assert by_product["unknown", "freight"] == [2, 3]


@kills("jinpai/topics/ranking.py", "and l.chars > 0", "")
def test_turns_are_told_or_courtesy_or_neither(shop: Workspace) -> None:
    turns = topics(shop)["meta"]["turns"]
    assert (turns["turns"], turns["told"], turns["courtesy"], turns["untold"]) == (7, 7, 0, 0)


@kills("jinpai/sourcing.py", "criteria_mark, concerns_mark)", "criteria_mark)")
def test_another_model_makes_the_facts_anew(tmp_path: Path) -> None:
    made = workspace(tmp_path)
    assert stale(made) == []
    own = made.config / "main" / "topics"
    own.mkdir()
    (own / "taught.npz").write_bytes(b"another")
    assert stale(made) == ["main"]


@pytest.mark.parametrize("remembered", [_distinct.REMEMBERED, 2])
def test_what_is_remembered_of_earlier_texts_changes_nothing(remembered: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_distinct, "REMEMBERED", remembered)
    reader = shop_reader(Path("nowhere"))
    reading = topic.Reading(reader)
    for piece in (["包邮吗", "在吗"], ["在吗", "多少钱", "包邮吗，什么时候发货"], [], ["包邮吗", "在吗"]):
        row, name, confidence = reading.read(pa.chunked_array([pa.array(piece, pa.string())]))
        plain = reader.read(pa.array(piece, pa.string()))
        assert list(zip(row, name, confidence, strict=True)) == list(
            zip(plain.text, plain.name, plain.confidence, strict=True)
        )
