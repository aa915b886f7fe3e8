"""平台考核 assessment: the platforms' own figures of a shop beside the lines that its settings name, and how much room is left.

A line is in its metric's unit: a share for rates, seconds for times. Source: the metrics contract, §3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinpai.metrics import catalogue
from jinpai.report import late_answers_left, report

if TYPE_CHECKING:
    from jinpai.workspace import Workspace

Row = dict[str, Any]


def assessed(workspace: Workspace, shop: str, first: int, last: int) -> list[Row]:
    """平台考核 `{"name", "value", "of", "line", "met", "distance", "spare", "days"}` of each metric whose profile held on the last day.

    `distance` is how far on the good side of the line, `spare` how many more late answers it bears (negative: how many in
    time bring it back); both None without a line, and `spare` of times. Those with a line come first.
    """
    settings = workspace.settings(shop)
    held = {
        name: profile
        for name, metric in catalogue().items()
        if metric.profile and (profile := settings.profile(metric.profile, last)) is not None
    }
    if not held:
        return []
    row = report(workspace, shop, start=first, end=last, metrics=list(held), builds=False)["rows"][0]
    found = [_assessed(name, row, profile.target) for name, profile in held.items()]
    return sorted(found, key=lambda one: one["line"] is None)


def _assessed(name: str, row: Row, target: float | None) -> Row:
    metric, value, of = catalogue()[name], row.get(name), row["of"].get(name)
    is_rate = metric.unit == "rate"
    line = target if target is not None and (target <= 1) == is_rate else None
    found: Row = {"name": name, "value": value, "of": of, "line": line, "days": metric.days}
    found |= {"met": None, "distance": None, "spare": None}
    if line is not None and value is not None:
        distance = value - line if is_rate else line - value
        found |= {"met": distance >= 0, "distance": distance}
        found["spare"] = late_answers_left(of[0], of[1], line) if is_rate and of and of[1] else None
    return found
