"""雷达图 radar: five factors as five arms of one length; how far out a point lies is how much it is of the largest."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi, sin
from typing import Any

from jinpai.render.charts import theme

REACH, BESIDE, NEAR = 1.0, 1.14, 0.1
RINGS = (0.5, 1.0)


def radar(rows: Sequence[dict[str, Any]], width: int) -> Any:
    """雷达 rows of name, share (of the largest; None: nobody could look), said, told, the first on top and on clockwise."""
    import altair as alt

    arms = [_at(place, len(rows), REACH) for place in range(len(rows))]
    seen = [row | _at(place, len(rows), row["share"]) for place, row in enumerate(rows) if row["share"] is not None]
    scale = alt.Scale(domain=[-1.75, 1.75], nice=False)
    x, y = (alt.X("x:Q").scale(scale).axis(None), alt.Y("y:Q").scale(alt.Scale(domain=[-1.35, 1.35], nice=False)).axis(None))  # fmt: skip
    layers = []
    for ring in RINGS:
        points = [_at(place % len(rows), len(rows), ring) | {"turn": place} for place in range(len(rows) + 1)]
        layers.append(alt.Chart(theme.data(points)).mark_line(color=theme.LINE, strokeWidth=1, aria=False).encode(x=x, y=y, order="turn:O"))  # fmt: skip
    spokes = [arm | {"x2": 0, "y2": 0} for arm in arms]
    layers.append(
        alt.Chart(theme.data(spokes)).mark_rule(color=theme.LINE, aria=False).encode(x=x, y=y, x2="x2:Q", y2="y2:Q")
    )
    around = [one | {"turn": place} for place, one in enumerate([*seen, *seen[:1]])]
    if around:
        layers.append(alt.Chart(theme.data(around)).mark_line(color=theme.ACCENT, strokeWidth=2, aria=False).encode(x=x, y=y, order="turn:O"))  # fmt: skip
        layers.append(alt.Chart(theme.data(seen)).mark_circle(size=90, color=theme.ACCENT, opacity=1).encode(x=x, y=y, description="told:N"))  # fmt: skip
    for place, row in enumerate(rows):
        layers += _named(
            alt.Chart(theme.data([row | _at(place, len(rows), BESIDE)])).encode(x=x, y=y), arms[place]["x"]
        )
    return alt.layer(*layers).properties(width=min(width, 520) - 20, height=min(width, 520) * 0.72)


def _named(base: Any, aside: float) -> list[Any]:
    """The words at the end of an arm, on the side away from the middle."""
    side: dict[str, Any] = {"aria": False, "align": "center" if abs(aside) < NEAR else "left" if aside > 0 else "right"}
    return [
        base.mark_text(dy=-7, fontSize=13, color=theme.INK, **side).encode(text="name:N"),
        base.mark_text(dy=9, color=theme.INK2, **side).encode(text="said:N"),
    ]


def _at(place: int, arms: int, share: float) -> dict[str, float]:
    """Where a point lies: on top first, then clockwise."""
    angle = pi / 2 - 2 * pi * place / arms
    return {"x": share * cos(angle), "y": share * sin(angle)}
