"""相比 compared: two figures of the same name in words: both, the difference, and whether a difference can be seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from jinpai.metrics import catalogue
from jinpai.render import columns
from jinpai.render.analysis import VERDICTS
from jinpai.render.story import Say

Row = Mapping[str, Any]


def lines(rows: Iterable[Row], say: Say, *, judges: bool = True) -> list[dict[str, Any]]:
    """相比 each row in words; what neither side knows is left out. Without `judges` a difference is one of rules, not of chance."""
    return [told(row, say, judges=judges) for row in rows if row["now"] is not None or row["then"] is not None]


def told(row: Row, say: Say, *, judges: bool = True) -> dict[str, Any]:
    """相比 one row in words."""
    column = columns.column(row["name"])
    judged = judges and row["judged"]
    interval = ""
    if judged and row["low"] is not None:
        ends = " – ".join(f"{100 * end:+.1f}" for end in (row["low"], row["high"]))
        interval = say(f"大致在 {ends} 个百分点之间", f"roughly {ends} points")
    return {
        "name": row["name"], "label": say.words(column.label), "meaning": say.words(column.meaning) if column.meaning else "",
        "now": columns.written(row["now"], column.unit), "then": columns.written(row["then"], column.unit),
        "difference": difference(row, column.unit, say), "interval": interval,
        "said": say.words(VERDICTS[row["verdict"]]) if judged else "", "kind": _kind(row, column) if judged else "",
    }  # fmt: skip


def difference(row: Row, unit: str, say: Say) -> str:
    """差额 with its sign: of rates in points, of others in their unit and per cent of what it was."""
    found = row["difference"]
    if found is None:
        return columns.UNKNOWN
    shown = (
        f"{100 * abs(found):.1f}"
        if unit == "rate"
        else columns.written(str(abs(found)) if unit == "yuan" else _plain(abs(found)), unit)
    )
    if not shown.strip("0.,"):
        return "0" if found == 0 else "≈ 0"
    if unit == "rate":
        return say(f"{100 * found:+.1f} 个百分点", f"{100 * found:+.1f} points")
    share = f"（{found / Decimal(str(row['then'])):+.0%}）" if Decimal(str(row["then"])) else ""
    return f"{'+' if found > 0 else '-'}{shown}" + (
        share if say.lang == "zh" else share.replace("（", " (").replace("）", ")")
    )


def _plain(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


def _kind(row: Row, column: columns.Column) -> str:
    """Whether what can be seen is good news or bad."""
    better = catalogue()[column.metric].better if column.metric else "none"
    if row["verdict"] not in ("above", "below") or better == "none":
        return "calm"
    return "good" if (row["verdict"] == "above") == (better == "higher") else "bad"


def line_of(row: Row, say: Say) -> dict[str, Any]:
    """平台考核 a platform's figure in words: value, line, distance, and how many late answers are left."""
    column = columns.column(row["name"])
    said = say("没设考核线", "no line is set")
    if row["line"] is not None and row["value"] is not None:
        by = f"{100 * abs(row['distance']):.1f}" if column.unit == "rate" else f"{abs(row['distance']):.1f}"
        unit = say(" 个百分点", " points") if column.unit == "rate" else say(" 秒", " s")
        said = (
            say(f"达标，还差 {by}{unit}到线", f"met, {by}{unit} from the line")
            if row["met"]
            else say(f"没达标，差 {by}{unit}", f"not met by {by}{unit}")
        )
    spare = ""
    if row["spare"] is not None:
        spare = say(f"还能再有 {row['spare']:,} 个超时", f"{row['spare']:,} more late answers are left") if row["spare"] >= 0 else \
            say(f"再连续及时回复 {-row['spare']:,} 个才回到线上", f"{-row['spare']:,} more in time bring it back")  # fmt: skip
    of = row["of"]
    return {
        "name": row["name"], "label": say.words(column.label), "meaning": say.words(column.meaning) if column.meaning else "",
        "value": columns.written(row["value"], column.unit) + (say(" 秒", " s") if column.unit == "seconds" and row["value"] is not None else ""),
        "parts": f"{of[0]:,} ÷ {of[1]:,}" if of and column.unit == "rate" and of[1] else "",
        "line": "" if row["line"] is None else f"{row['line']:.1%}" if column.unit == "rate" else f"{row['line']:g}" + say(" 秒", " s"),
        "days": say(f"最近 {row['days']} 天", f"last {row['days']} days") if row["days"] else "",
        "said": said, "spare": spare, "kind": "" if row["met"] is None else "good" if row["met"] else "bad",
    }  # fmt: skip
