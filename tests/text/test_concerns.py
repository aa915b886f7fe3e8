"""关注点的测试 what a buyer's text asks about: by the lexicon, by the model, by a shop's own words, the same in any company."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from jinpai.errors import JinpaiError
from jinpai.text.classify import known_runs, read_model, runs
from jinpai.text.concerns import SHIPPED, Reader, found_groups, shipped_model, shop_reader
from jinpai.topics.phrases import examples, titles, variants
from jinpai.topics.shipped import FOLDER, origin
from tests.mutants import kills

# Written for this test, by nobody who looked into the phrases on which the models were trained.
ASKS = {
    "一米八的床铺这个够不够大": "size", "给个能穿42码脚的": "size", "邮费要我出吗": "freight", "啥时候能把货发出来": "shipping_time",
    "包裹卡在半路好几天了": "logistics", "开个专票给公司报销": "invoice", "洗完会不会褪色呀": "quality", "能不能再便宜几块": "discount",
    "这料子是棉的还是化纤": "material", "杯子到手就裂了一条缝": "damaged", "少给我装了一包": "wrong_item", "保修几年": "warranty",
    "钱啥时候退回到我卡里": "refund", "不合适想退掉怎么弄": "return", "收件人电话填错了帮忙改下": "order_change", "有没有小礼物送": "gift",
    "花呗能分几期": "instalment", "怎么连不上蓝牙": "usage", "家里没人放门卫行吗": "receiving", "你们家店在哪条街": "store_info",
}  # fmt: skip
OBJECTS = {
    "别人家比你便宜十块": "compare_other_shop", "我回去跟老婆商量下": "price_excuse", "万一买回来不合身咋整": "fear_of_risk",
    "这个月工资还没发呢": "cannot_afford", "详情页里没写多重": "too_little_information", "你到底懂不懂啊答非所问": "agent_caused",
    "跟页面描述的完全不一样": "wrong_information", "家里那个还能用先不换": "habit",
}  # fmt: skip


@pytest.fixture(scope="module")
def reader() -> Reader:
    return shop_reader(Path("nowhere"))


def told(reader: Reader, texts: list[str]) -> list[set[str]]:
    found = reader.read(pa.array(texts, pa.string()))
    said: list[set[str]] = [set() for _ in texts]
    for text, name in zip(found.text.tolist(), found.name.tolist(), strict=True):
        said[text].add(reader.names[name])
    return said


def test_most_questions_have_their_topic(reader: Reader) -> None:
    found = told(reader, list(ASKS))
    wrong = {
        text: names for (text, topic), names in zip(ASKS.items(), found, strict=True) if f"topic/{topic}" not in names
    }
    assert len(wrong) <= 3, wrong


@kills("jinpai/text/concerns.py", "stands[rows[is_believed], best[is_believed]] = True", "pass")
def test_where_the_lexicon_is_silent_the_model_speaks(reader: Reader) -> None:
    asks = {"新房刚装修能放吗": "topic/suitability", "穿久了会大吗": "topic/size"}
    texts = pa.array(list(asks))
    assert not len(found_groups(reader.lexicon, texts)[0])
    assert told(reader, list(asks)) == [{topic} for topic in asks.values()]


def test_most_objections_have_their_kind(reader: Reader) -> None:
    found = told(reader, list(OBJECTS))
    wrong = {
        one: names
        for (one, kind), names in zip(OBJECTS.items(), found, strict=True)
        if f"objection/{kind}" not in names
    }
    assert len(wrong) <= 1, wrong


def test_courtesy_asks_nothing_and_two_questions_are_two(reader: Reader) -> None:
    found = told(reader, ["好的谢谢", "在吗", "", "包邮吗，什么时候发货"])
    assert found[0] == found[1] == {"courtesy/courtesy"}
    assert found[2] == set()
    assert {"topic/freight", "topic/shipping_time"} <= found[3]


@kills(
    "jinpai/text/classify.py",
    "found[row[starts]] += np.add.reduceat(products, starts)",
    "found[row[starts]] = np.add.reduceat(products, starts)",
)
def test_the_company_in_which_a_text_is_read_changes_nothing(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [*ASKS, *OBJECTS, "好的", "", "ＰＬＵＳ會員有優惠嗎"]
    together = told(reader, texts)
    assert together == [told(reader, [text])[0] for text in texts]
    assert together[::-1] == told(reader, texts[::-1])
    whole = reader.topics_of(pa.array(texts))
    monkeypatch.setattr("jinpai.text.classify._AT_ONCE", 7)
    assert np.array_equal(whole, reader.topics_of(pa.array(texts)))


@kills("jinpai/text/classify.py", "stays = ~(is_break[:-1] & is_break[1:])", "stays = ~(is_break[:-1] | is_break[1:])")
@kills("jinpai/text/classify.py", "codes = np.where((codes >= _ZERO) & (codes <= _NINE), np.uint64(_ZERO), codes)", "")
def test_runs_are_those_of_one_line_with_its_ends(reader: Reader) -> None:
    row, key = runs(pa.array(["12", "", "甲", "甲"]))
    assert np.bincount(row, minlength=4).tolist() == [7, 0, 4, 4]
    assert set(key[row == 2]) == set(key[row == 3])
    assert len(set(key[row == 0])) == 6, "both digits are one"
    assert known_runs(pa.array(["甲"]), np.zeros(0, np.uint64), np.zeros(0, np.int64)).rows == 1


def test_a_shops_own_words_are_a_topic_of_their_own(tmp_path: Path) -> None:
    own = tmp_path / "lexicons"
    own.mkdir()
    (own / "own.toml").write_text(
        '[engraving]\nzh = "刻章"\nrole = "buyer"\nkind = "topic"\nphrases = ["刻个章"]\n', encoding="utf-8"
    )
    assert "topic/engraving" in told(shop_reader(tmp_path), ["能刻个章吗"])[0]


def test_a_model_is_read_back_as_it_was_and_a_damaged_one_is_said_in_a_sentence(tmp_path: Path) -> None:
    model = shipped_model("topic")
    assert read_model(model.dump(), "x").dump() == model.dump()
    for content in (b"", b"PK\x03\x04", model.dump()[:-20]):
        with pytest.raises(JinpaiError) as said:
            read_model(content, tmp_path / "taught.npz")
        assert "taught.npz" in said.value.words.zh


def test_patterns_stand_for_sentences_evenly_and_always_the_same() -> None:
    assert variants("(甲|乙)买(了)?吗") == ("甲买了吗", "乙买了吗", "甲买吗", "乙买吗")
    many = variants("(一|二|三)(一|二|三)(一|二|三)(一|二|三)", 9)
    assert len(many) == 9
    assert all({one[place] for one in many} == {"一", "二", "三"} for place in range(4))


def test_every_topic_has_a_name_and_enough_patterns_and_the_models_know_them_all() -> None:
    for kind in ("topic", "objection"):
        model = shipped_model(kind)
        assert set(model.classes) == {*titles()[kind], "none"}
        patterns = {(one.topic, one.pattern) for one in examples(kind)}
        assert min(sum(topic == name for topic, _ in patterns) for name in titles()[kind]) >= 6
    assert {file.name for file in FOLDER.iterdir()} == set(SHIPPED.values())


def test_the_models_were_trained_on_the_phrases_as_they_are() -> None:
    for kind in ("topic", "objection"):
        assert shipped_model(kind).origin == origin(kind), "the phrases changed: run python -m jinpai.topics.shipped"
