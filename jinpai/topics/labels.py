"""标注 labels: buyers' sentences with the topic that a person gave them, read from XLSX or CSV; a sheet to fill in.

What will not do is one JinpaiError with the rows: an unknown heading, no topic, one sentence with two topics. Rows without
a topic in a sheet that was written here are those not yet filled in, and are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinpai.errors import JinpaiError, Words
from jinpai.importers.probe import Probe
from jinpai.text.normal import normal

TEXT, TOPIC = ("买家的话", "text", "原话", "文本", "句子"), ("关注点", "topic", "标签", "label")
LONGEST_NAME = 40
_TOLD = 8


@dataclass(frozen=True, slots=True)
class Label:
    """标注 a sentence and its topic, and where it stands."""

    text: str
    topic: str
    place: str


def read_labels(files: Sequence[Path], names: Mapping[str, str]) -> list[Label]:
    """读标注 of all files, each sentence once; `names` (topic -> Chinese name) lets a topic be written in Chinese."""
    by_zh = {zh: topic for topic, zh in names.items()}
    found: dict[str, Label] = {}
    wrong: list[Words] = []
    for file in files:
        for row, text, said in _rows(file):
            place = f"{file.name} 第 {row} 行"
            if not said:
                continue
            if not normal(text):
                wrong.append(Words(f"{place} 没有买家的话", f"{file.name} row {row} has no sentence"))
                continue
            if len(said) > LONGEST_NAME or "\n" in said:
                wrong.append(
                    Words(
                        f"{place} 的关注点「{said[:20]}…」太长，像是写错了列",
                        f"{file.name} row {row}: the topic '{said[:20]}…' is too long; perhaps another column",
                    )
                )
                continue
            label = Label(text, by_zh.get(said, said), place)
            before = found.setdefault(normal(text), label)
            if before.topic != label.topic:
                wrong.append(Words(f"{place} 的「{text[:20]}」标成「{said}」，{before.place} 又标成「{names.get(before.topic, before.topic)}」",
                    f"{file.name} row {row}: '{text[:20]}' is '{said}', but {before.place} says '{before.topic}'"))  # fmt: skip
    if wrong:
        _refuse(wrong)
    return list(found.values())


def _refuse(wrong: Sequence[Words]) -> None:
    more = len(wrong) - _TOLD
    zh, en = (("；" if at == 0 else "; ").join(one[at] for one in wrong[:_TOLD]) for at in (0, 1))
    raise JinpaiError(
        f"标注有 {len(wrong)} 处不对：{zh}{f'；还有 {more} 处' if more > 0 else ''}。请改好再教，什么都没有改动。",
        f"{len(wrong)} labels will not do: {en}{f'; and {more} more' if more > 0 else ''}. Correct them and teach again; nothing was changed.",
    )


def _rows(file: Path) -> Iterable[tuple[int, str, str]]:
    """Row number (the heading is row 1), sentence and topic of each row of the first sheet."""
    if not file.is_file():
        raise JinpaiError(f"没有文件 {file}。请检查路径。", f"There is no file {file}. Check the path.")
    sheets = Probe(file).sheets
    header = sheets[0].header if sheets else ()
    head = [_plain(one).lower() for one in header]
    at = {}
    for name, words in (("text", TEXT), ("topic", TOPIC)):
        columns = [place for place, one in enumerate(head) if one in words]
        if not columns:
            zh, en = "、".join(filter(None, head)) or "空", ", ".join(filter(None, head)) or "nothing"
            raise JinpaiError(
                f"{file.name} 的表头没有「{words[0]}」这一列，只有：{zh}。请用 jinpai teach --write 写一张表来填。",
                f"The heading of {file.name} has no column '{words[1]}', only: {en}. jinpai teach --write makes a sheet to fill in.",
            )
        at[name] = columns[0]
    for number, row in sheets[0].rows():
        text, topic = (_plain(row[at[name]]) if at[name] < len(row) else "" for name in ("text", "topic"))
        if text or topic:
            yield number, text, topic


def _plain(value: object) -> str:
    text = "" if value is None else str(value).strip()
    # a whole number in a sheet is a number: 1.0 was written 1
    return text[:-2] if re.fullmatch(r"\d+\.0", text) else text


def write_sheet(path: Path, texts: Sequence[tuple[str, str, str]], names: Mapping[str, str]) -> None:
    """写待标注的表 sentences with the guess beside, a column to fill in, and a second sheet with all topics to choose from."""
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet("标注")
        head, quoted = book.add_format({"bold": True}), book.add_format({"quote_prefix": True})
        for column, (title, width) in enumerate(
            (("买家的话", 60), ("关注点", 18), ("程序猜的", 18), ("为什么挑它", 14))
        ):
            sheet.write_string(0, column, title, head)
            sheet.set_column(column, column, width)
        for line, (text, guess, why) in enumerate(texts, 1):
            for column, value in ((0, text), (2, guess), (3, why)):
                sheet.write_string(line, column, value, quoted)
        sheet.freeze_panes(1, 0)
        listed = book.add_worksheet("关注点")
        listed.set_column(0, 1, 24)
        for line, (topic, zh) in enumerate([("代号", "关注点"), *sorted(names.items(), key=lambda one: one[1])]):
            listed.write_string(line, 0, zh, quoted)
            listed.write_string(line, 1, topic, quoted)
        if texts and len(names) > 0:
            # own topics may be written as well: the list offers, and refuses nothing
            rule = {
                "validate": "list",
                "source": f"=关注点!$A$2:$A${len(names) + 1}",
                "ignore_blank": True,
                "show_error": False,
            }
            sheet.data_validation(1, 1, len(texts), 1, rule)
