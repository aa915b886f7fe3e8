"""改页记录 changes: when a product's page was changed for a topic: what people said, in `config/<shop>/topics/pages.toml`.

Entries are added, never overwritten; of several for one product and topic the latest day counts. A mistake in the file is
a JinpaiError with the entry's number, key, value and remedy.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NoReturn

from jinpai.errors import JinpaiError, Words
from jinpai.period import parse_day, to_date
from jinpai.text.concerns import OWN_FOLDER
from jinpai.workspace.disk import write_whole
from jinpai.workspace.documents import inline, read_toml

FILE = "pages.toml"
_KEYS = ("product", "topic", "on")
_HEAD = """# 详情页改动的记录，由 jinpai pages --done 写：哪个商品、为哪个关注点、哪天改好的。
# 记错了就把那一段删掉。
"""
_QUOTING = Words("文字要加引号，日期写成 2025-11-12", "texts need quotes, a day is 2025-11-12")


@dataclass(frozen=True, slots=True)
class Change:
    """改页 one change of a page: the product, the topic for which it was made, the day (yyyymmdd)."""

    product: str
    topic: str
    day: int


def changes(settings_folder: Path) -> list[Change]:
    """改页记录 every change in the order in which they were told; none without the file."""
    file = settings_folder / OWN_FOLDER / FILE
    if not file.is_file():
        return []
    document = read_toml(file, _QUOTING)
    for key in document:
        if key != "done":
            _refuse(file, 0, key, document[key], "没有这一项，只有 [[done]]", "there is no such key, only [[done]]")
    entries = document.get("done", [])
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        _refuse(file, 0, "done", entries, "要写成一段段 [[done]]", "[[done]] entries are wanted")
    return [_change(file, number, one) for number, one in enumerate(entries, 1)]


def _change(file: Path, number: int, entry: dict[str, object]) -> Change:
    for key, said in entry.items():
        if key not in _KEYS:
            _refuse(
                file,
                number,
                key,
                said,
                f"没有这一项，只有 {'、'.join(_KEYS)}",
                f"only {', '.join(_KEYS)} may stand here",
            )
    for key in _KEYS[:2]:
        value = entry.get(key)
        if not isinstance(value, str) or not value.strip():
            _refuse(file, number, key, value, "要写带引号的文字", "a text in quotes is wanted")
    on = entry.get("on")
    try:
        day = parse_day(on) if isinstance(on, (str, date)) else parse_day(repr(on))
    except JinpaiError:
        _refuse(file, number, "on", on, "要写日期，如 2025-11-12", "a day like 2025-11-12 is wanted")
    return Change(str(entry["product"]), str(entry["topic"]), day)


def _refuse(file: Path, number: int, key: str, value: object, zh: str, en: str) -> NoReturn:
    which, where = (f"第 {number} 段的 ", f"entry {number}, ") if number else ("", "")
    raise JinpaiError(
        f"{file}：{which}{key} = {value!r} 不行：{zh}。", f"{file}: {where}{key} = {value!r} cannot be: {en}."
    )


def add(settings_folder: Path, change: Change) -> bool:
    """记下 one more change; False where the very same is there already."""
    known = changes(settings_folder)
    if change in known:
        return False
    file = settings_folder / OWN_FOLDER / FILE
    file.parent.mkdir(exist_ok=True)
    entries = [
        f"\n[[done]]\nproduct = {inline(one.product)}\ntopic = {inline(one.topic)}\non = {inline(to_date(one.day))}\n"
        for one in [*known, change]
    ]
    write_whole(file, (_HEAD + "".join(entries)).encode())
    return True


def latest(settings_folder: Path) -> dict[tuple[str, str], int]:
    """最近一次 the latest day of change of each product and topic."""
    found: dict[tuple[str, str], int] = {}
    for one in changes(settings_folder):
        found[one.product, one.topic] = max(one.day, found.get((one.product, one.topic), 0))
    return found
