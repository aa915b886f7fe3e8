"""客服对比 agents: conversion of each agent as a dot, the range that small numbers leave as a line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from jinpai.render.charts import theme

if TYPE_CHECKING:
    import altair

ROW = 30


def comparison(rows: Sequence[dict[str, Any]], words: dict[str, Any], width: int) -> altair.LayerChart:
    """客服对比 rows of agent, rate, low, high, side ("below", "above", ""), note, told, in their order."""
    import altair as alt

    order = [row["agent"] for row in rows]
    base = alt.Chart(theme.data(list(rows)))
    left = min(110, 18 + max((len(name) * 14 for name in order), default=40))
    y = alt.Y("agent:N").scale(domain=order).axis(title=None, labelColor=theme.INK, labelFontSize=13, minExtent=left, maxExtent=left, labelLimit=left)
    top = min(1.0, max((row["high"] for row in rows), default=0.1) * 1.28)

    def x(name: str) -> altair.X:
        return alt.X(f"{name}:Q").scale(domain=[0, top], nice=False).axis(format=".0%", title=None, grid=True, tickCount=5)

    line = base.mark_rule(color=theme.INK3, strokeWidth=2).encode(x=x("low"), x2="high:Q", y=y)
    side = alt.Color("side:N").scale(domain=["", "below", "above"], range=[theme.INFO, theme.ACCENT, theme.GOOD])
    dot = base.mark_circle(size=88, opacity=1).encode(x=x("rate"), y=y, color=side, description="told:N")
    note = base.mark_text(align="left", dx=8, color=theme.INK3).encode(x=x("high"), y=y, text="note:N")
    layers: list[Any] = [line, dot, note]
    if words["mean"] is not None:
        mean = alt.Chart(theme.data([{"rate": words["mean"], "name": words["name"]}]))
        layers.insert(0, mean.mark_rule(color=theme.INK3, strokeDash=[3, 3]).encode(x=x("rate")))
        layers.append(mean.mark_text(baseline="bottom", dy=-2, color=theme.INK3).encode(x=x("rate"), y=alt.value(0), text="name:N"))
    return alt.layer(*layers).properties(width=width - left - 20, height=max(ROW * len(rows), ROW))
