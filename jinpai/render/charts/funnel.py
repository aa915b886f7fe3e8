"""漏斗 funnel: from the question to the payment, a bar a step, with what share of the step before it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jinpai.render.charts import theme

ROW, BAR = 46, 18


def funnel(steps: Sequence[dict[str, Any]], width: int) -> Any:
    """漏斗 steps of name, count, light (the part not yet counted), line, told, from the top down."""
    import altair as alt

    order = [step["name"] for step in steps]
    y = alt.Y("name:N").scale(domain=order, paddingInner=0).axis(
        title=None, minExtent=52, maxExtent=52, labelColor=theme.INK, labelFontSize=13, labelOffset=-7
    )  # fmt: skip
    most = max((step["count"] for step in steps), default=1) or 1
    x = alt.X("from:Q").scale(domain=[0, most * 1.16], nice=False).axis(None)
    parts = [
        {**step, "from": start, "until": end, "part": part}
        for step in steps
        for part, start, end in (("sure", 0, step["count"] - step["light"]), ("late", step["count"] - step["light"], step["count"]))
        if end > start
    ]  # fmt: skip
    shade = alt.Opacity("part:N").scale(domain=["sure", "late"], range=[0.9, 0.35])
    bars = alt.Chart(theme.data(parts)).mark_bar(color=theme.INFO, size=BAR, yOffset=-7, cornerRadius=2)
    rows = alt.Chart(theme.data(list(steps)))
    many: dict[str, Any] = {"align": "left", "dx": 6, "dy": -7, "fontSize": 13, "fontWeight": 600, "color": theme.INK}
    line: dict[str, Any] = {"align": "left", "dy": 12, "fontSize": 11.5, "color": theme.INK2}
    return alt.layer(
        bars.encode(x=x, x2="until:Q", y=y, opacity=shade, description="told:N"),
        rows.mark_text(**many).encode(x=alt.X("count:Q"), y=y, text="shown:N"),
        rows.mark_text(**line).encode(x=alt.value(2), y=y, text="line:N"),
    ).properties(width=width - 66, height=ROW * len(order))
