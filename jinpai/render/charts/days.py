"""每天 days: conversion with its interval, and sales, day by day.

Days whose window has not ended are shaded, holidays and promotions are marked. Days are shop days
as text, so that no chart library moves them by a time zone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from jinpai.render.charts import theme

if TYPE_CHECKING:
    import altair

LEFT = 46
"""左边距 both figures keep the same room for labels, so that their days stand above each other."""


CROWDED = 7
"""Fewer pixels than this a day, and dots would hide the line."""


PERCENT, OF_YEAR = "format(datum.value, '.0%')", "slice(datum.value, 5)"
"""How a rate and a day are written on an axis."""


def conversion(
    rows: Sequence[dict[str, Any]], words: dict[str, Any], width: int, shape: str = PERCENT, name: str = OF_YEAR
) -> Any:
    """每天的询单转化率 rows of day, rate, low, high, told, mark, immature; null rates leave a gap.

    Other figures and other times have their own `shape` of a value and `name` of a time.
    """
    import altair as alt

    days = [row["day"] for row in rows]
    top = max((row["high"] or row["rate"] or 0 for row in rows), default=0) or 0.1
    least = min(0, *(row["rate"] or 0 for row in rows)) if rows else 0
    most = min(1.0, top * 1.08) if shape == PERCENT else top * 1.08

    def y(name: str) -> altair.Y:
        axis = alt.Axis(labelExpr=shape, title=None, minExtent=LEFT, maxExtent=LEFT)
        return alt.Y(f"{name}:Q").scale(domain=[least, most], nice=True).axis(axis)

    base = alt.Chart(theme.data(list(rows)))
    x, crowded = _x(days, width, name), len(days) * CROWDED > width
    band = (
        base.mark_area(color=theme.INFO, opacity=0.16)
        .encode(x=x, y=y("low"), y2="high:Q")
        .transform_filter("datum.rate !== null")
    )
    line = base.mark_line(
        color=theme.INFO, strokeWidth=1.25 if crowded else 2, invalid="break-paths-filter-domains"
    ).encode(x=x, y=y("rate"))
    dot = (
        base.transform_filter("datum.rate !== null")
        .mark_circle(color=theme.INFO, size=6 if crowded else 28, opacity=1)
        .encode(x=x, y=y("rate"), description="told:N")
    )
    mean = (
        alt.Chart(theme.data([{"rate": words["mean"]}]))
        .mark_rule(color=theme.INK3, strokeDash=[3, 3])
        .encode(y="rate:Q")
    )
    layers = [
        *_band(rows, "immature", theme.LINE2, x),
        *_marks(rows, x),
        band,
        *([mean] if words["mean"] is not None else []),
        line,
        dot,
        *_names(rows, x),
    ]
    return alt.layer(*layers).properties(width=width - LEFT - 12, height=170)


def sales(rows: Sequence[dict[str, Any]], words: dict[str, str], width: int) -> Any:
    """每天的销售额 rows of day, attributed, silent (yuan, or null), told."""
    import altair as alt

    days = [row["day"] for row in rows]
    x = _x(days, width)
    parts = [
        {"day": row["day"], "yuan": row[part], "part": words[part], "at": at, "told": row["told"]}
        for row in rows for at, part in enumerate(("attributed", "silent")) if row[part]
    ]  # fmt: skip
    unit = "datum.value >= 10000 ? datum.value / 10000 + '万' : datum.value" if words["lang"] == "zh" else "datum.label"
    y = alt.Y("yuan:Q").stack(True).axis(title=None, labelExpr=unit, minExtent=LEFT, maxExtent=LEFT)
    bars = alt.Chart(theme.data(parts)).mark_bar(width={"band": 0.62}).encode(
        x=x, y=y, order="at:O", description="told:N",
        color=alt.Color("part:N").scale(domain=[words["attributed"], words["silent"]], range=[theme.INFO, theme.LINE]),
    )  # fmt: skip
    return alt.layer(*_marks(rows, x), bars).properties(width=width - LEFT - 12, height=110)


def _x(days: Sequence[str], width: int, name: str = OF_YEAR) -> altair.X:
    """The axis of days: as many labels as fit, always month and day."""
    import altair as alt

    step = max(1, -(-len(days) * 52 // max(width - LEFT, 1)))
    shown = [day for at, day in enumerate(days) if (len(days) - 1 - at) % step == 0]
    axis = alt.Axis(title=None, values=shown, labelExpr=name, labelOverlap=False)
    return alt.X("day:O").scale(domain=list(days)).axis(axis)


def _marks(rows: Sequence[dict[str, Any]], x: Any) -> list[Any]:
    """Marked days (holidays, promotions) as bands."""
    return _band(rows, "mark", theme.WARN_SOFT, x)


def _band(rows: Sequence[dict[str, Any]], name: str, colour: str, x: Any) -> list[Any]:
    import altair as alt

    found = [row for row in rows if row[name]]
    band = alt.Chart(theme.data(found)).mark_rect(
        color=colour, opacity=1, stroke=colour, strokeWidth=0.5, width={"band": 1}
    )
    return [band.encode(x=x)] if found else []


def _names(rows: Sequence[dict[str, Any]], x: Any) -> list[Any]:
    """The name above each stretch of marked days, and above the shaded days the day they are ready."""
    import altair as alt

    layers = []
    for name, colour, align, down in (("first_mark", theme.WARN, "center", 2), ("late", theme.INK2, "right", 16)):
        found = [row for row in rows if row[name]]
        style: dict[str, Any] = {
            "color": colour,
            "align": align,
            "baseline": "top",
            "fontSize": 11,
            "dx": 8 if align == "right" else 0,
        }
        if found:
            layers.append(
                alt.Chart(theme.data(found)).mark_text(**style).encode(x=x, y=alt.value(down), text=f"{name}:N")
            )
    return layers
