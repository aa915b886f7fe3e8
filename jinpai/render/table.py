"""表格 render a report for the terminal: readable at 80 columns, Chinese counted as two wide.

One row is shown as a list (label, value, what it was divided by); several rows as a table, cut
into blocks that repeat the by-columns when the metrics do not fit beside each other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from jinpai import terms
from jinpai.errors import Words
from jinpai.render import columns
from jinpai.render.columns import Column
from jinpai.render.story import Say
from jinpai.render.tables import sentences

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

UNITS = {
    "yuan": Words("元", "yuan"), "seconds": Words("秒", "s"), "buyers": Words("人", "buyers"), "items": Words("件", "items"),
    "points": Words("分", "points"), "per_1000": Words("‰", "‰"),
}  # fmt: skip
NARROWEST, GAP, LABEL_LINES = 6, 2, 3
"""最窄列 a metric's column is at least so many cells wide, columns stand two apart, and a label
takes three lines at most."""
PIECES = re.compile(r"[ -\u024f]+? |[ -\u024f]+|（?[^ -\u024f]）?")


def show(
    result: Mapping[str, Any], console: Console, lang: str, metrics: Sequence[str] | None = None, *, notes: bool = True
) -> None:
    """打印报表 print a report: a line that says what it is, the figures, and (with `notes`) what to know about them."""
    names = list(metrics or columns.headline(result, few=len(result["rows"]) > 1))
    shown = [columns.column(name) for name in names]
    by = [columns.column(name) for name in columns.by_of(result)]
    rows = columns.titled(result)
    console.print(heading(result["meta"], lang), style="bold", highlight=False)
    console.print()
    if not rows:
        console.print("这段时间没有数据。" if lang == "zh" else "Nothing in this period.", highlight=False)
    elif len(rows) == 1:
        console.print(_list(rows[0], by, shown, lang), "", highlight=False)
    else:
        for block in _blocks(rows, by, shown, console.width, lang):
            console.print(_table(rows, by, block, lang), "", highlight=False)
    for sentence in told(result, lang) if notes else ():
        console.print(sentence, style="dim", highlight=False)


def heading(meta: Mapping[str, Any], lang: str) -> str:
    """题头 shop, days, window and rule in one line."""
    rule = terms.RULES.get(str(meta["rule"]), Words(str(meta["rule"]), str(meta["rule"])))
    parts = [
        str(meta["shop"]),
        f"{meta['from']} – {meta['to']}",
        terms.window_label(str(meta["window"])).to(lang),
        rule.to(lang),
    ]
    return " · ".join(parts)


def told(result: Mapping[str, Any], lang: str) -> list[str]:
    """说明 the sentences under a report: reconciliation, identity, what is missing, other notes."""
    meta = result["meta"]
    said = [reconciled(meta["reconciliation"], lang)] if meta.get("reconciliation") else []
    if meta.get("missing"):
        names = ("、" if lang == "zh" else ", ").join(
            terms.TABLES.get(n, Words(n, n)).to(lang) for n in meta["missing"]
        )
        said.append(f"没有导入：{names}" if lang == "zh" else f"Not imported: {names}")
    return said + sentences(meta, Say(lang))


def reconciled(sums: Mapping[str, Any], lang: str) -> str:
    """核平句 agents + silent = shop, with the difference to the cent."""
    a, s, whole, gap = (columns.grouped(str(sums[key])) for key in ("attributed", "silent", "shop", "difference"))
    if lang == "zh":
        return f"客服 {a} + 静默 {s} = 店铺付款 {whole} 元，已核平，差额 {gap} 元"
    return f"Agents {a} + silent {s} = shop paid {whole} yuan; reconciled, difference {gap}"


def _frame() -> Table:
    from rich import box
    from rich.table import Table

    return Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, GAP - 1, 0, 0), header_style="")


def _list(row: Mapping[str, Any], by: Sequence[Column], shown: Sequence[Column], lang: str) -> Table:
    """One row standing up: label, value with its unit, and what the rate was divided by."""
    frame = _frame()
    titles = ("指标", "数值", "依据") if lang == "zh" else ("Metric", "Value", "From")
    frame.add_column(titles[0], overflow="fold")
    frame.add_column(titles[1], justify="right", no_wrap=True)
    frame.add_column(titles[2], overflow="fold", style="dim")
    for column in by:
        if column.name != "shop":
            frame.add_row(column.label.to(lang), columns.cell(row, column, lang), "")
    for column in shown:
        value = columns.cell(row, column, lang)
        unit = UNITS.get(column.unit, Words("", "")).to(lang) if value[:1].isdigit() or value[:1] == "-" else ""
        frame.add_row(column.name_in(lang), f"{value} {unit}".strip(), basis(row, column, lang))
    return frame


def basis(row: Mapping[str, Any], column: Column, lang: str) -> str:
    """依据 numerator ÷ denominator and the interval of a rate, or nothing."""
    return f"{columns.parts(row, column.name)}  {columns.between(row, column.name, lang)}".rstrip()


def _blocks(
    rows: Sequence[Mapping[str, Any]], by: Sequence[Column], shown: Sequence[Column], width: int, lang: str
) -> list[list[Column]]:
    """The metrics in blocks that fit in `width` beside the by-columns."""
    room = width - sum(_width(rows, column, lang) + GAP for column in by)
    blocks: list[list[Column]] = [[]]
    left = room
    for column in shown:
        need = _width(rows, column, lang) + GAP
        if need > left + GAP and blocks[-1]:
            blocks.append([])
            left = room
        blocks[-1].append(column)
        left -= need
    return blocks


def _width(rows: Sequence[Mapping[str, Any]], column: Column, lang: str) -> int:
    """Cells a column needs: its longest value, and its label in at most three lines."""
    from rich.cells import cell_len

    label = column.name_in(lang)
    longest = max((cell_len(columns.cell(row, column, lang)) for row in rows), default=0)
    if column.is_text:
        return max(longest, cell_len(label))
    words = max((cell_len(word) for word in label.split(" ")), default=0) if lang == "en" else 0
    return max(longest, NARROWEST, -(-cell_len(label) // LABEL_LINES), words)


def wrapped(label: str, width: int) -> str:
    """折行 a label in lines of at most `width` cells and about as long as each other, cut between
    words and anywhere in Chinese."""
    from rich.cells import cell_len

    length = cell_len(label)
    fewest = -(-length // width)
    for at in range(-(-length // fewest), width + 1):
        lines = _lines(label, at)
        if len(lines) <= fewest or at == width:
            return "\n".join(lines)
    return label


def _lines(label: str, width: int) -> list[str]:
    from rich.cells import cell_len

    lines = [""]
    for piece in PIECES.findall(label):
        if lines[-1] and cell_len(lines[-1] + piece.rstrip()) > width:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines]


def _table(rows: Sequence[Mapping[str, Any]], by: Sequence[Column], shown: Sequence[Column], lang: str) -> Table:
    frame = _frame()
    for column in (*by, *shown):
        wide = _width(rows, column, lang)
        side: Any = "left" if column.is_text else "right"
        frame.add_column(wrapped(column.name_in(lang), wide), justify=side, width=wide, no_wrap=True, vertical="bottom")
    for row in rows:
        frame.add_row(*(_plain(columns.cell(row, column, lang)) for column in (*by, *shown)))
    return frame


def _plain(text: str) -> Any:
    from rich.text import Text

    return Text(text)  # a name such as "[red]" is a name, not markup
