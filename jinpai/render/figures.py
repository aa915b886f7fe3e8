"""页面的图 figures: the rows each chart draws, with the sentence over it and the words on its marks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from markupsafe import Markup

from jinpai import terms
from jinpai.render import columns, story
from jinpai.render.charts import theme
from jinpai.render.story import How, Say, how, ready_on, windows_of
from jinpai.render.tables import marks

Row = Mapping[str, Any]
FEW = 30
"""Under so many enquiries a rate says too little to call anybody better or worse."""

PHONE_WIDTH = 326
Maker = Callable[[int, bool], Any]
"""Draws a chart of a width; whether it is for a phone."""
Door = Callable[..., str]
"""Where a figure's passport lies: of a metric, and of a day or an agent by name."""


@dataclass(frozen=True)
class Figure:
    """图 a figure of the page: what draws it (several stand one under another), sentence, and how it came about.

    `told` is what its marks say, one by one, `doors` the addresses that they lead to.
    """

    makers: tuple[Maker, ...] = ()
    label: str = ""
    width: int = 0
    hint: str = ""
    legend: list[tuple[str, str]] = field(default_factory=list)
    how: How | None = None
    instead: str = ""
    doors: Mapping[str, str] = field(default_factory=dict)
    told: Sequence[str] = ()

    @cached_property
    def wide(self) -> list[Markup]:
        """The pictures at the page's width."""
        return [theme.svg(make(self.width, False), self.label, self.doors) for make in self.makers]

    @cached_property
    def phone(self) -> list[Markup]:
        """The pictures at a phone's width."""
        return [theme.svg(make(PHONE_WIDTH, True), self.label, self.doors) for make in self.makers]


def finished(figure: Figure) -> Figure:
    """画好的 the figure with its pictures drawn and nothing left to draw, so that it can be kept."""
    done = replace(figure, makers=())
    # where a cached property looks first
    done.__dict__.update(wide=figure.wide, phone=figure.phone)
    return done


def drawn(makers: Sequence[Maker], label: str, width: int, say: Say, **rest: Any) -> Figure:
    """画图 each maker's chart at the page's width and at a phone's; without the extra, a sentence."""
    if not theme.is_installed():
        return Figure(hint=rest.get("hint", ""), how=rest.get("how"), instead=say(
            '没有画图：请安装 pip install "jinpai[charts]"。数字都在下面的表里。',
            'No chart: install it with pip install "jinpai[charts]". The figures are in the tables.'))  # fmt: skip
    return Figure(tuple(makers), label, width, **rest)


def nowhere(_metric: str, **_of: str) -> str:
    """没有门 what leads nowhere."""
    return ""


def doors(rows: Sequence[Row], metric: str, by: str, door: Door) -> dict[str, str]:
    """门 where each row's mark leads, by what the mark says."""
    return {str(row["told"]): where for row in rows if (where := door(metric, **{by: str(row[by])}))}


def _told(rows: Sequence[Row]) -> list[str]:
    return [str(row["told"]) for row in rows]


def every_day(days: Row) -> list[Row]:
    """每一天 the rows of a report by day with the days between that had nothing, so that time is even."""
    known = {str(row["day"]): row for row in days["rows"]}
    if not known:
        return []
    first, last = date.fromisoformat(min(known)), date.fromisoformat(max(known))
    names = [(first + timedelta(days=at)).isoformat() for at in range((last - first).days + 1)]
    return [known.get(name, {"day": name, "of": {}}) for name in names]


def days(result: Row, totals: Row, say: Say, door: Door = nowhere) -> tuple[Figure, Figure]:
    """每天 conversion with its interval, and sales; a day's mark leads to its figure's `door`."""
    from jinpai.render.charts import days as chart

    window = str(result["meta"]["window"])
    name = f"conversion_{window}"
    rows = [_day(row, name, window, result["meta"], say) for row in every_day(result)]
    first_marks(rows)
    late = [row for row in rows if row["immature"]]
    if late:
        when = ready_on(late[-1]["day"], windows_of(result["meta"]))[5:]
        late[-1]["late"] = say(f"{when} 出数", f"ready {when}")
    total = totals["rows"][0]
    words = {"mean": total.get(name)}
    legend = [
        ("line", say("询单转化率", "conversion")),
        ("band", say("大致范围", "range")),
        ("dash", say("整段时间", "whole period")),
    ]
    if any(row["immature"] for row in rows):
        legend.append(("late", say("延迟统计", "not yet mature")))
    if any(row["mark"] for row in rows):
        legend.append(("mark", say("活动、节假日", "promotion, holiday")))
    first = drawn(
        [lambda width, _phone: chart.conversion(rows, words, width)], say("每天的询单转化率", "Conversion by day"), 1098, say,
        hint=say(f"{say.words(terms.window_label(window))}付款；灰底的日子统计期没过完，先不算", "shaded days are not yet mature"),
        legend=legend, how=how([name], total, result["meta"], "conversion", say), doors=doors(rows, name, "day", door), told=_told(rows),
    )  # fmt: skip
    parts = {"attributed": say("客服", "agents"), "silent": say("静默", "silent"), "lang": say.lang}
    has_silent = any(row["silent"] for row in rows)
    sold = [row | {"told": _sold(row, parts)} for row in rows]
    second = drawn(
        [lambda width, _phone: chart.sales(sold, parts, width)], say("每天的销售额", "Sales by day"), 1098, say,
        hint=say("按付款日", "by day of payment"),
        legend=[("bar", say("客服销售额", "sales by agents")), *([("grey", say("静默（没问客服）", "silent"))] if has_silent else [])],
        how=how(["attributed_amount", "silent_amount"], total, result["meta"], "sales", say),
        doors=doors(sold, "shop_amount", "day", door), told=_told(sold),
    )  # fmt: skip
    return first, second


def _day(row: Row, name: str, window: str, meta: Row, say: Say) -> dict[str, Any]:
    found = columns.counts(row, name) or (0, 0, None, None)
    waiting = row.get(f"immature_{window}") or 0
    told = f"{row['day']} " + (f"{found[0] / found[1]:.1%} ({found[0]:,} ÷ {found[1]:,})" if found[1] else "")
    if waiting:
        told += say(
            f" {waiting:,} 个延迟统计，{ready_on(str(row['day']), windows_of(meta))[5:]} 出数",
            f" {waiting:,} not yet mature",
        )
    mark = marks(meta, row).split(" · ")[0]
    amounts = {part: float(row.get(f"{part}_amount") or 0) for part in ("attributed", "silent")}
    return {
        "day": str(row["day"]), "rate": found[0] / found[1] if found[1] else None, "low": found[2], "high": found[3],
        "immature": bool(waiting), "mark": mark, "first_mark": "", "late": "", "told": told.strip(), **amounts,
    }  # fmt: skip


def _sold(row: Row, parts: Row) -> str:
    amounts = [f"{parts[part]} {row[part]:,.2f}" for part in ("attributed", "silent") if row[part]]
    return f"{row['day']} " + (" · ".join(amounts) or "0.00")


def first_marks(rows: list[dict[str, Any]]) -> None:
    """活动名 name a stretch of marked days once, at its middle."""
    at = 0
    while at < len(rows):
        until = at
        while until + 1 < len(rows) and rows[until + 1]["mark"] == rows[at]["mark"]:
            until += 1
        rows[(at + until) // 2]["first_mark"] = rows[at]["mark"]
        at = until + 1


def responses(seconds: Sequence[tuple[int, int]], totals: Row, say: Say, door: Door = nowhere) -> Figure:
    """首次响应分布 with the 6 s and 15 s lines; every second leads to the `door` of the median they make."""
    from jinpai.render.charts import responses as chart

    row, meta = totals["rows"][0], totals["meta"]
    clock = columns.clock_of(totals)
    whole = sum(many for _, many in seconds)
    inside = {limit: sum(many for second, many in seconds if second <= limit) for limit in (6, 15)}
    names = {limit: row.get(f"first_response_within_{limit}s{clock}") for limit in (6, 15)}
    shares = {
        limit: inside[limit] / whole if names[limit] is None and whole else names[limit] or 0.0 for limit in (6, 15)
    }
    lines = [
        (limit + 1, say(f"{limit} 秒内 {shares[limit]:.0%}", f"{shares[limit]:.0%} in {limit} s")) for limit in (6, 15)
    ]
    words = {"unit": say("秒", "s"), "axis": say("秒", "seconds"), "marks": lines}
    story = how(
        [f"first_response_seconds_p50{clock}", f"first_response_within_6s{clock}", f"first_response_within_15s{clock}"],
        row,
        meta,
        "response",
        say,
    )
    if not whole:
        return Figure(
            instead=say("这段时间没有人工首次响应。", "No first response by a person in this period."), how=story
        )
    told = _told(chart.bars(seconds, str(words["unit"])))
    where = door(f"first_response_seconds_p50{clock}")
    return drawn(
        [lambda width, _phone: chart.distribution(seconds, words, width)], say("首次响应分布", "First responses by second"), 600, say,
        hint=say(f"{whole:,} 个有人工回复的会话，按首次响应的秒数", f"{whole:,} answered conversations by seconds to the first answer"), how=story,
        legend=[("good", say("6 秒内", "up to 6 s")), ("bar", say("15 秒内", "up to 15 s")), ("bad", say("更久", "longer"))],
        told=told, doors=dict.fromkeys(told, where) if where else {},
    )  # fmt: skip


def agents(result: Row, totals: Row, say: Say, door: Door = nowhere) -> Figure:
    """客服对比 dots and ranges, each leading to its `door`; where buyers are not matched well enough nobody is compared."""
    from jinpai.render.charts import agents as chart

    meta, window = result["meta"], str(result["meta"]["window"])
    name = f"conversion_{window}"
    story = how([name], totals["rows"][0], meta, "conversion", say)
    if (meta.get("identity") or {}).get("ranked") is False:
        return Figure(
            instead=say(
                "买家匹配率太低，不给客服排名、对比；下面的表按名字排列。",
                "Too few buyers are matched to compare agents; the table below is by name.",
            ),
            how=story,
        )
    mean = totals["rows"][0].get(name)
    rows = [_agent(row, name, mean, say) for row in result["rows"] if columns.counts(row, name) and row.get("agent")]
    rows.sort(key=lambda row: (-row["rate"], row["agent"]))
    if not rows:
        return Figure(instead=say("还没有已满统计期的询单。", "No enquiry is mature yet."), how=story)
    words = {"mean": mean, "name": say(f"全店 {mean:.1%}", f"shop {mean:.1%}") if mean is not None else ""}
    return drawn(
        [lambda width, _phone: chart.comparison(rows, words, width)], say("客服的询单转化率", "Conversion of agents"), 520, say,
        hint=say("点是原始转化率，线是大致范围；接的单难易不同，没有折算", "dot: raw conversion; line: rough range; not adjusted for the mix"), how=story, doors=doors(rows, name, "agent", door), told=_told(rows),
    )  # fmt: skip


def _agent(row: Row, name: str, mean: float | None, say: Say) -> dict[str, Any]:
    paid, of, left, right = columns.counts(row, name) or (0, 0, None, None)
    low, high = left or 0.0, right if right is not None else 1.0
    few = of < FEW
    side = "few" if few else "" if mean is None else "below" if high < mean else "above" if low > mean else ""
    notes = {
        "below": say("低于全店", "below shop"),
        "above": say("高于全店", "above shop"),
        "few": say("询单太少，还看不出", "too few to say"),
    }
    note = notes.get(side, "")
    told = f"{row['agent']} {paid / of:.1%} ({paid:,} ÷ {of:,}) {low:.0%}–{high:.0%}"
    return {
        "agent": str(row["agent"]),
        "rate": paid / of,
        "low": low,
        "high": high,
        "side": side,
        "note": note,
        "told": told,
        "few": few,
    }


def hours(result: Row, beside: int, say: Say) -> Figure:
    """咨询时段 the heat map, about as high as `beside` agents, and the busiest hour in words."""
    from jinpai.render.charts import hours as chart

    names = [say.words(words) for words in terms.WEEKDAYS]
    rows = []
    for row in result["rows"]:
        day, count = names[int(row["weekday"]) - 1], row.get("consulted_buyers") or 0
        rows.append(
            {"hour": int(row["hour"]), "weekday": day, "count": count, "told": f"{day} {row['hour']}:00 – {count:,}"}
        )
    busiest = max(rows, key=lambda row: int(row["count"]), default=None)
    if busiest is None or not busiest["count"]:
        return Figure(instead=say("这段时间没有咨询。", "Nobody wrote in this period."))
    hint = say(f"咨询人数，越深越多；最忙是{busiest['weekday']} {busiest['hour']} 点，{busiest['count']:,} 人",
               f"buyers who wrote; busiest {busiest['weekday']} {busiest['hour']}:00, {busiest['count']:,}")  # fmt: skip
    meaning = say("每个钟点、星期几里写过话的买家数，这段时间合计；同一买家在两个钟点都写过会各算一次。",
                  "Buyers who wrote in each hour of each weekday, summed over the period; a buyer in two hours counts in both.")  # fmt: skip
    return drawn(
        [lambda width, phone: chart.heat(rows, names, width, min(max(26, 30 * beside // 7), 46), phone=phone)],
        say("咨询时段", "Hours"),
        520,
        say,
        hint=hint,
        how=How(meaning),
        told=_told(
            sorted((row for row in rows if row["count"]), key=lambda row: (names.index(row["weekday"]), row["hour"]))
        ),
    )


def funnel(totals: Row, say: Say, door: Door = nowhere) -> Figure:
    """漏斗 咨询 → 接待 → 询单 → 下单 → 付款, a bar a step, which leads to the `door` of its figure."""
    from jinpai.render.charts import funnel as chart

    steps = [
        {"name": step.name, "count": step.count, "shown": f"{step.count:,}", "line": step.line, "told": f"{step.name} {step.count:,}",
         "light": round(step.count * step.light / (step.wide + step.light)) if step.light else 0}
        for step in story.funnel(totals, say)
    ]  # fmt: skip
    window = totals["meta"]["window"]
    of = ("consulted_buyers", "received_buyers", "enquiries", f"order_rate_{window}", f"conversion_{window}")
    leads = {str(step["told"]): where for step, name in zip(steps, of, strict=True) if (where := door(name))}
    # a phone has no room for all that is said of a step
    brief = [step | {"line": str(step["line"]).split(" · ")[0]} for step in steps]
    if not steps[0]["count"]:
        return Figure(instead=say("这段时间没有咨询。", "Nobody wrote in this period."))
    return drawn(
        [lambda width, phone: chart.funnel(brief if phone else steps, width)], say("从咨询到付款", "From question to payment"), 520, say,
        hint=say("下单、付款只看已满统计期的询单；浅色是还没算进去的", "orders and payments of mature enquiries only; the light part is not counted yet"),
        told=_told(steps), doors=leads,
    )  # fmt: skip
