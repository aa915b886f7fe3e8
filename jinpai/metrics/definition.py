"""指标 metric: a definition of one of four kinds, from which values, intervals and passports follow.

A ratio is a ratio of sums at every grain; a distribution is a histogram over whole seconds; a peak
is a maximum; an amount is a sum. Every metric is made of additive *parts*, summed over shop days.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from jinpai.errors import Words
from jinpai.period import DAY_MS, Window

Kind = Literal["ratio", "distribution", "peak", "amount"]
Unit = Literal["count", "buyers", "seconds", "rate", "ratio", "yuan", "items", "points", "per_1000"]
Better = Literal["higher", "lower", "none"]
How = Literal["sum", "max", "seconds"]


@dataclass(frozen=True, slots=True)
class Part:
    """分项 one additive piece of a metric: an aggregate over a source's rows of one shop day.

    `how` says how days add up: sum, max, or a histogram over whole seconds (`expression` is then the
    milliseconds of one row, null where the row does not count).
    """

    source: str
    expression: str
    how: How = "sum"


@dataclass(frozen=True, slots=True)
class Metric:
    """指标 one figure: its parts, its Chinese name, unit, direction, meaning, and where the definition is from.

    `statistic` picks from a distribution: p50 or p90. `over_shop` takes the
    denominator over the whole shop even where the numerator is one agent's. `shop_only` figures are
    unknown for one agent. `days` is the length of a trailing period of the metric's own. A percent
    is a rate of things that happen or not, and carries an interval; other ratios do not.
    """

    name: str
    zh: str
    kind: Kind
    unit: Unit
    better: Better
    meaning: Words
    numerator: Part
    denominator: Part | None = None
    family: str = ""
    origin: str = "metrics.md"
    statistic: str = "p50"
    windowed: bool = False
    over_shop: bool = False
    shop_only: bool = False
    minus: Part | None = None
    days: int | None = None
    profile: str | None = None

    def parts(self, window: Window | None) -> tuple[Part, ...]:
        """分项 the parts this figure needs, for one window where it is windowed."""
        parts = [part for part in (self.numerator, self.denominator, self.minus) if part is not None]
        return tuple(bound(part, window) if self.windowed and window else part for part in parts)

    def column(self, window: Window | None) -> str:
        """列名 the name in rows; a windowed metric carries its window in its name."""
        return f"{self.name}_{window.name}" if self.windowed and window else self.name

    def label(self, window: Window | None, lang: str = "zh") -> str:
        """显示名 the name on screens, Chinese or English, with the window where there is one."""
        if lang == "en":
            return self.column(window).replace("_", " ")
        return self.zh.replace("{w}", window_zh(window)) if window else self.zh.replace("{w}", "")


def window_zh(window: Window) -> str:
    """统计期 the Chinese of a window inside a metric's name."""
    if window.days is not None:
        return "当日" if window.days == 1 else "最终"
    span = window.span_ms or 0
    return f"{span // DAY_MS}天" if span % DAY_MS == 0 and span > DAY_MS else f"{span // 3_600_000}小时"


def end_of(window: Window) -> str:
    """统计期结束 the SQL of the instant at which an enquiry's window ends."""
    if window.days is not None:
        return "day_ends_at" if window.days == 1 else "next_ends_at"
    return f"t0 + {window.span_ms}"


def bound(part: Part, window: Window) -> Part:
    """定窗 the part with `{end}` and `{mature}` written out for one window."""
    end = end_of(window)
    mature = f"({end} <= $horizon and (not recent or main_ends_at <= $horizon))"
    return Part(part.source, part.expression.replace("{mature}", mature).replace("{end}", end), part.how)


def count_if(condition: str) -> str:
    """个数 how many rows meet a condition."""
    return f"count(case when {condition} then 1 end)"


def sum_if(condition: str, value: str) -> str:
    """合计 the sum of a value over the rows that meet a condition."""
    return f"sum(case when {condition} then {value} else 0 end)"
