"""表格图 sheet: a table drawn as a picture, for a chat group where nobody opens a file."""

from __future__ import annotations

from collections.abc import Sequence

from jinpai.render.charts import theme
from jinpai.render.charts.saving import painted, text
from jinpai.render.tables import Grid

EDGE, TOP, HEAD, ROW, GAP = 24, 72, 34, 30, 26
LETTER, WIDE_LETTER = 7.6, 13.2
"""Pixels of a letter of size 13, Latin and Chinese."""


def png(grid: Grid, title: str, about: str, foot: str) -> bytes:
    """表格 PNG the grid under its title; `about` says whose and when, `foot` who took it."""
    return painted(svg(grid, title, about, foot), "png")


def svg(grid: Grid, title: str, about: str, foot: str) -> str:
    """表格 SVG names to the left, figures to the right, the last row (the shop) in bold."""
    lines = [[label for label, _ in grid.heads], *([cell.text for cell in row] for row in grid.rows)]
    ends, at = [], float(EDGE)
    for column in zip(*lines, strict=True):
        at += max(map(_width, column)) + GAP
        ends.append(round(at - GAP))
    wide = max(round(at - GAP), round(EDGE + max(_width(foot), _width(about)))) + EDGE
    down = TOP + HEAD + ROW * len(grid.rows) + 34
    drawn = [text(EDGE, 36, title, 18, theme.INK, 600), text(EDGE, 56, about, 12, theme.INK2)]
    drawn += _line(lines[0], ends, TOP + 22, theme.INK2, 400)
    for number, cells in enumerate(lines[1:]):
        top = TOP + HEAD + ROW * number
        is_last = number == len(grid.rows) - 1
        drawn.append(f'<line x1="{EDGE}" x2="{wide - EDGE}" y1="{top}" y2="{top}" stroke="{theme.LINE}"/>')
        drawn += _line(cells, ends, top + 20, theme.INK, 600 if is_last else 400)
    drawn.append(text(EDGE, down - 12, foot, 11, theme.INK2))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{down}" viewBox="0 0 {wide} {down}">'
        f'<rect width="{wide}" height="{down}" fill="#ffffff"/>{"".join(drawn)}</svg>'
    )


def _line(cells: Sequence[str], ends: Sequence[int], down: int, colour: str, weight: int) -> list[str]:
    first = text(EDGE, down, cells[0], 13, colour, weight)
    return [
        first,
        *(text(end, down, one, 13, colour, weight, "end") for one, end in zip(cells[1:], ends[1:], strict=True)),
    ]


def _width(words: str) -> float:
    return sum(WIDE_LETTER if ord(one) > 0x2E80 else LETTER for one in words)
