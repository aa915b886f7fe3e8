"""分项 parts: the SQL that counts a metric's parts by shop day, and adds days up.

A period is the sum of its days (a peak: their maximum), so every figure of a month is the figures
of its days added up, and a ratio is a ratio of those sums at every grain.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jinpai.metrics.definition import Part

if TYPE_CHECKING:
    from jinpai.workspace import PlatformProfile, Settings

DIMENSIONS = ("agent", "hour", "product")
DAYS = ("day", "weekday", "week")

_OWNER = """case $rule when 'order' then owner_order when 'payment' then owner_payment when 'first' then owner_first
    when 'by_product' then owner_by_product else owner_order_first end"""

_FROM = {
    "sale": f"(select *, {_OWNER} as agent from sale)",
    "refund": f"(select *, {_OWNER} as agent from refund)",
    "assisted": f"(select * from assisted where agent <> coalesce({_OWNER}, ''))",
    "talk": "talk",
    "transfer": "transfer",
    "evaluation": "evaluation",
    "settled": "settled",
}
"""Sources whose rows count once for the shop and for their agent; the others carry a `scope`."""

_DISTINCT = "distinct"
_SCOPES = {"enquiry_by": "$enquiry_scope"}


@dataclass(frozen=True, slots=True)
class Grain:
    """粒度 by what a report's rows are told apart: some of agent, hour, product; some of day, weekday, week."""

    dimensions: tuple[str, ...]
    days: tuple[str, ...]

    @classmethod
    def of(cls, by: Iterable[str]) -> Grain:
        """粒度 of a list of columns; `shop` adds nothing."""
        names = set(by)
        return cls(tuple(d for d in DIMENSIONS if d in names), tuple(d for d in DAYS if d in names))

    @property
    def columns(self) -> tuple[str, ...]:
        """列 the columns of a row, dimensions first."""
        return (*self.dimensions, *self.days)


def rows_of(source: str, by_agent: bool) -> str:
    """来源 the FROM of a source, with only the rows that count at this scope."""
    name = _FROM.get(source, source)
    if source == "assisted" and not by_agent:
        # an order that two colleagues assisted is one order of the shop
        return f"(select distinct day, hour, product, order_key, amount from {name}) where true"
    if source in _FROM:
        return f"{name} where agent is not null" if by_agent else f"{name} where true"
    scope = _SCOPES.get(source, "'agent'") if by_agent else "'shop'"
    return f"{name} where scope = {scope} and (scope = 'shop' or agent is not null)"


def daily_sql(source: str, expressions: Sequence[str], *scopes: tuple[str, ...]) -> str:
    """按日计数 one row a shop day and values of each scope's dimensions: the aggregates `p0`, `p1`, … of [$from, $to).

    Several scopes are counted in one pass and told apart by `scope`; by agent stands alone, for other rows count there.
    """
    found = ", ".join(f"cast(coalesce({one}, 0) as bigint) as p{number}" for number, one in enumerate(expressions))
    rows = f"{rows_of(source, 'agent' in scopes[0])} and day >= $from and day < $to"
    if len(scopes) > 1 and not any(_DISTINCT in one for one in expressions):
        # rows are many and expressions long: each is looked at once, and what they come to is added up
        finest = ", ".join(["day", *_dimensions(scopes)])
        rows = f"(select {finest}, {found} from {rows} group by {finest}) as finest"
        found = ", ".join(f"cast(sum(p{number}) as bigint) as p{number}" for number in range(len(expressions)))
    return f"select {_keys(scopes)}, {found} from {rows} group by {_sets(scopes)}"


def seconds_sql(source: str, expression: str, grain: Grain) -> str:
    """按秒分布 of the rows of [$from, $to) by a grain and whole second: how many, and their milliseconds together."""
    rows = f"{rows_of(source, 'agent' in grain.dimensions)} and day >= $from and day < $to"
    inner = f"select {', '.join(['day', *grain.dimensions])}, {expression} as ms from {rows}"
    cut = (
        f"select {', '.join(['day', *grain.dimensions])}, ms // 1000 as second, ms from ({inner}) where ms is not null"
    )
    keys = ", ".join([*_named(grain), "i.second"])
    return (
        f"select {keys}, count(*) as n, cast(sum(i.ms) as bigint) as ms "
        f"from ({cut}) as i {_calendar(grain)} group by {keys}"
    )


def _dimensions(scopes: Sequence[tuple[str, ...]]) -> list[str]:
    return [one for one in DIMENSIONS if any(one in scope for scope in scopes)]


def _keys(scopes: Sequence[tuple[str, ...]]) -> str:
    keys = ["day", *_dimensions(scopes)]
    if len(scopes) > 1:
        named = " ".join(f"when grouping({scope[0]}) = 0 then '{scope[0]}'" for scope in scopes if scope)
        keys.append(f"case {named} else '' end as scope")
    return ", ".join(keys)


def _sets(scopes: Sequence[tuple[str, ...]]) -> str:
    sets = [", ".join(["day", *scope]) for scope in scopes]
    return sets[0] if len(sets) == 1 else f"grouping sets ({', '.join(f'({one})' for one in sets)})"


def added_up(inner: str, names: Sequence[str], how: str, grain: Grain) -> str:
    """加总 the rows of `inner` over their days: `how` is sum or max; weekday and week come from the calendar."""
    keys = ", ".join(_named(grain))
    values = ", ".join(f"cast({how}(i.{name}) as bigint) as {name}" for name in names)
    group = f" group by {keys}" if keys else ""
    return f"select {keys + ', ' if keys else ''}{values} from ({inner}) as i {_calendar(grain)}{group}"


def _named(grain: Grain) -> list[str]:
    """A grain's columns in a query of rows `i` and their days `c`."""
    return [
        *(f"i.{one}" for one in grain.dimensions),
        *(f"i.{one}" if one == "day" else f"c.{one}" for one in grain.days),
    ]


def _calendar(grain: Grain) -> str:
    """What a query of rows `i` joins to know their weekdays and weeks."""
    return "inner join calendar as c on c.day = i.day" if set(grain.days) - {"day"} else ""


def with_profiles(part: Part, settings: Settings) -> Part:
    """平台口径 a part with `{tmall}` and the like written out: each day by the profile that held on it."""
    expression = part.expression
    for name in ("tmall", "jd", "pdd", "douyin"):
        if "{" + name not in expression:
            continue
        dated = sorted((one for one in settings.profiles if one.name == name), key=lambda one: one.since)
        until = [one.since for one in dated[1:]] + [99_991_231] * bool(dated)
        rules = [(_counts(one, end), _capped(one)) for one, end in zip(dated, until, strict=True)]
        counted = " or ".join(condition for condition, _ in rules) or "false"
        capped = " ".join(f"when {condition} then {milliseconds}" for condition, milliseconds in rules)
        expression = expression.replace("{" + name + "_ms}", f"case {capped} end" if rules else "null")
        expression = expression.replace("{" + name + "}", f"({counted})")
    return Part(part.source, expression, part.how)


def _counts(profile: PlatformProfile, until: int) -> str:
    """The rows that count by a profile, on the days [since, until)."""
    # a round counts when one of its buyer messages lies in the hours; the first or the last tells
    minutes = ("first_minute", "last_minute") if profile.unit == "round" else ("conversation_minute",)
    inside = " or ".join(f"({one} >= {profile.opens} and {one} < {profile.closes})" for one in minutes)
    terms = [
        f"day >= {profile.since}", f"day < {until}", "with_assist" if profile.assist_counts else "without_assist",
        f"({inside})",
        *(["first_round"] if profile.unit == "conversation" else []),
        *(["not automatic_end"] if profile.automatic == "left_out" else []),
        *(["answered_ms is not null"] if profile.unanswered == "left_out" else []),
    ]  # fmt: skip
    return f"({' and '.join(terms)})"


def _capped(profile: PlatformProfile) -> str:
    cap = (profile.cap_seconds or 86_400) * 1000
    return (
        f"least(coalesce(answered_ms, {cap}), {cap})" if profile.unanswered == "cap" else f"least(answered_ms, {cap})"
    )
