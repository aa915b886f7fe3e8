"""店铺事实 fact sheet: what a shop states as true, of itself and of each product, to hold its agents' words against.

`facts.toml` among the shop's settings: `[shop]` and `[product.<编号>]`, a subject a line; `must_tell` lists the topics that
an answer to “tell me about it” must hold. A subject, a value or a topic that will not do is a JinpaiError with file,
place and remedy. Source: the inspection contract, §2 (B3, B4).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinpai.catalogue import suggestion
from jinpai.criteria.reading import document
from jinpai.errors import JinpaiError, Words
from jinpai.text.subjects import NO, SUBJECTS, YES, Subject, of_signal

if TYPE_CHECKING:
    import pyarrow as pa

    from jinpai.text.signals import Lexicon

FILE = "facts.toml"
SHOP = ""
"""The product of a fact that holds for the whole shop."""
POINTS = "must_tell"
POINTS_TITLE = Words("必须讲到", "must be told")
FACTS = {name: one for name, one in SUBJECTS.items() if one.is_fact}
"""能写的事项 the subjects that a sheet may state, in its order."""
_FLAGS = {"是": True, "否": False, "有": True, "没有": False, "能": True, "不能": False, "支持": True, "不支持": False, "yes": True, "no": False,
    "true": True, "false": False}  # fmt: skip
_SAID = {YES: Words("是", "yes"), NO: Words("否", "no")}


@dataclass(frozen=True, slots=True)
class Fact:
    """一条事实 a subject of a product (SHOP: of the shop), the words written for it, and the values they come to."""

    subject: str
    product: str
    said: tuple[str, ...]
    values: tuple[str, ...]

    @property
    def words(self) -> Words:
        """一句话 the fact for people, as 多久发货：48小时."""
        title = FACTS[self.subject].title
        zh, en = ([_SAID[one].to(lang) if one in _SAID else one for one in self.said] for lang in ("zh", "en"))
        return Words(f"{title.zh}：{'、'.join(zh)}", f"{title.en}: {', '.join(en)}")


@dataclass(frozen=True, slots=True)
class FactSheet:
    """店铺事实 the facts, the points that must be told by product, and the products' names where written."""

    facts: tuple[Fact, ...] = ()
    points: tuple[tuple[str, tuple[str, ...]], ...] = ()
    titles: tuple[tuple[str, str], ...] = ()
    file: str = FILE

    @property
    def digest(self) -> str:
        """版本 16 hex digits that change when a fact does."""
        told = {name: one for name, one in asdict(self).items() if name != "file"}
        return blake2b(json.dumps(told, ensure_ascii=False).encode(), digest_size=8).hexdigest()

    def words(self, subject: str, product: str) -> Words | None:
        """哪条事实 the words of a subject, or of the points that must be told, of a product or the shop; None if it is not there."""
        if subject == POINTS:
            found = dict(self.points).get(product)
            return (
                None
                if found is None
                else Words(f"{POINTS_TITLE.zh}：{'、'.join(found)}", f"{POINTS_TITLE.en}: {', '.join(found)}")
            )
        return next((one.words for one in self.facts if (one.subject, one.product) == (subject, product)), None)

    def cells(self) -> dict[tuple[str, str], str]:
        """一格一格 (product, subject) -> the words as one text, points among them: what a form holds."""
        told = {
            (one.product, one.subject): "、".join(_SAID[said].zh if said in _SAID else said for said in one.said)
            for one in self.facts
        }
        return told | {(product, POINTS): "、".join(found) for product, found in self.points}


def read_sheet(settings_folder: Path) -> FactSheet:
    """读店铺事实 the sheet among a shop's settings; empty where there is none."""
    file = settings_folder / FILE
    return settled(str(file), document(file)) if file.is_file() else FactSheet()


def settled(file: str, keys: Mapping[str, Any]) -> FactSheet:
    """定下来 a sheet out of the contents of its file, every key and value checked."""
    for key in keys:
        if key not in ("shop", "product"):
            raise _refused(
                file, key, "这里只有 [shop] 和 [product.编号]", "only [shop] and [product.NUMBER] stand here"
            )
    facts: list[Fact] = []
    points: list[tuple[str, tuple[str, ...]]] = []
    titles: list[tuple[str, str]] = []
    for product, place, section in _sections(file, keys):
        for key, value in section.items():
            if key == POINTS:
                points.append((product, _texts(f"{file}：{place}", key, value)))
            elif key == "title" and product != SHOP:
                titles.append((product, _texts(f"{file}：{place}", key, value)[0]))
            else:
                facts.append(_fact(f"{file}：{place}", product, key, value))
    return FactSheet(tuple(facts), tuple((product, found) for product, found in points if found), tuple(titles), file)


def _sections(file: str, keys: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    products = keys.get("product", {})
    if not isinstance(products, dict):
        raise _refused(file, "product", "商品要写成 [product.编号] 一段", "a product is a table [product.NUMBER]")
    yield from (
        (number, place, section)
        for number, place, section in ((SHOP, "[shop]", keys.get("shop", {})), *((one, f"[product.{one}]", of) for one, of in products.items()))
        if _is_table(file, place, section)
    )  # fmt: skip


def _is_table(file: str, place: str, section: object) -> bool:
    if not isinstance(section, dict):
        raise _refused(file, place, "要写成一段", "a table is wanted")
    return True


def _fact(place: str, product: str, key: str, value: object) -> Fact:
    if key not in FACTS:
        by_title = {one.title.zh: name for name, one in FACTS.items()}
        hint = suggestion(key, [*FACTS, *by_title])
        raise _refused(place, key, f"没有这个事项。{hint.zh}", f"no such subject. {hint.en}")
    said = (YES if value else NO,) if isinstance(value, bool) else _texts(place, key, value)
    return stated(place, product, FACTS[key], said)


def stated(place: str, product: str, subject: Subject, said: tuple[str, ...]) -> Fact:
    """一条事实 what the words written for a subject come to; words that come to nothing are a JinpaiError."""
    if not said:
        raise _refused(place, subject.id, "没有写内容", "nothing is written")
    if subject.kind == "flag":
        flags = [_SAID_AS.get(one.strip().casefold()) for one in said]
        if len(flags) != 1 or flags[0] is None:
            raise _refused(place, subject.id, f"{subject.title.zh}只能写 是 或 否", "write true or false")
        return Fact(subject.id, product, (flags[0],), (flags[0],))
    values = [subject.value(subject.signals[0], one) for one in said]
    for one, value in zip(said, values, strict=True):
        if value is None:
            example = subject.example
            raise _refused(place, f"{subject.id} = {one}", f"看不出{subject.title.zh}是多少，请照「{example}」这样写",
                           f"no value can be read; write it like {example}")  # fmt: skip
    return Fact(subject.id, product, said, tuple(value for value in values if value is not None))


_SAID_AS = {word: YES if value else NO for word, value in _FLAGS.items()}


def _texts(place: str, key: str, value: object) -> tuple[str, ...]:
    found = [value] if isinstance(value, (str, int)) and not isinstance(value, bool) else value
    if not isinstance(found, list) or not all(isinstance(one, (str, int)) and str(one).strip() for one in found):
        raise _refused(place, key, '要写成 "文字" 或一串文字 ["甲", "乙"]', 'write "text" or a list ["a", "b"]')
    return tuple(str(one).strip() for one in found)


def _refused(place: str, key: str, zh: str, en: str) -> JinpaiError:
    return JinpaiError(
        f"店铺事实 {place}：{key} 不行：{zh.rstrip('。')}。",
        f"The fact sheet {place}: {key} cannot be: {en.rstrip('.')}.",
    )


def topics(lexicon: Lexicon) -> dict[str, tuple[str, ...]]:
    """能写的话题 topic by its Chinese name -> the signals of its group."""
    groups: dict[str, list[str]] = {}
    for one in lexicon.signals:
        if one.kind == "topic":
            groups.setdefault(one.group, []).append(one.id)
    return {one.zh: tuple(groups[one.group]) for one in lexicon.signals if one.kind == "topic"}


def sheet_tables(sheet: FactSheet, lexicon: Lexicon) -> dict[str, pa.Table]:
    """编成表 `sheet_fact`, `sheet_point` and `claiming` (which signals state something), for SQL to join with."""
    import pyarrow as pa

    known = topics(lexicon)
    points = []
    for product, found in sheet.points:
        for name in found:
            if name not in known:
                hint = suggestion(name, known)
                raise _refused(
                    sheet.file,
                    f"{POINTS} = {name}",
                    f"没有叫这个名字的关注点。{hint.zh}",
                    f"no topic has this name. {hint.en}",
                )
            points += [(product, name, signal) for signal in known[name]]
    facts = dict.fromkeys((one.subject, one.product, value) for one in sheet.facts for value in one.values)
    claiming = [(signal,) for signal in of_signal() if signal in lexicon.places]
    told: dict[str, tuple[tuple[str, ...], Sequence[tuple[str, ...]]]] = {
        "sheet_fact": (("subject", "product_id", "value"), list(facts)), "sheet_point": (("product_id", "point", "signal"), points),
        "claiming": (("signal",), claiming),
    }  # fmt: skip
    return {
        name: pa.table({column: pa.array([row[at] for row in rows], pa.string()) for at, column in enumerate(columns)})
        for name, (columns, rows) in told.items()
    }
