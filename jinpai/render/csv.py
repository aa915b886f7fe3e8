"""CSV render rows as comma-separated values that Excel opens as UTF-8 and never runs as formulas."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from jinpai.render.columns import by_of, metrics_of

BOM = "\ufeff"
"""Excel reads a file as UTF-8 only when it begins with this."""

STARTS_A_FORMULA = tuple("=+-@＝＋－＠\t\r\n")
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?%?")


def defused(value: Any) -> Any:
    """防公式 a text that a spreadsheet would run as a formula gets a leading quote; numbers stay."""
    if not isinstance(value, str) or NUMBER.fullmatch(value):
        return value
    return f"'{value}" if value.lstrip(" ").startswith(STARTS_A_FORMULA) else value


def table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """CSV 文本 header and rows, unknown as an empty cell, lines ended as RFC 4180 says."""
    out = io.StringIO(newline="")
    sheet = csv.writer(out)
    sheet.writerow([defused(name) for name in header])
    for row in rows:
        sheet.writerow(["" if value is None else defused(value) for value in row])
    return out.getvalue()


def text(result: Mapping[str, Any], metrics: Sequence[str] | None = None) -> str:
    """CSV 报表 a report by the names of its columns; each rate is followed by its numerator,
    denominator, low and high."""
    names = list(metrics or metrics_of(result))
    rates = {name for row in result["rows"] for name in row.get("of", {})}
    by = by_of(result)
    header = list(by)
    for name in names:
        header.append(name)
        if name in rates:
            header += [f"{name}_{part}" for part in ("numerator", "denominator", "low", "high")]
    rows = []
    for row in result["rows"]:
        line = [row[name] for name in by]
        for name in names:
            line.append(row.get(name))
            if name in rates:
                line += [*row.get("of", {}).get(name, (None,) * 4)]
        rows.append(line)
    return table(header, rows)
