"""图集 gallery: the charts of a shop's days by name, each asking the reports it draws."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from jinpai.render import columns, figures
from jinpai.render.figures import Door, Figure, nowhere
from jinpai.render.story import Say
from jinpai.report import histogram, report

if TYPE_CHECKING:
    from jinpai.workspace import Workspace

NAMES = ("conversion", "sales", "funnel", "agents", "responses", "hours")
_ASKED = (
    "consulted_buyers", "received_buyers", "enquiries", "conversion_{w}", "order_rate_{w}", "immature_{w}", "attributed_amount",
    "silent_amount", *(f"first_response_{one}{clock}" for one in ("seconds_p50", "within_6s", "within_15s") for clock in ("", "_business")),
)  # fmt: skip


def gallery(
    workspace: Workspace, shop: str, start: int, end: int, say: Say, *, agent: str | None = None, door: Door = nowhere,
    names: Iterable[str] = NAMES,
) -> dict[str, Figure]:  # fmt: skip
    """图集 the named charts of the days, both included; of agents only `agent` where one is named. Facts are read as they are."""
    window = workspace.settings(shop).window
    metrics = [name.format(w=window) for name in _ASKED]

    def by(*grain: str) -> dict[str, Any]:
        return report(workspace, shop, start=start, end=end, by=grain, metrics=metrics, builds=False)

    totals = by("shop")

    def seconds() -> list[tuple[int, int]]:
        return histogram(workspace, shop, start=start, end=end, clock=columns.clock_of(totals), builds=False)

    def people() -> dict[str, Any]:
        found = by("agent")
        return found | {"rows": [row for row in found["rows"] if agent in (None, row["agent"])]}

    drawn: dict[str, Callable[[], Figure]] = {
        "conversion": lambda: figures.days(by("day"), totals, say, door)[0],
        "sales": lambda: figures.days(by("day"), totals, say, door)[1],
        "funnel": lambda: figures.funnel(totals, say, door),
        "agents": lambda: figures.agents(people(), totals, say, door),
        "responses": lambda: figures.responses(seconds(), totals, say, door),
        "hours": lambda: figures.hours(by("hour", "weekday"), 9, say),
    }
    return {name: drawn[name]() for name in names}
