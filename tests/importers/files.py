"""Files that the tests of importers write, and what an importer made of one. All people and orders are invented."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter

from jinpai.canon import TABLES
from jinpai.importers import Context, Probe, Problem, Rows, Summary, identify

SHANGHAI = ZoneInfo("Asia/Shanghai")
CHAT = """\
table = "messages"
time_format = "%d/%m/%Y %H:%M:%S"

[columns]
buyer = "对方"
agent = "客服"
sender = "谁说的"
sent_at = "时间"
text = "说了什么"

[values.sender]
"客户" = "buyer"
"客服*" = "agent"
"""
"""A mapping of a chat in columns of one's own; seeds.py and test_mapped.py write such files."""


@dataclass
class Outcome:
    """Everything an importer gave: rows by table as dicts, problems, and how many summary rows."""

    format: str
    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    summary: int = 0

    def column(self, table: str, name: str) -> list[Any]:
        return [row[name] for row in self.tables.get(table, [])]

    @property
    def only_problem(self) -> Problem:
        assert len(self.problems) == 1, self.problems
        return self.problems[0]


def outcome(path: Path, zone: ZoneInfo = SHANGHAI) -> Outcome:
    """Identifies and reads a file; every batch must have exactly the schema of its table."""
    probe = Probe(path)
    importer = identify(probe)
    found = Outcome(importer.name)
    for piece in importer.read(probe, Context(zone)):
        if isinstance(piece, Rows):
            assert piece.table in importer.tables
            assert piece.batch.schema.equals(TABLES[piece.table].schema)
            found.tables.setdefault(piece.table, []).extend(piece.batch.to_pylist())
        elif isinstance(piece, Problem):
            found.problems.append(piece)
        else:
            assert isinstance(piece, Summary)
            found.summary += piece.count
    return found


def ms(text: str, zone: ZoneInfo = SHANGHAI) -> int:
    """The instant of a local time, ms UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp() * 1000)


def write_text(path: Path, text: str, encoding: str = "utf-8", newline: str = "\n") -> Path:
    path.write_bytes(text.replace("\n", newline).encode(encoding))
    return path


def write_csv(path: Path, rows: Iterable[Sequence[object]], encoding: str = "gb18030") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)
    return path


def write_xlsx(path: Path, **sheets: Sequence[Sequence[object]]) -> Path:
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False}) as book:
        dated = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, datetime):
                        sheet.write_datetime(row, column, cell, dated)
                    else:
                        sheet.write(row, column, cell)
    return path


COPIED = """\
小溪流水2026-4-18 9:03:36
浴巾掉毛吗

2026-4-18 9:04:10
溪谷旗舰店：小美
洗一两次就好
已读

柠檬茶er
2026-4-18 9:10:00
发什么快递

三月李子 --> 溪谷旗舰店:阿杰 2026-4-18 9:21:30
能便宜点吗
溪谷旗舰店:阿杰 --> 三月李子 2026-4-18 9:22:00
不能哦
"""
"""A copy from the chat window with heads of every shape; the people are invented."""
