"""平台口径 profiles: how each platform counts response, with the day from which it counts so; never hard-coded."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import pairwise

from jinpai.errors import JinpaiError
from jinpai.period import add_days, format_clock, format_day, parse_clock
from jinpai.workspace.checks import Check, Refused, choice, day, fields, flag, text, whole

PLATFORMS = ("tmall", "jd", "pdd", "douyin")


@dataclass(frozen=True, slots=True)
class PlatformProfile:
    """平台口径 one platform's way of counting from the day `since` (yyyymmdd) on.

    `opens` and `closes` are minutes after midnight, half-open; `cap_seconds` caps one round or is None;
    `target` is the platform's line in the metric's own unit (seconds or a share) or None.
    """

    name: str
    since: int
    opens: int
    closes: int
    cap_seconds: int | None
    unit: str
    assist_counts: bool
    automatic: str
    unanswered: str
    target: float | None = None


@dataclass(frozen=True, slots=True)
class Promotion:
    """活动 a promotion of the shop: its days from `start` to before `end`, yyyymmdd."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Given:
    """人工指定 an order that a person gave to an agent, with that person's name and the reason."""

    order_id: str
    agent: str
    by: str
    reason: str


DEFAULT_PROFILES: list[dict[str, object]] = [
    {"name": "tmall", "since": "2020-01-01", "opens": "08:00", "closes": "23:00", "cap_seconds": 600, "unit": "round",
     "assist_counts": True, "automatic": "left_out", "unanswered": "cap"},
    {"name": "jd", "since": "2020-01-01", "opens": "09:00", "closes": "23:00", "unit": "conversation",
     "assist_counts": False, "automatic": "left_out", "unanswered": "late"},
    {"name": "pdd", "since": "2020-01-01", "opens": "08:00", "closes": "23:00", "unit": "conversation",
     "assist_counts": False, "automatic": "left_out", "unanswered": "late"},
    {"name": "douyin", "since": "2020-01-01", "opens": "08:00", "closes": "23:00", "unit": "conversation",
     "assist_counts": False, "automatic": "left_out", "unanswered": "late"},
]  # fmt: skip
"""What a shop has until it writes profiles of its own, in the form of the file."""

_CHECKS: dict[str, Check] = {
    "name": choice(*PLATFORMS),
    "since": Check(day),
    "cap_seconds": whole(1, 86_400),
    "unit": choice("round", "conversation"),
    "assist_counts": flag(),
    "automatic": choice("left_out", "counts"),
    "unanswered": choice("cap", "late", "left_out"),
}
_WANTED = ("name", "since", "opens", "closes", "unit", "assist_counts", "automatic", "unanswered")


def _clock(value: object) -> int:
    try:
        return parse_clock(value if isinstance(value, str) else repr(value))
    except JinpaiError as error:
        raise Refused(*error.words) from None


def _one(value: object) -> PlatformProfile:
    table = fields(value, _WANTED, ("cap_seconds", "target"))
    read: dict[str, object] = {"cap_seconds": None, "target": None}
    for key, said in table.items():
        try:
            read[key] = _CHECKS[key].accept(said) if key in _CHECKS else _number(key, said)
        except Refused as refused:
            zh, en = refused.words
            raise Refused(f"{key} = {said} 不行：{zh}", f"{key} = {said} will not do: {en}") from None
    profile = PlatformProfile(**read)  # type: ignore[arg-type]  # every value has passed its check
    if profile.opens >= profile.closes:
        raise Refused("opens 要早于 closes（跨零点的口径不支持）", "opens must be earlier than closes")
    if profile.unanswered == "cap" and profile.cap_seconds is None:
        raise Refused('unanswered = "cap" 时要写 cap_seconds', 'unanswered = "cap" wants cap_seconds')
    return profile


def _number(key: str, value: object) -> object:
    if key in ("opens", "closes"):
        return _clock(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value <= 0:
        raise Refused("要写大于 0 的数", "a number above 0 is wanted")
    return float(value)


def read_profiles(value: object) -> tuple[PlatformProfile, ...]:
    """平台口径 from the file's [[profiles]], sorted by name and day; one name twice on one day is Refused."""
    profiles = sorted((_one(item) for item in _list(value, "profiles")), key=lambda one: (one.name, one.since))
    for one, other in pairwise(profiles):
        if (one.name, one.since) == (other.name, other.since):
            named = f"{one.name} {format_day(one.since)}"
            raise Refused(f"{named} 写了两遍，请删掉一个", f"{named} is there twice; remove one")
    return tuple(profiles)


def read_promotions(value: object) -> tuple[Promotion, ...]:
    """活动 from the file's [[promotions]] (name, first, last: both days included), sorted by day and name."""
    found = []
    for item in _list(value, "promotions"):
        table = fields(item, ("name", "first", "last"))
        name, first, last = _said(table["name"]), day(table["first"]), day(table["last"])
        if last < first:
            raise Refused(
                f"「{name}」的 last 早于 first，请对调", f"'{name}' ends before it starts; swap first and last"
            )
        found.append(Promotion(name, first, add_days(last, 1)))
    return tuple(sorted(found, key=lambda one: (one.start, one.end, one.name)))


def read_given(value: object) -> tuple[Given, ...]:
    """人工指定 from the file's [[given]], sorted by order; one order given twice is Refused."""
    wanted = ("order_id", "agent", "by", "reason")
    found = sorted(
        (Given(*(_said(fields(item, wanted)[key]) for key in wanted)) for item in _list(value, "given")),
        key=lambda one: one.order_id,
    )
    for one, other in pairwise(found):
        if one.order_id == other.order_id:
            raise Refused(
                f"订单 {one.order_id} 指定了两次，请删掉一个", f"order {one.order_id} is given twice; remove one"
            )
    return tuple(found)


def read_memo_codes(value: object) -> dict[str, str]:
    """备忘代码 from the file's [memo_codes]: code in the seller's memo -> agent."""
    if not isinstance(value, dict):
        raise Refused('要写成 代码 = "客服子账号" 的表', 'a table of code = "agent" is wanted')
    return {_said(code): _said(agent) for code, agent in sorted(value.items())}


def _said(value: object) -> str:
    return text(str(value) if isinstance(value, int) and not isinstance(value, bool) else value)


def _list(value: object, name: str) -> list[object]:
    if not isinstance(value, list):
        raise Refused(f"要写成一段或几段 [[{name}]]", f"one or more [[{name}]] are wanted")
    return value


def show_profile(profile: PlatformProfile) -> dict[str, object]:
    """平台口径 in the form of the file."""
    shown = {key: value for key, value in asdict(profile).items() if value is not None}
    clocks = {"opens": format_clock(profile.opens), "closes": format_clock(profile.closes)}
    return shown | clocks | {"since": format_day(profile.since)}
