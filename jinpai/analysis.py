"""数据分析 analysis: one metric by one dimension over any days, two periods beside each other, other settings beside today's.

Every figure is the report's own: a month is asked for as a month, so that ratios are ratios of its sums. A difference of
rates carries its interval (Newcombe's) and a verdict, of fewer than 30 trials on either side none. Facts are read as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jinpai.errors import WrongUse
from jinpai.metrics import choose
from jinpai.metrics.values import newcombe
from jinpai.period import Window, add_days, format_day, parse_day, to_date, to_day
from jinpai.report import report
from jinpai.today import LEAST, compared

if TYPE_CHECKING:
    from jinpai.workspace import Workspace

Row = dict[str, Any]
BY = ("agent", "product", "day", "week", "month", "weekday", "hour", "shop")
"""维度 by what a metric is told apart; there is no team in the data yet."""
TIMES = ("day", "week", "month")
_WITHOUT = frozenset(("shop", "agent", "day"))
"""A metric over a length of its own knows these alone."""


@dataclass(frozen=True, slots=True)
class Question:
    """所问 a metric by a dimension, of the shop or of one agent, over days, both included; `window` is the shop's where None."""

    metric: str
    by: str
    first: int
    last: int
    window: str | None = None
    agent: str | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)
    """other settings for this question alone, as the report takes them: rule, overrides"""


def analysed(workspace: Workspace, shop: str, asked: Question) -> Row:
    """数据分析 `{"column", "result", "total", "days"}`: the metric's column, a report whose rows are the dimension's, the row of all,
    and each row's own first and last day. Agents and products stand with the most first, times and hours in order.
    """
    if asked.by not in BY:
        raise WrongUse(
            f"不能按「{asked.by}」分。可以按：{'、'.join(BY)}。", f"Cannot report by '{asked.by}'. By: {', '.join(BY)}."
        )
    [(metric, window)] = choose([asked.metric], Window.parse(asked.window or workspace.settings(shop).window))
    if metric.days is not None and asked.by not in _WITHOUT:
        raise WrongUse(
            f"「{metric.zh}」按最近 {metric.days} 天算，只能按店铺、客服、天看。请换一种分法。",
            f"'{metric.name}' is over its last {metric.days} days: only by shop, agent or day. Choose another.",
        )
    column = metric.column(window)
    names = [column, *([f"immature_{window.name}"] if window else [])]
    result = _asked(workspace, shop, asked, names)
    total = _told(workspace, shop, asked, (), names)
    rows = [row for row in result["rows"] if asked.agent in (None, row.get("agent"))]
    if asked.by in ("agent", "product"):
        rows = [row for row in rows if row[asked.by]]
        rows.sort(key=lambda row: (row[column] is None, -float(row[column] or 0), row[asked.by]))
    mine = [row for row in total["rows"] if asked.agent in (None, row.get("agent"))]
    return {"column": column, "result": result | {"rows": rows}, "total": mine[0] if mine else None,
        "days": [_days_of(row, asked) for row in rows]}  # fmt: skip


def _asked(workspace: Workspace, shop: str, asked: Question, names: Sequence[str]) -> Row:
    if asked.by != "month":
        return _told(workspace, shop, asked, (asked.by,), names)
    months = list(_months(asked.first, asked.last))
    found = [(month, _told(workspace, shop, asked, (), names, month)) for month in months]
    rows = [{"month": format_day(month[0])[:7]} | row for month, one in found for row in one["rows"]]
    meta = found[-1][1]["meta"] | {"from": format_day(asked.first), "to": format_day(asked.last)}
    return {"meta": meta, "rows": [{name: value for name, value in row.items() if name != "shop"} for row in rows]}


def _told(
    workspace: Workspace, shop: str, asked: Question, by: tuple[str, ...], names: Sequence[str], days: tuple[int, int] | None = None
) -> Row:  # fmt: skip
    grain = tuple(dict.fromkeys((*(("agent",) if asked.agent is not None else ()), *by))) or ("shop",)
    first, last = days or (asked.first, asked.last)
    return report(workspace, shop, start=first, end=last, by=grain, metrics=list(names), window=asked.window, builds=False,
        **asked.changes)  # fmt: skip


def _months(first: int, last: int) -> Iterator[tuple[int, int]]:
    """The first and last day of each month within the days."""
    at = first
    while at <= last:
        after = to_day((to_date(at).replace(day=1) + timedelta(days=32)).replace(day=1))
        yield at, min(add_days(after, -1), last)
        at = after


def _days_of(row: Row, asked: Question) -> tuple[str, str]:
    """A row's own days, of those asked for."""
    first, last = asked.first, asked.last
    if asked.by == "day":
        first = last = parse_day(row["day"])
    elif asked.by == "week":
        monday = to_day(date.fromisocalendar(int(row["week"][:4]), int(row["week"][-2:]), 1))
        first, last = max(first, monday), min(last, add_days(monday, 6))
    elif asked.by == "month":
        first, last = next(one for one in _months(first, last) if format_day(one[0])[:7] == row["month"])
    return format_day(first), format_day(last)


def beside(names: Sequence[str], now: Row, then: Row) -> list[Row]:
    """相比 the named columns of two rows of reports: `{"name", "now", "then", "difference", "low", "high", "verdict"}`.

    Of a rate of things that happen or not the interval and the verdict: "above", "below", "inside", or None of too few.
    Other figures have a difference and no verdict.
    """
    return [_beside(name, now, then) for name in names]


def _beside(name: str, now: Row, then: Row) -> Row:
    found: Row = {
        "name": name,
        "now": now.get(name),
        "then": then.get(name),
        "difference": None,
        "low": None,
        "high": None,
    }
    found |= {"verdict": None, "few": False, "judged": False}
    if found["now"] is None or found["then"] is None:
        return found
    parts = [row.get("of", {}).get(name) for row in (now, then)]
    found["difference"] = Decimal(str(found["now"])) - Decimal(str(found["then"]))
    if all(part is not None and part[2] is not None and isinstance(part[0], int) for part in parts):
        [(metric, _)] = choose([name], Window.parse("same_day"))
        if metric.unit == "rate":
            one, other = ((part[0], part[1]) for part in parts)
            found["judged"], found["few"] = True, min(one[1], other[1]) < LEAST
            found["verdict"] = compared(one, other)
            found["low"], found["high"] = (newcombe(one, other) if not found["few"] else None) or (None, None)
    return found


EARLIER = ("before", "week", "month")
"""Which earlier days stand beside: just as many before them, the same days a week or a month earlier."""


def earlier(first: int, last: int, which: str) -> tuple[int, int]:
    """比较时段 the earlier days beside some days; a whole month goes beside a whole month, and no month is overrun."""
    if which == "week":
        return add_days(first, -7), add_days(last, -7)
    if which == "month":
        is_whole = first % 100 == 1 and add_days(last, 1) % 100 == 1
        start, end = _month_before(first), _month_before(last)
        return start, (add_days(to_day(to_date(last).replace(day=1)), -1) if is_whole else max(start, end))
    length = (to_date(last) - to_date(first)).days + 1
    return add_days(first, -length), add_days(first, -1)


def _month_before(day: int) -> int:
    """The same day of the month before, or its last where it has no such day."""
    end = add_days(to_day(to_date(day).replace(day=1)), -1)
    return min(end // 100 * 100 + day % 100, end)


def row_of(result: Row, agent: str | None) -> Row:
    """一行 the shop's row of a report by shop, or the agent's of one by agent; an empty one where there is none."""
    return next((row for row in result["rows"] if agent is None or row.get("agent") == agent), {"of": {}})


def without_window(row: Row, window: str) -> Row:
    """去掉统计期 a report's row whose windowed figures bear the metric's bare name, to stand beside those of another window."""
    end = f"_{window}"
    return {name.removesuffix(end): value for name, value in row.items() if name != "of"} | {
        "of": {name.removesuffix(end): parts for name, parts in row.get("of", {}).items()}
    }
