"""买家情绪的测试 the points of discontent are those of the buyer's own words, each signal once a message."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jinpai.criteria.mood import mood_points
from jinpai.errors import JinpaiError
from tests.laws.reckoning import counted, file, settings
from tests.mutants import kills

START = 1_762_740_000_000


def said(buyer: str, *lines: tuple[str, str]) -> list[dict[str, Any]]:
    return [
        {"shop": "main", "buyer": buyer, "agent": "小美", "sender": sender, "sent_at": START + at * 4_000, "kind": "text", "text": text}
        for at, (sender, text) in enumerate(lines)
    ]  # fmt: skip


@kills("jinpai/tables/mood.sql", "where t.side = 'buyer'", "where true")
@kills("jinpai/tables/mood.sql", "order by points desc,", "order by points,")
def test_an_unhappy_buyer_has_more_points_than_a_happy_one_and_the_words_say_why() -> None:
    rows = [
        *said("气", ("buyer", "凭什么取消我的订单"), ("agent", "你是傻逼吗"), ("buyer", "谢谢")),
        *said("乐", ("buyer", "有货吗"), ("agent", "有的亲"), ("buyer", "太好了，谢谢，谢谢")),
        *said("平", ("buyer", "黑色有货吗"), ("agent", "有的亲")),
    ]
    with counted([file({"messages": rows})], settings(inspection=True), wanted=["mood", "original"]) as (engine, _):
        texts = {(row["buyer_key"], row["seq"]): row for row in engine.rows("select * from original")}
        told = {}
        for row in engine.rows("select * from mood"):
            line = texts[row["buyer_key"], row["seq"]]
            told[line["buyer"]] = row["points"], line["text"][row["begins"] : row["ends"]]
    points = mood_points(Path())
    # the order that was cancelled counts by its topics; 谢谢 twice in one message counts once
    heard = ("doubts", "order_cancel", "order_status", "content")
    assert told["气"] == (sum(points[one] for one in heard), "凭什么")
    assert told["乐"] == (points["content"], "太好了")
    assert "平" not in told


def test_a_signal_named_by_itself_goes_before_its_kind() -> None:
    points = mood_points(Path())
    assert points["worry_fake"] == 1  # an objection
    assert points["service_objection"] == 3  # of the kind service
    assert points["walks_away"] == 1


def test_a_shop_changes_single_points(tmp_path: Path) -> None:
    (tmp_path / "mood.toml").write_text("[points]\nurges = 4\ncontent = 0\n", encoding="utf-8")
    assert mood_points(tmp_path) == {**{k: v for k, v in mood_points(Path()).items() if k != "content"}, "urges": 4}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[points]\nurgse = 1\n", "词库里没有信号 urgse。是不是要写 urges？"),
        ("[points]\nurges = 11\n", "urges = 11 不行：要写 -10 到 10 的整数。"),
        ("[points]\nurges = true\n", "urges = True 不行"),
        ("points = 3\n", "points 不行：这里只有 [points] 一段。"),
    ],
)
def test_a_mistake_in_the_shops_file_is_a_sentence(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "mood.toml").write_text(text, encoding="utf-8")
    with pytest.raises(JinpaiError) as told:
        mood_points(tmp_path)
    assert says in told.value.words.zh
    assert "mood.toml" in told.value.words.zh
