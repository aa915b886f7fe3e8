"""数据分析 analysis: the words of a question, the table of its rows and the chart of the same rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jinpai import terms
from jinpai.analysis import TIMES
from jinpai.errors import Words
from jinpai.metrics import STANDARD_WINDOWS, catalogue
from jinpai.render import columns, figures
from jinpai.render.figures import Figure
from jinpai.render.story import Say
from jinpai.render.tables import marks

Row = Mapping[str, Any]
MOST = 15
"""So many agents or products have room in a picture; the table has all of them."""
LINE = 984
BY = {
    "agent": Words("客服", "Agent"), "product": Words("商品", "Product"), "day": Words("每天", "Day"), "week": Words("每周", "Week"),
    "month": Words("每月", "Month"), "weekday": Words("星期几", "Weekday"), "hour": Words("钟点", "Hour"), "shop": Words("合计", "Together"),
}  # fmt: skip
VERDICTS = {
    "above": Words("看得出差别：更高", "a difference can be seen: higher"), "below": Words("看得出差别：更低", "a difference can be seen: lower"),
    "inside": Words("看不出差别", "no difference can be seen"), None: Words("太少，还看不出", "too few to tell"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """行 one row of the table: its name, the figure, what it was made of, its range, where its passport lies, what it is."""

    name: str
    mark: str
    value: str
    kind: str
    parts: str
    between: str
    door: str


def offered(say: Say) -> list[tuple[str, list[tuple[str, str]]]]:
    """可选指标 (family, [(name, label)]) of every metric, as people read them; a windowed one without its window."""
    found: dict[str, list[tuple[str, str]]] = {}
    for metric in catalogue().values():
        family = say.words(terms.FAMILIES.get(metric.family, Words(metric.family, metric.family)))
        label = metric.zh.replace("({w})", "").replace("{w}", "") if say.lang == "zh" else metric.label(None, "en")
        found.setdefault(family, []).append((metric.name, label))
    return list(found.items())


def windows(own: str, say: Say) -> list[tuple[str, str]]:
    """可选统计期 (name, label), the shop's own among them."""
    names = dict.fromkeys((*STANDARD_WINDOWS, own))
    return [(name, say.words(terms.window_label(name))) for name in names]


def name_of(row: Row, by: str, meta: Row, say: Say) -> str:
    """行名 what a row of a dimension is called."""
    value = row.get(by)
    if by == "shop":
        return say("全店", "Shop")
    if by == "weekday":
        return say.words(columns.weekday(int(value or 0)))
    if by == "hour":
        return f"{value}:00"
    if by == "product":
        titles = meta.get("products", {})
        title = titles.get(value) or (say("未知商品", "unknown") if value == "unknown" else value)
        return f"{title}（{value}）" if list(titles.values()).count(title) > 1 else str(title)
    return str(value or say("未知", "unknown"))


def lines(found: Row, by: str, say: Say, door: Callable[[Row, tuple[str, str]], str]) -> list[Line]:
    """表格 every row in words; `door` says where a row's passport lies."""
    result, column = found["result"], columns.column(found["column"])
    made = []
    for row, days in zip(result["rows"], found["days"], strict=True):
        late = columns.is_immature(row, column.name)
        made.append(Line(
            name_of(row, by, result["meta"], say), marks(result["meta"], row) if by == "day" else "", columns.cell(row, column, say.lang),
            "wait" if late else "", columns.parts(row, column.name), columns.between(row, column.name, say.lang), door(row, days),
        ))  # fmt: skip
    return made


def picture(found: Row, by: str, told: Sequence[Line], title: str, say: Say) -> Figure:
    """图 the same rows drawn: times as a line, hours and weekdays standing, agents and products lying."""
    from jinpai.render.charts import days, slices

    result, column = found["result"], columns.column(found["column"])
    rows = [_mark(row, column, line) for row, line in zip(result["rows"], told, strict=True)]
    if by in ("agent", "product"):
        rows = rows[:MOST]
    if not any(row["value"] is not None for row in rows) or by == "shop":
        return Figure(instead="" if by == "shop" else say("这段时间没有这个数。", "No such figure in this period."))
    shape = days.PERCENT if column.unit == "rate" else _shape(say)
    mean = (found["total"] or {}).get(column.name) if _is_mean(column.unit) else None
    words = {
        "mean": None if mean is None else float(mean),
        "name": say("合计 ", "together ") + columns.written(mean, column.unit),
        "shape": shape,
    }
    doors = {row["told"]: line.door for row, line in zip(rows, told, strict=False) if line.door}
    if by in TIMES:
        figures.first_marks(rows)
        name = days.OF_YEAR if by != "month" else "datum.value"
        maker: figures.Maker = lambda width, _phone: days.conversion(rows, words, width, shape, name)  # noqa: E731
    elif by in ("agent", "product"):
        maker = lambda width, _phone: slices.lying(rows, words, width)  # noqa: E731
    else:
        maker = lambda width, _phone: slices.standing(rows, words, width)  # noqa: E731
    return figures.drawn([maker], title, LINE, say, legend=_legend(rows, by, mean is not None, say), doors=doors)


def _mark(row: Row, column: columns.Column, line: Line) -> dict[str, Any]:
    value, found = row.get(column.name), columns.counts(row, column.name)
    low, high = found[2:4] if found and found[2] is not None else (None, None)
    told = " ".join(part for part in (line.name, line.value, f"({line.parts})" if line.parts else "") if part)
    figure = None if value is None else float(value)
    return {
        "label": line.name, "day": line.name, "value": figure, "rate": figure, "low": low, "high": high, "told": told, "mark": line.mark.split(" · ")[0],
        "first_mark": "", "late": "", "immature": bool(line.kind),
    }  # fmt: skip


def _is_mean(unit: str) -> bool:
    """Whether what it is of all can stand among its parts: a rate can, a sum cannot."""
    return unit in ("rate", "ratio", "seconds", "points", "per_1000")


def _shape(say: Say) -> str:
    plain = "format(datum.value, ',.2~f')"
    return f"datum.value >= 10000 ? format(datum.value / 10000, '.2~f') + '万' : {plain}" if say.lang == "zh" else plain


def _legend(rows: Sequence[Row], by: str, has_mean: bool, say: Say) -> list[tuple[str, str]]:
    found = []
    if any(row["low"] is not None for row in rows):
        found.append(("band" if by in TIMES else "range", say("大致范围", "range")))
    if has_mean:
        found.append(("dash", say("整段时间合计", "whole period")))
    if by in TIMES and any(row["immature"] for row in rows):
        found.append(("late", say("延迟统计", "not yet mature")))
    if by in TIMES and any(row["mark"] for row in rows):
        found.append(("mark", say("活动、节假日", "promotion, holiday")))
    return found
