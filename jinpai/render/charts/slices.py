"""各部分 slices: one figure of each agent, product, hour, weekday, week or month, with the range that small numbers leave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jinpai.render.charts import theme

ROW, HEIGHT = 28, 210
LONGEST = 160


def lying(rows: Sequence[dict[str, Any]], words: dict[str, Any], width: int) -> Any:
    """横条 rows of label, value, low, high, told, from the top down; `words` has `shape`, and `mean` with its `name` or None."""
    import altair as alt

    order = [row["label"] for row in rows]
    left = min(LONGEST, width // 3, 20 + max((_wide(name) for name in order), default=40))
    axis: dict[str, Any] = {"minExtent": left, "maxExtent": left, "labelLimit": left - 8, "labelPadding": 8}
    y = alt.Y("label:N").scale(domain=order).axis(title=None, labelColor=theme.INK, labelFontSize=13, **axis)
    known = [row for row in rows if row["value"] is not None]
    base = alt.Chart(theme.data(known))
    x = alt.X("value:Q").scale(nice=True, zero=True).axis(title=None, labelExpr=words["shape"], tickCount=5, grid=True)
    layers = [
        base.mark_bar(color=theme.INFO, opacity=0.85, height={"band": 0.55}).encode(x=x, y=y, description="told:N")
    ]
    layers += _range(known, lambda low, high: {"x": alt.X(low), "x2": high, "y": y})
    if words["mean"] is not None:
        mean = alt.Chart(theme.data([{"value": words["mean"], "name": words["name"]}]))
        layers.append(mean.mark_rule(color=theme.INK3, strokeDash=[3, 3]).encode(x="value:Q"))
        style: dict[str, Any] = {"baseline": "bottom", "dy": -2, "color": theme.INK2}
        layers.append(mean.mark_text(**style).encode(x="value:Q", y=alt.value(0), text="name:N"))
    return alt.layer(*layers).properties(width=width - left - 30, height=max(ROW * len(order), ROW))


def _wide(name: str) -> int:
    return sum(14 if ord(one) > 0x2E80 else 8 for one in name)


def standing(rows: Sequence[dict[str, Any]], words: dict[str, Any], width: int) -> Any:
    """竖条 rows of label, value, low, high, told, in their order, as hours or weekdays are."""
    import altair as alt

    order = [row["label"] for row in rows]
    step = max(1, -(-len(order) * 46 // max(width - 60, 1)))
    x = alt.X("label:O").scale(domain=order).axis(title=None, values=order[::step], labelOverlap=False)
    y = (
        alt.Y("value:Q")
        .scale(nice=True, zero=True)
        .axis(title=None, labelExpr=words["shape"], minExtent=52, maxExtent=52)
    )
    known = [row for row in rows if row["value"] is not None]
    base = alt.Chart(theme.data(known))
    bars: dict[str, Any] = {"color": theme.INFO, "opacity": 0.85, "width": {"band": 0.62}}
    layers = [base.mark_bar(**bars).encode(x=x, y=y, description="told:N")]
    layers += _range(known, lambda low, high: {"y": alt.Y(low), "y2": high, "x": x})
    if words["mean"] is not None:
        mean = alt.Chart(theme.data([{"value": words["mean"]}]))
        layers.insert(0, mean.mark_rule(color=theme.INK3, strokeDash=[3, 3]).encode(y="value:Q"))
    return alt.layer(*layers).properties(width=width - 64, height=HEIGHT)


def _range(rows: Sequence[dict[str, Any]], places: Any) -> list[Any]:
    """The lines of the ranges, where there are any."""
    import altair as alt

    found = [row for row in rows if row["low"] is not None]
    if not found:
        return []
    line = alt.Chart(theme.data(found)).mark_rule(color=theme.INK, strokeWidth=1.5, opacity=0.6)
    return [line.encode(**places("low:Q", "high:Q"))]
