"""页面内容 story: what the page says, worked out from report results; the template only places it.

Sentences first, statistics behind 怎么算的. Nothing here computes a metric: values, intervals and
maturity come from the report.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from jinpai import terms
from jinpai.errors import Words
from jinpai.render import columns
from jinpai.render.columns import counts, grouped, written
from jinpai.workspace.hours import WEEKDAYS

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?[+-]\d\d:\d\d")

Row = Mapping[str, Any]
TEN_THOUSAND, MILLION = 10_000, 1_000_000
SENTENCES = {
    "conversion": ("window", "enquiry_span", "after_sales_days", "enquiry_rule", "min_agent_lines"),
    "sales": ("rule", "attribution_days", "silent_reminder_minutes"),
    "response": ("conversation_gap", "assist_counts", "hours"),
}
"""相关设置 which settings a figure depends on, shown behind its 怎么算的."""


@dataclass(frozen=True, slots=True)
class Say:
    """说法 picks the sentence of the page's language."""

    lang: str

    def __call__(self, zh: str, en: str) -> str:
        return en if self.lang == "en" else zh

    def words(self, words: Words) -> str:
        """One of our own Words."""
        return words.to(self.lang)


@dataclass(frozen=True, slots=True)
class How:
    """怎么算的 behind a figure: what it means and lines of (label, value)."""

    meaning: str
    lines: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Card:
    """大数字 one headline figure: title, what it is of, value, unit, one sentence, tags (kind, text), how."""

    title: str
    hint: str
    value: str
    unit: str
    line: str
    tags: list[tuple[str, str]]
    how: How
    lead: str = ""


def ready_on(day: str, windows: Iterable[str]) -> str:
    """出数日 the day, "YYYY-MM-DD", from which every enquiry of `day` is mature in all the windows."""
    longest = max(1 + _days_after(window) for window in windows)
    return (date.fromisoformat(day) + timedelta(days=longest)).isoformat()


def _days_after(window: str) -> int:
    if window in ("same_day", "next_day"):
        return 0 if window == "same_day" else 1
    return int(window[:-1]) if window.endswith("d") else -(-int(window[:-1]) // 24)


def windows_of(meta: Row) -> tuple[str, str]:
    """统计期 the window shown and the shop's main one: maturity waits for both."""
    return str(meta["window"]), str(meta["settings"].get("window") or meta["window"])


def how(names: Sequence[str], row: Row, meta: Row, about: str, say: Say) -> How:
    """怎么算的 of the first metric, with numerator, denominator and interval of all, and settings."""
    shown = [columns.column(name) for name in names if name in row]
    lines: list[tuple[str, str]] = []
    for column in shown:
        label, found, made_of = column.name_in(say.lang), counts(row, column.name), columns.parts(row, column.name)
        value = written(row[column.name], column.unit)
        lines.append((label, f"{made_of} = {value}" if made_of else value))
        if found and found[2] is not None and found[3] is not None:
            spread = f"{found[2]:.1%}–{found[3]:.1%}"
            lines.append((say("大致范围", "Range"), say(f"{spread}（95%，Wilson 区间）", f"{spread} (95 %, Wilson)")))
    known = meta["settings"]
    lines += [(named(key, say), setting(key, known[key], say)) for key in SENTENCES[about] if key in known]
    meaning = next((say.words(column.meaning) for column in shown if column.meaning), "")
    return How(meaning, lines)


def moment(text: str) -> str:
    """时刻 an instant as people write it, in the zone that it has: 2026-10-31 22:09, with seconds where there are any."""
    return text[:19].replace("T", " ").removesuffix(":00") if _INSTANT.fullmatch(text) else text


def named(key: str, say: Say) -> str:
    """设置名 what a setting is called."""
    label = say.words(terms.SETTINGS.get(key, Words(key, key)))
    return label[:1].upper() + label[1:]


def setting(key: str, value: Any, say: Say) -> str:
    """设置值 a setting's value in words."""
    if value is True or value is False:
        return say("是", "yes") if value else say("否", "no")
    if value in (None, "", [], {}, ()):
        return say("没有设置", "not set")
    if key == "window":
        return say.words(terms.window_label(str(value)))
    if key == "rule" and str(value) in terms.RULES:
        return say.words(terms.RULES[str(value)])
    if key == "min_match_rate":
        return f"{float(value):.0%}"
    if key == "promotions":
        return say("、", ", ").join(f"{one['name']} {one['first']}–{one['last']}" for one in value)
    if key == "profiles":
        return say("、", ", ").join(f"{one['name']} {one['opens']}–{one['closes']}" for one in value)
    if isinstance(value, str) and value in terms.CHOICES:
        return say.words(terms.CHOICES[value])
    if key == "hours" and isinstance(value, dict):
        return opening(value, say)
    if key in COUNTED:
        return say(f"{len(value)} 个", str(len(value)))
    return flat(value, say)


COUNTED = ("staff_buyers", "given", "advertising_phrases")
"""Settings of which a page says only how many: they name people or are long."""


def opening(hours: Mapping[str, Any], say: Say) -> str:
    """营业时间 weekly hours, as one when every day is the same, then the dated exceptions."""
    week, dated = hours.get("weekly") or {}, hours.get("exceptions") or {}
    same = len(week) == len(terms.WEEKDAYS) and len({str(one) for one in week.values()}) == 1
    names = {name: say.words(words) for name, words in zip(WEEKDAYS, terms.WEEKDAYS, strict=True)}
    days = (
        {say("每天", "daily"): next(iter(week.values()))}
        if same
        else {names.get(name, name): one for name, one in week.items()}
    )
    return flat({**days, **dated}, say)


def flat(value: Any, say: Say) -> str:
    """平铺 nested lists and tables of settings as one line."""
    if isinstance(value, dict):
        return say("；", "; ").join(f"{name} {flat(one, say)}" for name, one in value.items())
    if isinstance(value, (list, tuple)):
        return say("、", ", ").join(flat(one, say) for one in value) or say("休息", "closed")
    return str(value)


def big_money(money: str, say: Say) -> tuple[str, str]:
    """大金额 an amount for a headline, "¥17,216" and ".50"; in 万 from a million on in Chinese."""
    whole, _, cents = money.partition(".")
    if say.lang == "zh" and abs(int(whole)) >= MILLION:
        return f"¥{int(whole) / TEN_THOUSAND:,.1f}", " 万"
    return f"¥{grouped(whole)}", f".{cents}" if cents else ""


def cards(totals: Row, days: Row, say: Say) -> list[Card]:
    """四个大数字 conversion, sales, first response, replies."""
    row, meta, clock = totals["rows"][0], totals["meta"], columns.clock_of(totals)
    return [
        _conversion(row, meta, days, say),
        _sales(row, meta, say),
        _response(row, meta, clock, say),
        _replies(row, meta, clock, say),
    ]


def _conversion(row: Row, meta: Row, days: Row, say: Say) -> Card:
    window = str(meta["window"])
    name, waiting = f"conversion_{window}", row.get(f"immature_{window}") or 0
    found = counts(row, name)
    tail = say.words(terms.window_label(window))
    tags = [("wait", waits(waiting, last_ready(days), say))] if waiting else []
    if found is None:
        return Card(say("询单转化率", "Enquiry conversion"), say(f"{tail}付款", f"paid {tail}"), say("延迟统计", "not yet") if waiting else "—", "",
                    say("还没有已满统计期的询单", "No enquiry is mature yet"), tags, how([name], row, meta, "conversion", say))  # fmt: skip
    return Card(
        say("询单转化率", "Enquiry conversion"),
        say(f"{tail}付款 · {found[1]:,} 个已满统计期的询单", f"paid {tail} · {found[1]:,} mature enquiries"),
        f"{found[0] / found[1]:.1%}", "", columns.between(row, name, say.lang), tags,
        how([name, f"order_rate_{window}", f"payment_rate_{window}", f"conversion_with_unpaid_{window}"], row, meta, "conversion", say),
    )  # fmt: skip


def waits(count: int, day: str, say: Say) -> str:
    """延迟统计句 "126 个延迟统计，11-22 出数"."""
    if not day:
        return say(f"{count:,} 个延迟统计", f"{count:,} not yet mature")
    return say(f"{count:,} 个延迟统计，{day[5:]} 出数", f"{count:,} not yet, ready {day[5:]}")


def last_ready(days: Row) -> str:
    """最晚出数日 the day on which the last immature day's figure is ready, or ""."""
    window = str(days["meta"]["window"])
    late = [str(row["day"]) for row in days["rows"] if row.get(f"immature_{window}")]
    return ready_on(max(late), windows_of(days["meta"])) if late else ""


def _sales(row: Row, meta: Row, say: Say) -> Card:
    sums = meta.get("reconciliation") or {}
    names = [
        "attributed_amount",
        "attributed_orders",
        "attributed_buyers",
        "aov",
        "refunded_amount",
        "net_amount",
        "service_share",
    ]
    story = how(names, row, meta, "sales", say)
    story.lines.insert(0, (say("核平", "Reconciled"), _sum(sums, say)))
    amount = row.get("attributed_amount")
    value, unit = big_money(str(amount), say) if amount is not None else ("—", "")
    exact = str(sums.get("difference")) in ("0", "0.00")
    gap = grouped(str(sums.get("difference")))
    tag = (
        ("good", say("已核平，差额 0.00 元", "reconciled, difference 0.00"))
        if exact
        else ("bad", say(f"没有核平，差额 {gap} 元", f"difference {gap}"))
    )
    line = (
        [say(f"客单价 ¥{grouped(str(row['aov']))}", f"¥{grouped(str(row['aov']))} a buyer")] if row.get("aov") else []
    )
    if row.get("refunded_amount") not in (None, "0.00", "0"):
        line.append(
            say(f"另有退款 ¥{grouped(str(row['refunded_amount']))}", f"refunds ¥{grouped(str(row['refunded_amount']))}")
        )
    silent = grouped(str(sums.get("silent", "")))
    return Card(
        say("客服销售额", "Sales by agents"),
        say(f"静默（没问客服）¥{silent}", f"silent (asked nobody) ¥{silent}"),
        value,
        unit,
        " · ".join(line),
        [tag],
        story,
    )


def _sum(sums: Row, say: Say) -> str:
    a, s, whole, gap = (grouped(str(sums.get(key, ""))) for key in ("attributed", "silent", "shop", "difference"))
    return say(
        f"客服 {a} + 静默 {s} = 店铺付款 {whole} 元，差额 {gap} 元",
        f"agents {a} + silent {s} = shop paid {whole} yuan, difference {gap}",
    )


def _response(row: Row, meta: Row, clock: str, say: Say) -> Card:
    median = f"first_response_seconds_p50{clock}"
    names = [
        median,
        f"first_response_seconds_p90{clock}",
        f"first_response_seconds{clock}",
        f"first_response_within_6s{clock}",
        f"first_response_within_15s{clock}",
    ]
    story = how(names, row, meta, "response", say)
    shares = [(f"first_response_within_{limit}s{clock}", limit) for limit in (6, 15)]
    line = [
        say(f"{limit} 秒内 {row[name]:.0%}", f"{row[name]:.0%} in {limit} s")
        for name, limit in shares
        if row.get(name) is not None
    ]
    mean = row.get(f"first_response_seconds{clock}")
    if mean is not None:
        line.append(say(f"平均 {mean:,.0f} 秒", f"mean {mean:,.0f} s"))
    hint = " · ".join(
        [
            say("中位数", "median"),
            *([say("营业时间内", "opening hours")] if clock else []),
            say("不含自动回复", "people only"),
        ]
    )
    value = written(row.get(median), "seconds")
    return Card(
        say("首次响应", "First response"),
        hint,
        value,
        say(" 秒", " s") if value != "—" else "",
        " · ".join(line),
        [],
        story,
    )


def _replies(row: Row, meta: Row, clock: str, say: Say) -> Card:
    names = [
        "reply_rate",
        "consulted_buyers",
        "received_buyers",
        "unreplied_buyers",
        "message_reply_rate",
        f"response_seconds{clock}",
        "answer_ratio",
    ]
    story = how(names, row, meta, "response", say)
    hint = say(f"咨询 {row.get('consulted_buyers') or 0:,} 人 · 未回复 {row.get('unreplied_buyers') or 0:,} 人",
               f"{row.get('consulted_buyers') or 0:,} wrote · {row.get('unreplied_buyers') or 0:,} unanswered")  # fmt: skip
    line = []
    if row.get(f"response_seconds{clock}") is not None:
        said = written(row[f"response_seconds{clock}"], "seconds")
        line.append(say(f"平均响应 {said} 秒", f"mean response {said} s"))
    if row.get("answer_ratio") is not None:
        line.append(say(f"答问比 {row['answer_ratio']:.2f}", f"answer ratio {row['answer_ratio']:.2f}"))
    return Card(
        say("回复率", "Reply rate"), hint, written(row.get("reply_rate"), "rate"), "", " · ".join(line), [], story
    )


@dataclass(frozen=True, slots=True)
class Step:
    """漏斗一步 a step of the funnel: name, count, width and lighter width in per cent, sentence."""

    name: str
    count: int
    wide: float
    light: float
    line: str


def funnel(totals: Row, say: Say) -> list[Step]:
    """漏斗 咨询 → 接待 → 询单 → 下单 → 付款; orders and payments of mature enquiries only."""
    row, window = totals["rows"][0], str(totals["meta"]["window"])
    asked, received = row.get("consulted_buyers") or 0, row.get("received_buyers") or 0
    enquiries, waiting = row.get("enquiries") or 0, row.get(f"immature_{window}") or 0
    paid = counts(row, f"conversion_{window}") or (0, 0)
    ordered = counts(row, f"order_rate_{window}") or (paid[0], paid[1])
    most = max(asked, enquiries, 1)

    def share(part: float, whole: float, *_: Any) -> str:
        return f"{part / whole:.1%}" if whole else "—"

    other = enquiries - paid[1] - waiting
    mature = [say(f"{paid[1]:,} 个计入转化", f"{paid[1]:,} counted")]
    mature += [say(f"{waiting:,} 个延迟统计", f"{waiting:,} not yet")] if waiting else []
    mature += [say(f"{other:,} 个来时已有未付款订单", f"{other:,} came with an unpaid order")] if other > 0 else []
    return [
        Step(say("咨询", "Wrote"), asked, 100 * asked / most, 0, say("写过话的买家，每天每人一次", "buyers who wrote, once a day")),
        Step(say("接待", "Received"), received, 100 * received / most, 0, say(f"咨询的 {share(received, asked)}", f"{share(received, asked)} of those")),
        Step(say("询单", "Enquiries"), enquiries, 100 * paid[1] / most, 100 * (enquiries - paid[1]) / most, " · ".join(mature)),
        Step(say("下单", "Ordered"), ordered[0], 100 * ordered[0] / most, 0, say(f"询单的 {share(*ordered)}", f"{share(*ordered)} of enquiries")),
        Step(say("付款", "Paid"), paid[0], 100 * paid[0] / most, 0,
             say(f"询单的 {share(*paid)} · 下单的 {share(paid[0], ordered[0])}", f"{share(*paid)} of enquiries · {share(paid[0], ordered[0])} of orders")),
    ]  # fmt: skip
