"""教的测试 a shop's own labels: bad ones in sentences with their rows, the same labels the same model, a topic of its own."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from jinpai.errors import JinpaiError
from jinpai.text.classify import read_model
from jinpai.text.concerns import own_model, shipped_model, shop_reader
from jinpai.text.signals import read_lexicon
from jinpai.topics.labels import Label, read_labels, write_sheet
from jinpai.topics.teaching import forget, keep, taught_from
from jinpai.topics.training import fold_of, macro_f1
from tests.mutants import kills

NAMES = {"size": "尺寸尺码", "freight": "运费包邮"}
OWN = [
    "章子刻多深",
    "刻章要几天",
    "这章子能刻图案吗",
    "篆体的章刻不刻",
    "刻个名章",
    "章料能自己带吗",
    "刻章用什么石头",
    "章刻坏了重刻吗",
]
SIZES = ["这个多大", "一米五的桌子放得下吗", "给个尺寸", "L码多长", "偏大还是偏小", "要多大码", "多宽", "高多少"]


def labels() -> list[Label]:
    return [Label(text, topic, "") for topic, texts in (("刻章", OWN), ("size", SIZES)) for text in texts]


@kills(
    "jinpai/topics/labels.py", "label = Label(text, by_zh.get(said, said), place)", "label = Label(text, said, place)"
)
def test_labels_are_read_from_both_kinds_of_sheet_once(tmp_path: Path) -> None:
    plain = tmp_path / "标注.csv"
    plain.write_text("买家的话,关注点\n多大,尺寸尺码\n多大,size\n能刻章吗,刻章\n没标的,\n", encoding="utf-8")
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (("text", "label"), ("包邮吗", "freight"), (None, None), (" 多大 ", "size")):
        book.active.append(row)
    book.save(tmp_path / "更多.xlsx")
    found = read_labels([plain, tmp_path / "更多.xlsx"], NAMES)
    assert [(one.text, one.topic) for one in found] == [("多大", "size"), ("能刻章吗", "刻章"), ("包邮吗", "freight")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("买家的话,关注点\n多大,size\n多大,freight\n", "第 3 行的「多大」"),
        ("买家的话,关注点\n,size\n", "第 2 行 没有买家的话"),
        ("买家的话,备注\n多大,size\n", "没有「关注点」这一列"),
        (f"买家的话,关注点\n多大,{'长' * 50}\n", "第 2 行 的关注点"),
        ("", "没有「买家的话」这一列"),
    ],
)
def test_bad_labels_are_said_with_their_row(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "标注.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(JinpaiError) as said:
        read_labels([file], NAMES)
    assert told.replace(" ", "") in said.value.words.zh.replace(" ", "")


def test_too_few_labels_are_said(tmp_path: Path) -> None:
    with pytest.raises(JinpaiError, match="太少"):
        taught_from(labels()[:3], read_lexicon(), shipped_model("topic"))
    with pytest.raises(JinpaiError, match="没有文件"):
        read_labels([tmp_path / "没有.csv"], NAMES)


@kills("jinpai/topics/teaching.py", "if not only or one[1] == NONE", "if one[1] == NONE")
def test_a_taught_topic_is_found_and_the_others_stay(tmp_path: Path) -> None:
    taught = taught_from(labels(), read_lexicon(), shipped_model("topic"))
    assert taught.after > taught.before, "what ships knows no such topic"
    assert set(shipped_model("topic").classes) < set(taught.model.classes)
    again = taught_from(labels(), read_lexicon(), shipped_model("topic"))
    assert taught.model.dump() == again.model.dump()
    keep(tmp_path, taught, __import__("datetime").date(2026, 1, 2))
    assert read_model(own_model(tmp_path).read_bytes(), "").dump() == taught.model.dump()
    reader = shop_reader(tmp_path)
    import pyarrow as pa

    found = reader.read(pa.array(["刻个方章要多少天", "包邮吗", "什么时候能发货"]))
    said = {(text, reader.names[name]) for text, name in zip(found.text.tolist(), found.name.tolist(), strict=True)}
    assert {(0, "topic/刻章"), (1, "topic/freight"), (2, "topic/shipping_time")} <= said
    assert forget(tmp_path)
    assert not forget(tmp_path)
    assert shop_reader(tmp_path).topics is shipped_model("topic")


def test_only_the_labels_topics_count_where_that_is_said() -> None:
    taught = taught_from(labels(), read_lexicon(), shipped_model("topic"), only=True)
    assert set(taught.model.classes) == {"刻章", "size", "none"}


def test_topics_with_one_label_are_named() -> None:
    taught = taught_from(
        [*labels(), Label("几点下班", "store_info", "")], read_lexicon(), shipped_model("topic"), only=True
    )
    assert taught.lonely == ("store_info",)


@kills("jinpai/topics/training.py", "hit = sum(one == other == name", "hit = sum(one == name")
def test_macro_f1_is_the_mean_over_the_topics() -> None:
    # of a: precision 1/2, recall 1/2; of b: 1/2 and 1; of c: nothing found
    assert macro_f1(["a", "a", "b", "c"], ["a", "b", "b", "a"]) == pytest.approx((1 / 2 + 2 / 3 + 0) / 3)


def test_sentences_of_one_pattern_stay_in_one_fold() -> None:
    together = [f"p{place % 7}" for place in range(70)]
    fold = fold_of(together, 5)
    assert all(len({int(fold[at]) for at in range(70) if together[at] == name}) == 1 for name in set(together))
    assert set(fold.tolist()) == {0, 1, 2, 3, 4}


def test_a_sheet_to_label_holds_text_as_text_and_offers_the_topics(tmp_path: Path) -> None:
    file = tmp_path / "待标注.xlsx"
    write_sheet(file, [("=1+1", "尺寸尺码", "拿不准")], NAMES)
    book = openpyxl.load_workbook(file)
    assert book["标注"]["A2"].value == "=1+1"
    assert book["标注"]["A2"].data_type == "s"
    assert {row[0].value for row in book["关注点"].iter_rows(min_row=2)} == set(NAMES.values())
    assert read_labels([file], NAMES) == []
