"""名单确认 confirming: shows how an import would change the lists that people keep, and asks whether it may."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from jinpai.commands.listing import counted
from jinpai.commands.output import say
from jinpai.errors import JinpaiError, Words
from jinpai.terms import TABLES

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from jinpai.workspace import Workspace
    from jinpai.workspace.lists import Difference, Row

MOST_LINES = 20
_YES = frozenset({"y", "yes", "是", "好", "对", "确定", "确认"})


def confirming(
    workspace: Workspace, *, yes: bool, lang: str, before: Callable[[], None] = lambda: None
) -> Callable[[Sequence[Difference]], None]:
    """要确认的导入 what to hand to `import_files`: shows the differences and asks, unless `yes`; a no is a JinpaiError.

    `before` is called first, to take a progress bar off the screen.
    """

    def ask(found: Sequence[Difference]) -> None:
        before()
        for one in found:
            for words in told(one, workspace.settings(one.shop).zone if one.shop in workspace.shops() else None):
                say(words, lang)
        if not yes:
            _ask(lang)

    return ask


def need_terminal(refusal: JinpaiError) -> None:
    """要有人在 raises the refusal where there is nobody to ask."""
    if not (sys.stdin is not None and sys.stdin.isatty()):
        raise refusal


def agreed(question: Words, lang: str) -> bool:
    """问一句 whether a person says yes; Enter alone is no."""
    say(question, lang)
    try:
        return input().strip().casefold() in _YES
    except EOFError:
        return False


def _ask(lang: str) -> None:
    need_terminal(JinpaiError(
        "名单会有上面的改动，要人看过才能导入；什么都没有导入。看过没问题的话，加 --yes 再运行一次。",
        "The lists would change as shown, which a person must see; nothing was imported. If it is right, run again with --yes.",
    ))  # fmt: skip
    if not agreed(
        Words("按新文件导入吗？输入 y 导入，直接回车不导入：", "Import it? y imports, Enter does not:"), lang
    ):
        raise JinpaiError("没有导入，什么都没有变。", "Nothing was imported, nothing has changed.")


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
