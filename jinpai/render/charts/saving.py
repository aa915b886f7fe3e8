"""存图 saving: a figure with its title, legend and what it is of, as SVG, PNG or PDF, made offline.

Pictures are drawn with the fonts of this computer. One that has no Chinese letters would show boxes, so it says so.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from jinpai.errors import JinpaiError
from jinpai.render.charts import theme

if TYPE_CHECKING:
    from jinpai.render.figures import Figure

KINDS = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}
FONT = "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei','WenQuanYi Micro Hei',sans-serif"
EDGE, TOP, GAP, SCALE = 24, 66, 18, 2
SWATCHES = {
    "line": theme.INFO, "bar": theme.INFO, "band": theme.INFO_SOFT, "dash": theme.INK3, "late": theme.LINE2, "mark": theme.WARN_SOFT,
    "range": theme.INK, "grey": theme.LINE, "good": theme.GOOD, "bad": theme.ACCENT,
}  # fmt: skip
"""What colour stands before a word of the legend."""


def saved(figure: Figure, about: str, kind: str) -> bytes:
    """存图 the figure as a file of a kind of KINDS; `about` stands under its title: shop and days."""
    drawn = sheet(figure, about)
    return drawn.encode() if kind == "svg" else painted(drawn, kind)


def painted(drawn: str, kind: str) -> bytes:
    """画成 PNG or PDF of an SVG."""
    import vl_convert

    if not has_chinese():
        raise JinpaiError(
            "这台电脑没有中文字体，图片里的字会变成方块。请装一个（Debian、Ubuntu：apt install fonts-noto-cjk），或者存成 SVG。",
            "This computer has no Chinese font, letters would be boxes. Install one (Debian, Ubuntu: apt install fonts-noto-cjk),"
            " or save as SVG.",
        )
    return bytes(vl_convert.svg_to_png(drawn, scale=SCALE) if kind == "png" else vl_convert.svg_to_pdf(drawn))


def sheet(figure: Figure, about: str) -> str:
    """图纸 the figure's pictures under one another on white, with title, what it is of, legend and hint; SVG."""
    pieces = [theme.apart(theme.plain(make(figure.width, False))) for make in figure.makers]
    wide, top, inside = float(figure.width), TOP + (GAP + 4 if figure.legend else 0), []
    for piece in pieces:
        size = re.search(r'width="([\d.]+)" height="([\d.]+)"', piece)
        if size is None:
            continue
        wide = max(wide, float(size[1]))
        inside.append(piece.replace("<svg ", f'<svg x="{EDGE}" y="{top}" ', 1))
        top += round(float(size[2])) + GAP
    head = text(EDGE, 34, figure.label, 18, theme.INK, 600) + text(EDGE, 54, about, 12, theme.INK2)
    # the letters of the picture itself are those of the page
    body = "".join(inside).replace('font-family="sans-serif"', f'font-family="{FONT}"')
    foot = text(EDGE, top + 6, figure.hint, 11, theme.INK2)
    across, down = round(wide) + 2 * EDGE, top + EDGE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{across}" height="{down}"'
        f' viewBox="0 0 {across} {down}"><rect width="{across}" height="{down}" fill="#ffffff"/>'
        f"{head}{_legend(figure)}{body}{foot}</svg>"
    )


def _legend(figure: Figure) -> str:
    at, found = EDGE, []
    for kind, name in figure.legend:
        found.append(f'<rect x="{at}" y="{TOP + 1}" width="14" height="9" rx="2" fill="{SWATCHES[kind]}"/>')
        found.append(text(at + 20, TOP + 10, name, 12, theme.INK2))
        at += 44 + sum(12 if ord(one) > 0x2E80 else 7 for one in name)
    return "".join(found)


def text(x: int, y: int, words: str, size: int, colour: str, weight: int = 400, anchor: str = "start") -> str:
    """文字 words at a place, in letters that a computer with Chinese has."""
    return (
        f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-family="{FONT}" font-size="{size}" font-weight="{weight}" fill="{colour}">'
        f"{escape(words)}</text>"
    )


@cache
def has_chinese() -> bool:
    """有中文字体 whether two Chinese letters come out as two pictures, and not as the same box."""
    import vl_convert

    frame = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">{}</svg>'
    pictures = {bytes(vl_convert.svg_to_png(frame.format(text(2, 16, one, 14, theme.INK)))) for one in "客服"}
    return len(pictures) > 1
