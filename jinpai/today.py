"""今日看板 today: the last whole day of a shop or of one agent, beside the same weekday of the four weeks before, and the month so far.

Days are the shop's, `day` included. A rate is news only where the interval of its difference from those four days
together leaves out nothing: Newcombe's hybrid score interval of 95 %, Statistics in Medicine 17 (1998) 873–890, method
10; that days differ among themselves more than chance is left to the diagnosis. Amounts have a mean and no judgement.
Source: the page of the desk, §1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jinpai.metrics.values import newcombe
from jinpai.period import DAY_MS, Window, add_days, parse_day, to_date, to_day
from jinpai.report import figures

if TYPE_CHECKING:
    from jinpai.workspace import Workspace

Row = dict[str, Any]
WEEKS = 4
MEANS = ("attributed_amount", "enquiries", "received_buyers", "unreplied_buyers")
"""Amounts that have a mean over days; of other figures days are put together or not compared."""
_CHATS = ("enquiries", "received_buyers", "unreplied_buyers")
LEAST = 30
"""Of fewer trials on either side nothing is said of a difference."""
FIGURES = (
    "conversion_same_day", "conversion_{w}", "attributed_amount", "first_response_within_15s{c}", "inspection_score", "enquiries",
    "received_buyers", "unreplied_buyers",
)  # fmt: skip


def today(workspace: Workspace, shop: str, day: int, agent: str | None = None) -> Row:
    """今日看板 `{"day", "figures", "month", "agents"}`: figures by name, each with its own day, value, parts, usual and verdict.

    `figures[name]` is `{"day", "value", "of", "usual", "verdict", "is_late"}`; `is_late` says that a rate is not ready yet; `usual` is the rate of the same weekdays together, or
    the mean of an amount, None without; `verdict` is "inside", "above", "below" or None where there is too little to tell.
    `month` has values of the month up to the day, `agents` who received buyers on the day. Nothing is built.
    """
    window = workspace.settings(shop).window
    names = [name.format(w=window, c=clock) for name in FIGURES for clock in ("", "_business")]
    asked = [*dict.fromkeys(names), "immature_same_day", f"immature_{window}"]
    ripe = add_days(day, 1 - _days_of(window))
    by = ("day",) if agent is None else ("agent", "day")
    first = add_days(min(day, ripe), -7 * WEEKS)
    found = figures(workspace, shop, start=first, end=day, by=by, metrics=asked)
    rows = {parse_day(str(row["day"])): row for row in found if agent is None or row["agent"] == agent}
    each = {
        name: _figure(name, rows, ripe if name == f"conversion_{window}" and window != "same_day" else day)
        for name in names
    }
    return {
        "day": day, "figures": {name: one for name, one in each.items() if one["value"] is not None or name.startswith("conversion")},
        "month": _month(workspace, shop, day, agent), "agents": _agents(workspace, shop, day),
    }  # fmt: skip


def _days_of(window: str) -> int:
    """So many days, its own included, until the enquiries of a day are ready."""
    cut = Window.parse(window)
    return cut.days if cut.days is not None else 1 + -(-(cut.span_ms or 0) // DAY_MS)


def _figure(name: str, rows: Mapping[int, Row], day: int) -> Row:
    now = rows.get(day, {})
    weeks = (rows.get(add_days(day, -7 * week), {}) for week in range(1, WEEKS + 1))
    # a day without a chat is one on which the shop was closed, or before its first file
    before = [row for row in weeks if any(row.get(chat) for chat in _CHATS)]
    of = now.get("of", {}).get(name)
    parts = [row["of"][name][:2] for row in before if row.get("of", {}).get(name)]
    usual: float | Decimal | None = None
    verdict = None
    if of is not None and of[2] is not None and parts:
        together = tuple(int(sum(part[at] for part in parts)) for at in (0, 1))
        usual = together[0] / together[1] if together[1] else None
        verdict = compared((of[0], of[1]), together)
    elif name in MEANS:
        usual = _mean([row.get(name) for row in before])
    is_late = now.get(name) is None and bool(now.get(name.replace("conversion_", "immature_")))
    return {"day": day, "value": now.get(name), "of": of, "usual": usual, "verdict": verdict, "is_late": is_late}


def _mean(values: Sequence[Any]) -> Decimal | None:
    """The mean of what is known, as money is: in whole fen."""
    known = [Decimal(str(value)) for value in values if value is not None]
    return (sum(known, Decimal()) / len(known)).quantize(Decimal("0.01")) if known else None


def compared(now: Sequence[int], usual: Sequence[int]) -> str | None:
    """相比 of two proportions as (numerator, denominator): "above", "below" or "inside"; None of fewer than LEAST trials."""
    if min(now[1], usual[1]) < LEAST:
        return None
    least, most = newcombe((now[0], now[1]), (usual[0], usual[1])) or (0.0, 0.0)
    return "above" if least > 0 else "below" if most < 0 else "inside"


def _month(workspace: Workspace, shop: str, day: int, agent: str | None) -> Row:
    first = to_day(to_date(day).replace(day=1))
    asked = ["enquiries", "conversion_same_day", "attributed_amount", "inspection_score"]
    by = ("shop",) if agent is None else ("agent",)
    found = figures(workspace, shop, start=first, end=day, by=by, metrics=asked)
    rows = [row for row in found if agent is None or row["agent"] == agent]
    return rows[0] if rows else {}


def _agents(workspace: Workspace, shop: str, day: int) -> list[str]:
    found = figures(workspace, shop, start=day, end=day, by=("agent",), metrics=["received_buyers"])
    return sorted(row["agent"] for row in found if row["agent"] and row["received_buyers"])


def enough(told: Row) -> Row:
    """够数的 the same without rates of fewer than LEAST and rates that are not ready; counts and amounts stay."""

    def rests(value: Any, of: Any) -> bool:
        return value is not None and (of is None or of[2] is None or of[1] >= LEAST)

    month = told["month"]
    few = [name for name, of in month.get("of", {}).items() if not rests(month.get(name), of)]
    kept = {name: one for name, one in told["figures"].items() if rests(one["value"], one["of"])}
    return told | {"figures": kept, "month": month | dict.fromkeys(few)}
