"""客服对比 agents: conversion of each agent as a dot, the range that small numbers leave as a line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jinpai.render.charts import theme

ROW = 30


def comparison(rows: Sequence[dict[str, Any]], words: dict[str, Any], width: int) -> Any:
    """客服对比 rows of agent, rate, low, high, side ("below", "above", "few", ""), note, told, in their order."""
    import altair as alt

    order = [row["agent"] for row in rows]
    left = min(110, 18 + max((len(name) * 14 for name in order), default=40))
    y = _names(order, left)
    # a line of three enquiries must not set the scale
    sure = [row["rate"] if row["few"] else row["high"] for row in rows]
    top = min(1.0, max(sure, default=0.1) * 1.35)
    rows = [{**row, "high": min(row["high"], top * 0.8)} if row["few"] else row for row in rows]
    base = alt.Chart(theme.data(list(rows)))

    def x(name: str) -> Any:
        return (
            alt.X(f"{name}:Q").scale(domain=[0, top], nice=False).axis(format=".0%", title=None, grid=True, tickCount=5)
        )

    line = base.mark_rule(color=theme.INK3, strokeWidth=2).encode(x=x("low"), x2="high:Q", y=y)
    side = alt.Color("side:N").scale(
        domain=["", "few", "below", "above"], range=[theme.INFO, theme.INK3, theme.ACCENT, theme.GOOD]
    )
    dot = base.mark_circle(size=88, opacity=1).encode(x=x("rate"), y=y, color=side, description="told:N")
    layers: list[Any] = [line, dot]
    for end, side_of, test in (
        ("high", {"align": "left", "dx": 8}, "!=="),
        ("low", {"align": "right", "dx": -8}, "==="),
    ):
        style: dict[str, Any] = {**side_of, "color": theme.INK3}  # on the side away from the shop's line
        note = base.transform_filter(f"datum.side {test} 'below'").mark_text(**style)
        layers.append(note.encode(x=x(end), y=y, text="note:N"))
    if words["mean"] is not None:
        mean = alt.Chart(theme.data([{"rate": words["mean"], "name": words["name"]}]))
        layers.insert(0, mean.mark_rule(color=theme.INK3, strokeDash=[3, 3]).encode(x=x("rate")))
        layers.append(
            mean.mark_text(baseline="bottom", dy=-2, color=theme.INK3).encode(
                x=x("rate"), y=alt.value(0), text="name:N"
            )
        )
    return alt.layer(*layers).properties(width=width - left - 20, height=max(ROW * len(rows), ROW))


def _names(order: Sequence[str], left: int) -> Any:
    """The axis of the agents' names, `left` pixels wide."""
    import altair as alt

    axis: dict[str, Any] = {"minExtent": left, "maxExtent": left, "labelLimit": left, "labelPadding": 12}
    return alt.Y("agent:N").scale(domain=order).axis(title=None, labelColor=theme.INK, labelFontSize=13, **axis)
