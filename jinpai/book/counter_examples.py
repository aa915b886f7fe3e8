"""反例 counter-examples: a finding that people overturned becomes a sentence that tests the signals of the shop.

Where the finding rests on words, they go into config/<shop>/lexicons/反例.toml as `does_not_match` of the signal that was
found in them; where it rests on what was *not* said, or the signal is the shop's own, the dialogue goes into
config/<shop>/cases/<criterion>.md with the result that it should have. Private data are taken out first.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jinpai.book.last_words import last_words
from jinpai.criteria.compiling import Words, signals_of, ways_of
from jinpai.errors import JinpaiError, WrongUse
from jinpai.text.anonymous import anonymous
from jinpai.text.matching import matcher
from jinpai.text.signals import COUNTER_EXAMPLES, OWN_FOLDER, read_lexicon, shop_lexicon
from jinpai.workspace.disk import disk, write_whole
from jinpai.workspace.documents import inline

if TYPE_CHECKING:
    from jinpai.book.points import Point, Points

CASES = "cases"
_SPEAKERS = {"buyer": "买家", "agent": "客服", "assist": "辅助", "auto": "机器人"}
_HEAD = (
    "# 复核时改判的话：这些信号不该在这些句子里找到。由 jinpai counter-example 写，可以删，要加别的请写在别的文件里。\n"
)


@dataclass(frozen=True, slots=True)
class Written:
    """写下的反例 where it was written, the text without private data, the signals it is about, and those of them that
    are still found in it."""

    file: Path
    text: str
    signals: tuple[str, ...]
    still: tuple[str, ...]


def write_counter_example(points: Points, point: Point) -> Written:
    """写反例 of a finding that people overturned or found not to apply; of any other it is WrongUse."""
    word = last_words(point.shop, [point.finding]).get(point.finding)
    if word is None or word.outcome == "agree":
        raise WrongUse(
            f"会话 {point.conversation} 的 {point.criterion} 没有改判过，不能当反例。先用 jinpai verdict 写改判或不适用。",
            f"{point.criterion} in conversation {point.conversation} was not overturned and is no counter-example; "
            "say overturn or na with jinpai verdict first.",
        )
    shipped = {one.id for one in read_lexicon().signals}
    signals = _signals(points, point)
    if point.said is not None and signals and set(signals) <= shipped:
        return _into_lexicon(points, point, signals)
    right = None if word.outcome == "na" or point.definition.hint else word.right_result
    return _into_cases(points, point, right)


def _signals(points: Points, point: Point) -> tuple[str, ...]:
    """The signals that the finding rests on: those of the criterion that were found just there."""
    if point.said is None or point.begins is None:
        return ()
    settings = points.settings
    heard = signals_of(point.definition, Words(shop_lexicon(settings.folder), read_lexicon(), ways_of(settings)))
    found = points.engine.rows(
        "select distinct t.signal from tag as t inner join span as s on s.buyer_key = t.buyer_key and s.conversation_seq = t.conversation_seq "
        "where s.conversation_key = $key and t.seq = $seq and t.begins = $begins and t.ends = $ends order by t.signal",
        {"key": point.conversation, "seq": point.seq, "begins": point.begins, "ends": point.ends},
    )  # fmt: skip
    return tuple(one["signal"] for one in found if one["signal"] in heard)


def _masked(text: str, point: Point) -> str:
    return anonymous(text, [name for line in point.lines for name in (line.buyer, line.agent)])


def _into_lexicon(points: Points, point: Point, signals: tuple[str, ...]) -> Written:
    assert point.said is not None
    folder = points.settings.folder
    file, text = folder / OWN_FOLDER / COUNTER_EXAMPLES, _masked(point.said.text, point)
    told = _read(file)
    for signal in signals:
        there = told.setdefault(signal, [])
        if text not in there:
            there.append(text)
    blocks = [_block(signal, many) for signal, many in sorted(told.items())]
    with disk(file):
        file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, "\n".join([_HEAD, *blocks]).encode())
    return Written(file, text, signals, _still(folder, text, signals))


def _block(signal: str, many: list[str]) -> str:
    return "\n".join([f"[{signal}]", "does_not_match = [", *(f"  {inline(one)}," for one in many), "]", ""])


def _read(file: Path) -> dict[str, list[str]]:
    if not file.is_file():
        return {}
    try:
        with disk(file):
            document = tomllib.loads(file.read_bytes().decode("utf-8-sig"))
        return {signal: [str(one) for one in keys["does_not_match"]] for signal, keys in document.items()}
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError):
        raise JinpaiError(
            f"{file} 改乱了，不敢再往里写。请改好或移走；里面只放 does_not_match。",
            f"{file} is not as it was written, so that nothing is added. Mend it or move it away; it holds does_not_match only.",
        ) from None


def _still(folder: Path, text: str, signals: tuple[str, ...]) -> tuple[str, ...]:
    import pyarrow as pa

    found = matcher(shop_lexicon(folder)).match(pa.array([text]))["signal"].to_pylist()
    return tuple(one for one in signals if one in found)


def _into_cases(points: Points, point: Point, right: int | None) -> Written:
    folder = points.settings.folder / CASES
    file = folder / f"{point.criterion}.md"
    with disk(file):
        folder.mkdir(parents=True, exist_ok=True)
        before = (
            file.read_text(encoding="utf-8") if file.is_file() else f"# {point.criterion} {point.definition.title.zh}\n"
        )
    heading = f"## 复核改判 {point.conversation}"
    lines = "\n".join(_line(point, at) for at in range(len(point.lines)) if point.lines[at].sender in _SPEAKERS)
    text = f"{heading}\n\n```\n{lines}\n→ {'不适用' if right is None else right}\n```\n"
    if f"{heading}\n" not in before:
        write_whole(file, f"{before.rstrip()}\n\n{text}".encode())
    return Written(file, text, (), ())


def _line(point: Point, at: int) -> str:
    line = point.lines[at]
    pause = 0 if at == 0 else round((line.sent_at - point.lines[at - 1].sent_at) / 1000)
    said = " ".join(_masked(line.text, point).split())
    return f"[{pause}] {_SPEAKERS[line.sender]}: {said}"
