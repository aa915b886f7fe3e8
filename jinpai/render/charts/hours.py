"""咨询时段 hours: how many buyers wrote in each hour of each weekday; darker is more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jinpai.render.charts import theme


def heat(rows: Sequence[dict[str, Any]], weekdays: Sequence[str], width: int, tall: int, *, phone: bool) -> Any:
    """咨询时段 rows of hour, weekday (a word), count, told; `tall` pixels a weekday; on a phone the hours
    run downwards."""
    import altair as alt

    hours = list(range(24))
    hour: dict[str, Any] = {"values": hours[::3], "labelExpr": "datum.value + ':00'"}
    most = max((row["count"] for row in rows), default=1) or 1
    shade = alt.Opacity("count:Q").scale(domain=[0, most], range=[0.04, 1.0])
    base = alt.Chart(theme.data(list(rows))).mark_rect(
        color=theme.INFO, stroke=theme.CARD, strokeWidth=2, cornerRadius=3
    )
    if phone:
        across, down = alt.X("weekday:O").scale(domain=list(weekdays)).axis(title=None, orient="top"), alt.Y("hour:O")
        chart = base.encode(
            x=across, y=down.scale(domain=hours).axis(title=None, **hour), opacity=shade, description="told:N"
        )
        return chart.properties(width=width - 48, height=24 * 16)
    across, down = alt.X("hour:O").scale(domain=hours).axis(title=None, **hour), alt.Y("weekday:O")
    chart = base.encode(
        x=across, y=down.scale(domain=list(weekdays)).axis(title=None), opacity=shade, description="told:N"
    )
    return chart.properties(width=width - 48, height=7 * tall)
