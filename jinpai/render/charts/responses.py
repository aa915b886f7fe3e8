"""首次响应分布 responses: how many conversations were answered within each second, with 6 s and 15 s."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jinpai.render.charts import theme

LAST, HEIGHT = 60, 250
"""Longer waits stand together in one bar after this second."""


def bars(seconds: Sequence[tuple[int, int]], unit: str) -> list[dict[str, Any]]:
    """柱子 a bar a second, and one of everything longer."""
    rows = [
        {"from": second, "to": second + 1, "count": many, "told": f"{second} {unit}: {many:,}", "at": _grade(second)}
        for second, many in seconds if second < LAST
    ]  # fmt: skip
    over = sum(many for second, many in seconds if second >= LAST)
    if over:
        rows.append({"from": LAST + 1, "to": LAST + 3, "count": over, "told": f"≥ {LAST} {unit}: {over:,}", "at": 2})
    return rows


def distribution(seconds: Sequence[tuple[int, int]], words: dict[str, Any], width: int) -> Any:
    """首次响应分布 (second, conversations) with lines at the marks given as (second, label)."""
    import altair as alt

    rows = bars(seconds, words["unit"])
    x = alt.X("from:Q").scale(domain=[0, LAST + 3], nice=False).axis(
        title=words["axis"], values=[0, 6, 15, 30, 45, LAST + 2], labelExpr=f"datum.value > {LAST} ? '{LAST}+' : datum.label"
    )  # fmt: skip
    y = alt.Y("count:Q").axis(title=None, minExtent=34, format=",d")
    colour = alt.Color("at:O").scale(domain=[0, 1, 2], range=[theme.GOOD, theme.INFO, theme.ACCENT])
    drawn = alt.Chart(theme.data(rows)).mark_bar(stroke=theme.CARD, strokeWidth=0.5, opacity=0.9).encode(
        x=x, x2="to:Q", y=y, y2=alt.datum(0), color=colour, description="told:N"
    )  # fmt: skip
    marks = [{"from": second, "name": name} for second, name in words["marks"]]
    style: dict[str, Any] = {"align": "left", "baseline": "top", "dx": 5, "color": theme.INK2}
    over_bars: list[Any] = []
    for at, mark in enumerate(marks):  # each line begins under the label before it
        one = alt.Chart(theme.data([mark]))
        over_bars.append(
            one.mark_rule(color=theme.INK2, strokeDash=[4, 3]).encode(
                x="from:Q", y=alt.value(18 * at), y2=alt.value(HEIGHT)
            )
        )
        over_bars.append(one.mark_text(**style).encode(x="from:Q", y=alt.value(18 * at), text="name:N"))
    return alt.layer(drawn, *over_bars).properties(width=width - 52, height=HEIGHT)


def _grade(second: int) -> int:
    return 0 if second <= 6 else 1 if second <= 15 else 2
