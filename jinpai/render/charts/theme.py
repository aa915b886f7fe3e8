"""图的样式 theme: colours, type and the way from an Altair chart to SVG that lives inside the page.

Colours are drawn as the light theme's hex values and then replaced by the page's CSS variables,
so that one picture serves light, dark and print. Descriptions of marks become `<title>`, which a
browser shows when the pointer rests on them, without any script.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from itertools import count
from typing import Any

from markupsafe import Markup, escape

INK, INK2, INK3, LINE, LINE2 = "#1d1f23", "#5b6068", "#8d929a", "#e4e2dc", "#efede8"
ACCENT, GOOD, WARN, WARN_SOFT, INFO, INFO_SOFT = "#b4452c", "#2f7d5b", "#a8730b", "#f8eed6", "#35618e", "#e3ecf5"
CARD = "#fffffe"
VARIABLES = {
    INK: "--ink", INK2: "--ink-2", INK3: "--ink-3", LINE: "--line", LINE2: "--line-2", ACCENT: "--accent", GOOD: "--good",
    WARN: "--warn", WARN_SOFT: "--warn-soft", INFO: "--info", INFO_SOFT: "--info-soft", CARD: "--card",
}  # fmt: skip

WIDE, PHONE = "wide", "phone"
_numbers = count(1)


def is_installed() -> bool:
    """能画图 whether the `charts` extra is there."""
    from importlib.util import find_spec

    return find_spec("altair") is not None and find_spec("vl_convert") is not None


def data(rows: list[dict[str, Any]]) -> Any:
    """数据 rows as inline data of a chart."""
    import altair

    return altair.Data(values=rows)  # type: ignore[no-untyped-call]


def svg(chart: Any, label: str, doors: Mapping[str, str] | None = None) -> Markup:
    """SVG one chart as inline SVG with `label` for those who hear the page; `doors` are the addresses that marks lead to."""
    return Markup(_inline(plain(chart), label, doors or {}))  # noqa: S704 - made here, its texts escaped by Vega


def plain(chart: Any) -> str:
    """SVG one chart as Vega draws it, in the light theme's colours."""
    import vl_convert

    spec: Mapping[str, Any] = chart.to_dict()
    return str(vl_convert.vegalite_to_svg({**spec, "config": _config(), "background": None}))


def apart(drawn: str) -> str:
    """不重名 the SVG with names of its own, so that two may stand on one page."""
    return re.sub(r'(id="|url\(#)(?=\w)', rf"\g<1>g{next(_numbers)}_", drawn)


def _inline(drawn: str, label: str, doors: Mapping[str, str]) -> str:
    drawn = re.sub(r' (?:xmlns(?::xlink)?|version|font-family|pointer-events|aria-hidden)="[^"]*"', "", drawn)
    drawn = re.sub(r' (?:role|aria-roledescription)="[^"]*"', "", drawn)
    drawn = re.sub(r'<path class="(?:background|foreground)"[^>]*/>', "", drawn)
    drawn = re.sub(
        r'<(path|rect|text|line)([^>]*?) aria-label="([^"]*)"([^>]*?)/>', lambda found: _titled(found, doors), drawn
    )
    for colour, variable in VARIABLES.items():
        drawn = drawn.replace(f'"{colour}"', f'"var({variable})"')
    name = escape(unescape(label))
    # what can be pressed is no part of a picture
    role = "group" if doors else "img"
    return re.sub(
        r'<svg class="marks" width="([\d.]+)" height="[\d.]+"',
        rf'<svg role="{role}" aria-label="{name}" width="\1"',
        apart(drawn),
        count=1,
    )


def _titled(found: re.Match[str], doors: Mapping[str, str]) -> str:
    """A mark with what it says as its title, and as a link where it leads somewhere; the table has the same by keyboard."""
    tag, before, told, after = found.groups()
    mark = f"<{tag}{before}{after}><title>{told}</title></{tag}>"
    door = doors.get(unescape(told))
    return f'<a href="{escape(door)}" tabindex="-1" aria-label="{told}">{mark}</a>' if door else mark


def _config() -> dict[str, Any]:
    text = {
        "labelColor": INK3,
        "titleColor": INK3,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
    }
    return {
        "font": "sans-serif", "aria": True,
        "view": {"stroke": None}, "text": {"fontSize": 12, "color": INK2},
        "axis": {**text, "aria": False, "domainColor": LINE, "tickColor": LINE, "gridColor": LINE2, "ticks": False, "labelPadding": 6},
        "axisX": {"grid": False, "labelAngle": 0}, "axisY": {"domain": False, "tickCount": 4},
        "legend": {"disable": True},
    }  # fmt: skip
