"""写法 how instants, money and identities are written in files: local time, yuan with two places."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path


def clock(at: int, form: str = "%Y-%m-%d %H:%M:%S") -> str:
    """时间 a local instant (seconds) as text; empty for what never happened (-1)."""
    return "" if at < 0 else datetime.fromtimestamp(at, UTC).strftime(form)


def iso(at: int) -> str:
    """ISO 时间 without an offset: the shop's own time zone."""
    return clock(at, "%Y-%m-%dT%H:%M:%S")


def yuan(fen: int) -> str:
    """元 fen as yuan with two places."""
    return f"{fen // 100}.{fen % 100:02d}"


def write_csv(file: Path, header: Sequence[str], rows: Iterable[Sequence[object]], encoding: str = "utf-8") -> Path:
    """CSV a file with a header row; None is an empty cell."""
    with file.open("w", encoding=encoding, newline="") as page:
        writer = csv.writer(page, lineterminator="\r\n")
        writer.writerow(header)
        writer.writerows(rows)
    return file


def shares(total: int, weights: Sequence[int]) -> list[int]:
    """最大余数 `total` fen split by `weights`, exact to the fen by largest remainder; equally when all weights are 0."""
    weights = weights if any(weights) else [1] * len(weights)
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda place: (-(total * weights[place] % whole), place))
    for place in order[: total - sum(parts)]:
        parts[place] += 1
    return parts
