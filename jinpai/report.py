"""报表 report: any metrics at any grain, with what the numbers rest on; one dictionary, ready for JSON.

Source: the metrics contract, §8. Numbers are right or absent: money as text with two places, unknown
and not yet as None, every rate with numerator, denominator and interval.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, Any

from jinpai import flow, standing
from jinpai.catalogue import suggestion
from jinpai.computing import Progress, horizon_of, no_progress, values_of
from jinpai.counting import Chosen, Counted, Period, count
from jinpai.errors import JinpaiError, Words, WrongUse
from jinpai.metrics import choose
from jinpai.metrics.definition import Metric, Part
from jinpai.metrics.parts import DAYS, DIMENSIONS, Grain
from jinpai.metrics.values import Counts, value
from jinpai.period import Days, Window, add_days, format_day, format_instant, parse_day, parse_instant
from jinpai.shelf import remembered
from jinpai.sourcing import stale
from jinpai.workspace import Settings, Workspace

if TYPE_CHECKING:
    from jinpai.engine import Engine, Value

COLUMNS = ("shop", *DIMENSIONS, *DAYS)
_AT_ONCE = ("rule", "enquiry_agents", "min_match_rate")
"""Settings that choose among what facts already hold; the others need the tables computed anew."""


@dataclass(frozen=True, slots=True)
class Asked:
    """所问 a report's question, checked: whose, which settings, as of when, at which grain."""

    shop: str
    settings: Settings
    own: Settings
    as_of: int | None
    by: tuple[str, ...]
    window: Window
    start: int | None
    end: int | None

    @property
    def anew(self) -> bool:
        """要重算 whether the tables must be computed under other settings or as of an instant."""
        if self.as_of is not None:
            return True
        mine, other = self.own.shown(), self.settings.shown()
        return any(mine[name] != other[name] for name in mine if name not in _AT_ONCE)


def ask(
    workspace: Workspace, shop: str | None, *, start: str | int | None = None, end: str | int | None = None,
    by: Sequence[str] = ("shop",), window: str | None = None, rule: str | None = None, as_of: str | int | None = None,
    enquiry_agents: str | None = None, overrides: Mapping[str, str] | None = None,
) -> Asked:  # fmt: skip
    """所问 the arguments of a report, checked; a mistake is WrongUse or JinpaiError naming value and remedy."""
    key = workspace.shop(shop)
    own = workspace.settings(key)
    changes = dict(overrides or {})
    changes |= {name: said for name, said in (("rule", rule), ("enquiry_agents", enquiry_agents)) if said is not None}
    settings = own.override(changes)
    for column in by:
        if column not in COLUMNS:
            hint = suggestion(column, COLUMNS)
            raise WrongUse(f"不能按「{column}」分。{hint.zh}", f"Cannot report by '{column}'. {hint.en}")
    try:
        instant = parse_instant(as_of, settings.zone) if isinstance(as_of, str) else as_of
        first = None if start is None else parse_day(start)
        last = None if end is None else parse_day(end)
        if first is not None and last is not None:
            Days.between(first, last)
        shown = Window.parse(window or settings.window)
    except JinpaiError as error:
        raise WrongUse(*error.words) from None
    return Asked(key, settings, own, instant, tuple(dict.fromkeys(by)), shown, first, last)


@contextmanager
def looked_up(
    workspace: Workspace, asked: Asked, progress: Progress = no_progress, *, builds: bool = True
) -> Iterator[tuple[Engine, dict[str, Value]]]:
    """备好的事实 an engine with the tables for a question and the values to bind, computed anew where it needs that.

    Facts that are behind are built first; without `builds` they are read as they are.
    """
    if builds and asked.shop in stale(workspace):
        flow.build(workspace, progress)
    if asked.anew:
        with flow.reckoned(workspace, asked.shop, asked.settings, asked.as_of) as (engine, values):
            yield engine, values | _choices(asked, horizon_of(engine))
        return
    with flow.opened(workspace, asked.shop) as engine:
        values = values_of(asked.settings)
        yield engine, values | _choices(asked, horizon_of(engine))


def _choices(asked: Asked, horizon: int) -> dict[str, Value]:
    from jinpai.daily import scope_of

    return {
        "horizon": horizon if asked.as_of is None else asked.as_of, "rule": asked.settings.rule,
        "enquiry_scope": scope_of(asked.settings.enquiry_agents),
    }  # fmt: skip


def report(
    workspace: Workspace, shop: str | None = None, *, start: str | int | None = None, end: str | int | None = None,
    by: Sequence[str] = ("shop",), metrics: Sequence[str] | None = None, window: str | None = None,
    rule: str | None = None, as_of: str | int | None = None, enquiry_agents: str | None = None,
    overrides: Mapping[str, str] | None = None, progress: Progress = no_progress, builds: bool = True,
) -> dict[str, Any]:  # fmt: skip
    """报表 `{"meta": …, "rows": […]}` as metrics.md §8 says.

    Days `start` and `end` are both included; None is the first or last day with data. Instants and
    days are the shop's. `overrides` are settings as after --set, for this run only. Facts that are behind are built
    first, unless `builds` says that they will do as they are.
    """
    asked = ask(workspace, shop, start=start, end=end, by=by, window=window, rule=rule, as_of=as_of,
        enquiry_agents=enquiry_agents, overrides=overrides)  # fmt: skip
    chosen = choose(list(metrics) if metrics is not None else None, asked.window)
    if builds and asked.shop in stale(workspace):
        flow.build(workspace, progress)
    question = ("report", repr(asked), tuple(metric.column(cut) for metric, cut in chosen))
    return remembered(workspace, asked.shop, question, lambda: _reported(workspace, asked, chosen, progress))


def figures(
    workspace: Workspace, shop: str, *, start: int, end: int, by: Sequence[str], metrics: Sequence[str]
) -> list[dict[str, Any]]:  # fmt: skip
    """数字 the rows of a report under the shop's own settings, without what they rest on; nothing is built."""
    asked = ask(workspace, shop, start=start, end=end, by=by)
    chosen = choose(list(metrics), asked.window)
    question = ("figures", repr(asked), tuple(metric.column(cut) for metric, cut in chosen))

    def compute() -> list[dict[str, Any]]:
        with looked_up(workspace, asked, builds=False) as (engine, values):
            return _counted(engine, asked, values, chosen)[1]

    return remembered(workspace, asked.shop, question, compute)


def _counted(
    engine: Engine, asked: Asked, values: Mapping[str, Value], chosen: Chosen
) -> tuple[Period, list[dict[str, Any]]]:
    period = _period(engine, asked)
    counted = count(engine, asked.settings, values, grain=Grain.of(asked.by), period=period, chosen=chosen,
        daily=_from_daily(asked))  # fmt: skip
    return period, _rows(asked, period, chosen, counted)


def _reported(workspace: Workspace, asked: Asked, chosen: Chosen, progress: Progress) -> dict[str, Any]:
    with looked_up(workspace, asked, progress, builds=False) as (engine, values):
        period, rows = _counted(engine, asked, values, chosen)
        meta = standing.meta(engine, asked.settings, values, period, workspace)
        if "product" in asked.by:
            meta["products"] = standing.titles(engine)
    meta["notes"] += [note._asdict() for note in _lines(asked, chosen, rows)]
    meta["settings"] = asked.settings.shown()
    meta["window"], meta["rule"] = asked.window.name, asked.settings.rule
    stands_at = values["horizon"]
    meta["as_of"] = (
        format_instant(int(stands_at), asked.settings.zone) if isinstance(stands_at, int) and stands_at else None
    )
    return {"meta": meta, "rows": rows}


def _lines(asked: Asked, chosen: Chosen, rows: Sequence[dict[str, Any]]) -> list[Words]:
    """How many more late answers a platform's line allows, for the shop as a whole, where a line is set."""
    if asked.by != ("shop",) or not rows:
        return []
    told = []
    for metric, _ in chosen:
        profile = asked.settings.profile(metric.profile, 99_991_231) if metric.profile else None
        ratio = rows[0]["of"].get(metric.name)
        if profile is None or profile.target is None or metric.unit != "rate" or not ratio or not ratio[1]:
            continue
        if profile.target > 1:  # a line of seconds, for the platform's other figure
            continue
        spare = late_answers_left(ratio[0], ratio[1], profile.target)
        line = f"{profile.target:.1%}"
        told.append(
            Words(f"{metric.zh}：离 {line} 这条线还能再有 {spare} 个超时", f"{metric.name}: {spare} more late ones until the line of {line}")
            if spare >= 0
            else Words(f"{metric.zh}：已经低于 {line}，再连续及时回复 {-spare} 个才回到线上",
                f"{metric.name}: below the line of {line}; {-spare} more in time would bring it back")
        )  # fmt: skip
    return told


def late_answers_left(in_time: int, total: int, line: float) -> int:
    """还能慢几个 how many more late answers until a rate falls below its line; negative: how many answers in time
    it takes to come back. Whole answers on top of those counted."""
    exact = Fraction(str(line))
    if exact <= 0:
        return 0
    if in_time >= exact * total:
        return floor(Fraction(in_time) / exact) - total
    return -ceil((exact * total - in_time) / (1 - exact)) if exact < 1 else -total


def _from_daily(asked: Asked) -> bool:
    return (
        not asked.anew
        and asked.own.rule == asked.settings.rule
        and asked.own.enquiry_agents == asked.settings.enquiry_agents
    )


_RANGE = """
select min(day) as first_day, max(day) as last_day from (
    select min(day) as day from conversation union all select max(day) from conversation
    union all select min(created_day) from orders union all select max(created_day) from orders
    union all select max(paid_day) from orders union all select max(day) from refund)
"""


def _period(engine: Engine, asked: Asked) -> Period:
    found: dict[str, Any] = engine.rows(_RANGE)[0] if engine.has("conversation") else {"first_day": None}
    if found["first_day"] is None:
        raise JinpaiError(
            f"店铺「{asked.shop}」还没有数据。请先导入聊天记录和订单：jinpai import 文件 --workspace 工作区。",
            f"Shop '{asked.shop}' has no data yet. Import chats and orders first: jinpai import FILE --workspace DIR.",
        )
    first, last = asked.start or found["first_day"], asked.end or found["last_day"]
    if last < first:
        raise JinpaiError(
            f"{format_day(first)} 到 {format_day(last)} 之间没有日子：数据是 {format_day(found['first_day'])} 到"
            f" {format_day(found['last_day'])}。请改 --from 或 --to。",
            f"No days from {format_day(first)} to {format_day(last)}: data are from {format_day(found['first_day'])} to"
            f" {format_day(found['last_day'])}. Change --from or --to.",
        )
    return Period(first, add_days(last, 1))


def _rows(asked: Asked, period: Period, chosen: Chosen, counted: Counted) -> list[dict[str, Any]]:
    grain = Grain.of(asked.by)
    keys = set(counted.rows)
    if not grain.columns:
        keys = {()}
    elif grain.columns == ("day",):
        keys |= {(day,) for day in Days(period.start, period.end)}
    named = [key for key in keys if all(one is not None for one in key)]
    figures = [(metric, metric.column(window), metric.parts(window)) for metric, window in chosen]
    return [
        _row(asked, grain, key, figures, counted) for key in sorted(named, key=lambda key: _order(asked, grain, key))
    ]


def _order(asked: Asked, grain: Grain, key: tuple[Any, ...]) -> list[Any]:
    told = dict(zip(grain.columns, key, strict=True))
    return [told[name] for name in asked.by if name in told]


def _row(
    asked: Asked,
    grain: Grain,
    key: tuple[Any, ...],
    figures: Sequence[tuple[Metric, str, tuple[Part, ...]]],
    counted: Counted,
) -> dict[str, Any]:
    told = dict(zip(grain.columns, key, strict=True)) | {"shop": asked.shop}
    if "day" in told:
        told["day"] = format_day(told["day"])
    row: dict[str, Any] = {name: told[name] for name in asked.by}
    of: dict[str, list[object]] = {}
    for metric, column, parts in figures:
        if (metric.shop_only and "agent" in asked.by) or metric.name in counted.unknown:
            row[column] = None
            continue
        mine, whole = counted.at(metric, grain, key)
        row[column], ratio = value(metric, parts, mine, whole)
        if ratio is not None:
            of[column] = ratio
    row["of"] = of
    return row


def histogram(
    workspace: Workspace, shop: str | None = None, *, start: str | int | None = None, end: str | int | None = None,
    clock: str = "", as_of: str | int | None = None, overrides: Mapping[str, str] | None = None, builds: bool = True,
) -> list[tuple[int, int]]:  # fmt: skip
    """响应分布 how many conversations were first answered in each whole second, in order; `clock` is "" or "_business".

    `as_of`, `overrides` and `builds` are those of a report.
    """
    asked = ask(workspace, shop, start=start, end=end, as_of=as_of, overrides=overrides)
    chosen = choose([f"first_response_seconds_p50{clock}"], asked.window)
    with looked_up(workspace, asked, builds=builds) as (engine, values):
        counted = count(engine, asked.settings, values, grain=Grain.of(()), period=_period(engine, asked), chosen=chosen,
            daily=_from_daily(asked))  # fmt: skip
    seconds = counted.rows.get((), Counts()).seconds.get(chosen[0][0].numerator, {})
    return [(second, number) for second, (number, _) in sorted(seconds.items())]
