"""今日看板 today: the figures of a day as cards: value, interval and whether it is news, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jinpai.errors import Words
from jinpai.period import format_day, to_date
from jinpai.render import columns
from jinpai.render.story import Say

CARDS = (
    "conversion_same_day", "conversion_{w}", "attributed_amount", "first_response_within_15s{c}", "inspection_score", "unreplied_buyers",
)  # fmt: skip
NEWS = {
    "above": (Words("比平时好", "better than usual"), "good"), "below": (Words("比平时差", "worse than usual"), "bad"),
    "inside": (Words("在正常波动内", "within the usual swing"), "calm"), None: (Words("太少，还看不出", "too few to tell"), "calm"),
}  # fmt: skip


def cards(told: Mapping[str, Any], window: str, say: Say) -> Iterator[dict[str, Any]]:
    """卡片 one for each figure there is, in order; the clock of the opening hours where the shop has them."""
    figures = told["figures"]
    clock = "_business" if "first_response_within_15s_business" in figures else ""
    for name in dict.fromkeys(one.format(w=window, c=clock) for one in CARDS):
        if name in figures:
            yield _card(name, figures[name], say)


def _card(name: str, figure: Mapping[str, Any], say: Say) -> dict[str, Any]:
    column = columns.column(name)
    day, value, of = figure["day"], figure["value"], figure["of"]
    sign = "¥" if column.unit == "yuan" else ""
    interval = counted = ""
    if of is not None and of[2] is not None:
        interval = say("大致在 %s–%s 之间", "about %s to %s") % (f"{of[2]:.0%}", f"{of[3]:.0%}")
        counted = f"{of[0]:,} / {of[1]:,}"
    news = NEWS[figure["verdict"]] if interval and figure["usual"] is not None else None
    return {
        "name": name, "title": say.words(column.label), "meaning": say.words(column.meaning) if column.meaning else "", "day": format_day(day),
        "value": say("延迟统计", "not yet") if figure["is_late"] else f"{sign if value is not None else ''}{columns.written(value, column.unit)}",
        "is_known": value is not None,
        "interval": interval, "counted": counted, "news": say.words(news[0]) if news else "", "kind": news[1] if news else "",
        "usual": _usual(figure["usual"], column.unit, day, sign, say),
    }  # fmt: skip


def _usual(usual: Any, unit: str, day: int, sign: str, say: Say) -> str:
    """What the same weekday of the four weeks before was."""
    if usual is None:
        return ""
    words = (
        say("前四个%s合计 %s", "the four %s before together: %s")
        if unit == "rate"
        else say("前四个%s平均 %s", "mean of the four %s before: %s")
    )
    return words % (weekday(day, say), f"{sign}{columns.written(usual if unit == 'rate' else str(usual), unit)}")


def month(told: Mapping[str, Any], say: Say) -> list[tuple[str, str, str]]:
    """本月 (name of the metric, its label, its value) of the month so far, of what is known."""
    found = []
    for name in ("enquiries", "conversion_same_day", "attributed_amount", "inspection_score"):
        value = told["month"].get(name)
        if value is not None:
            column = columns.column(name)
            sign = "¥" if column.unit == "yuan" else ""
            found.append((name, say.words(column.label), f"{sign}{columns.written(value, column.unit)}"))
    return found


def weekday(day: int, say: Say) -> str:
    """星期 of a day in words."""
    return say.words(columns.weekday(to_date(day).isoweekday()))
