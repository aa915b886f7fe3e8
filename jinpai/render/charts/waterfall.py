"""瀑布图 waterfall: of what a gap is made: each part begins where the one before ended, the last bar is the whole gap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jinpai.render.charts import theme

HEIGHT = 190


def waterfall(rows: Sequence[dict[str, Any]], title: str, width: int) -> Any:
    """瀑布 rows of name, start, end (points), kind ("up", "down", "whole"), said, told, in their order."""
    import altair as alt

    order = [str(row["name"]) for row in rows]
    base = alt.Chart(theme.data(list(rows)))
    x = alt.X("name:N").scale(domain=order).axis(title=None, labelColor=theme.INK, labelLimit=width // len(order), domain=False)  # fmt: skip
    y = alt.Y("start:Q").axis(format="+.0f", title=None, grid=True)
    kind = alt.Color("kind:N").scale(domain=["up", "down", "whole"], range=[theme.GOOD, theme.ACCENT, theme.INK3])
    bar = base.mark_bar(size=min(46, width // (2 * len(order)))).encode(x=x, y=y, y2="end:Q", color=kind, description="told:N")  # fmt: skip
    note = base.mark_text(dy=-7, color=theme.INK, aria=False).encode(x=x, y=alt.Y("top:Q"), text="said:N")
    nothing = alt.Chart(theme.data([{"at": 0}])).mark_rule(color=theme.INK3, aria=False).encode(y=alt.Y("at:Q"))
    head = {"text": title, "anchor": "start", "color": theme.INK2, "fontSize": 13, "fontWeight": 600}
    return alt.layer(nothing, bar, note).properties(width=width - 60, height=HEIGHT, title=head)
