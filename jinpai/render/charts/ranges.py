"""大致范围图 ranges: a dot for each thing and a line for where it probably lies, against nothing gained and nothing lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jinpai.render.charts import theme

ROW = 28
TONES = {"good": theme.GOOD, "bad": theme.ACCENT, "": theme.INFO}


def ranges(rows: Sequence[dict[str, Any]], width: int, *, form: str, phone: bool) -> Any:
    """范围 rows of name, value, low, high, tone ("good", "bad", ""), told, in their order; `form` is how d3 writes the axis."""
    import altair as alt

    order = [str(row["name"]) for row in rows]
    left = min(120 if phone else 260, 20 + max((_wide(name) for name in order), default=40))
    axis: dict[str, Any] = {"minExtent": left, "maxExtent": left, "labelLimit": left - 12, "labelPadding": 10}
    y = alt.Y("name:N").scale(domain=order).axis(title=None, labelColor=theme.INK, labelFontSize=13, **axis)
    base = alt.Chart(theme.data(list(rows)))

    def x(name: str) -> Any:
        return alt.X(f"{name}:Q").axis(format=form, title=None, grid=True, tickCount=4 if phone else 6)

    tone = alt.Color("tone:N").scale(domain=list(TONES), range=list(TONES.values()))
    line = base.mark_rule(strokeWidth=2, aria=False).encode(x=x("low"), x2="high:Q", y=y, color=tone)
    dot = base.mark_circle(size=84, opacity=1).encode(x=x("value"), y=y, color=tone, description="told:N")
    nothing = (
        alt.Chart(theme.data([{"at": 0}])).mark_rule(color=theme.INK3, strokeDash=[3, 3], aria=False).encode(x=x("at"))
    )
    return alt.layer(nothing, line, dot).properties(width=width - left - 20, height=max(ROW * len(rows), ROW))


def _wide(name: str) -> int:
    return sum(14 if ord(one) > 0x2E80 else 8 for one in name)
