"""名单差别 differences: how an import would change the lists that people keep, in lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinpai.errors import Words
from jinpai.render.counted import counted
from jinpai.terms import TABLES

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from jinpai.workspace.lists import Difference, Row

MOST_LINES = 20


def told(one: Difference, zone: ZoneInfo | None) -> list[Words]:
    """差别说明 a difference line by line: how many, then the rows, at most MOST_LINES of each kind."""
    table = TABLES[one.table]
    found = counted([
        (Words("新增", "added"), len(one.added)), (Words("改动", "changed"), len(one.changed)),
        (Words("新文件里没写（照旧保留）", "not in the new file (they stay)"), len(one.absent)),
    ])  # fmt: skip
    lines = [Words(f"店铺 {one.shop} 的{table.zh}：{found.zh}", f"{table.en} of shop {one.shop}: {found.en}")]
    lines += _listed([_line("+", one.table, row, zone) for row in one.added[: MOST_LINES + 1]], len(one.added))
    lines += _listed([_change(one.table, *pair, zone) for pair in one.changed[: MOST_LINES + 1]], len(one.changed))
    return lines + _listed([_line("-", one.table, row, zone) for row in one.absent[: MOST_LINES + 1]], len(one.absent))


def _listed(lines: list[Words], many: int) -> list[Words]:
    if many <= MOST_LINES:
        return lines
    rest = many - MOST_LINES
    return [*lines[:MOST_LINES], Words(f"    ……还有 {rest:,} 行", f"    … and {rest:,} more")]


def _line(sign: str, table: str, row: Row, zone: ZoneInfo | None) -> Words:
    said = [_value(table, name, value, zone) for name, value in row.items() if value is not None]
    return Words(
        f"  {sign} {'，'.join(words.zh for words in said)}", f"  {sign} {', '.join(words.en for words in said)}"
    )


def _change(table: str, old: Row, new: Row, zone: ZoneInfo | None) -> Words:
    from jinpai.canon import TABLES as CANON
    from jinpai.importers.chinese import heading

    keys = [_value(table, name, new[name], zone) for name in CANON[table].key if new[name] is not None]
    zh, en = [], []
    for name in new:
        if old[name] != new[name]:
            before, after = (_value(table, name, row[name], zone) for row in (old, new))
            zh.append(f"{heading(table, name)} {before.zh} → {after.zh}")
            en.append(f"{name} {before.en} → {after.en}")
    return Words(f"  ~ {'，'.join(key.zh for key in keys)}：{'；'.join(zh)}",
                 f"  ~ {', '.join(key.en for key in keys)}: {'; '.join(en)}")  # fmt: skip


def _value(table: str, name: str, value: object, zone: ZoneInfo | None) -> Words:
    from jinpai.canon import TABLES as CANON
    from jinpai.importers.chinese import WORDS
    from jinpai.money import format_fen
    from jinpai.period import format_day, to_moment

    if value is None:
        return Words("（空）", "(empty)")
    kind = next(column.kind for column in CANON[table].columns if column.name == name)
    if isinstance(value, bool):
        return Words("是" if value else "否", "yes" if value else "no")
    text = str(value)
    if isinstance(value, int):
        if kind == "money":
            text = format_fen(value) or text
        elif kind == "day":
            text = format_day(value)
        elif kind == "instant" and zone is not None:
            text = f"{to_moment(value, zone):%Y-%m-%d %H:%M:%S}"
    said = {word: zh for zh, word in WORDS.get((table, name), {}).items()}
    return Words(said.get(text, text), text)
