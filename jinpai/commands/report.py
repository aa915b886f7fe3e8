"""报表 `jinpai report`: metrics by shop, agent, day and so on, as table, JSON, CSV, workbook or page."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from jinpai.commands import options
from jinpai.commands.options import Format
from jinpai.commands.output import console, hand_over, is_unicode, told, write
from jinpai.commands.progress import Progress
from jinpai.errors import WrongUse


def report(
    workspace: options.Workspace,
    shop: options.Shop = None,
    start: options.Start = None,
    end: options.End = None,
    by: options.By = "shop",
    metrics: options.Metrics = None,
    window: options.Window = None,
    rule: options.Rule = None,
    as_of: options.AsOf = None,
    enquiry_agents: options.Agents = None,
    changes: options.Overrides = None,
    format: options.Form = None,
    output: options.Output = None,
    lang: options.Lang = None,
) -> None:
    """出报表：询单转化、销售额、响应、工作量。 || Report: conversion, sales, response times, workload."""
    spoken = options.language(lang)
    chosen = form(format, output)
    asked: dict[str, Any] = {
        "shop": shop, "start": start, "end": end, "window": window, "rule": rule, "as_of": as_of,
        "enquiry_agents": enquiry_agents, "overrides": options.overrides(changes),
    }  # fmt: skip
    from jinpai.workspace import Workspace

    opened = Workspace.open(workspace)
    if chosen is Format.html:
        from jinpai.render import html

        with Progress(spoken) as progress:
            page = html.page(opened, lang=spoken, progress=progress, **asked)
        hand_over(output, page, spoken)
        return
    from jinpai.report import report as compute

    wanted = options.names(metrics) or None
    with Progress(spoken) as progress:
        result = compute(opened, by=options.names(by) or ("shop",), metrics=wanted, progress=progress, **asked)
    deliver(result, chosen, output, spoken, every=wanted is not None)


def form(format: Format | None, output: Path | None) -> Format:
    """输出格式 the one asked for, else the one the output file's name says, else a table; wrong use
    is a workbook without a file, and a page on a terminal."""
    if format is None and output is not None:
        ending = output.suffix.lower().removeprefix(".")
        format = Format(ending) if ending in ("json", "csv", "xlsx", "html") else None
    format = format or Format.table
    if output is None and (format is Format.xlsx or (format is Format.html and sys.stdout.isatty())):
        raise WrongUse(
            f"{format} 要写成文件，请加 --output 文件名，例如 --output 报表.{format}",
            f"{format} goes to a file: add --output FILE, for example --output report.{format}",
        )
    return format


def deliver(result: dict[str, Any], format: Format, output: Path | None, lang: str, *, every: bool) -> None:
    """交付 write the report in its format to the file or to standard output; `every` shows all columns."""
    if format is Format.xlsx:
        from jinpai.render import xlsx

        assert output is not None, "form() has asked for a file"
        write(output, lambda part: xlsx.write(result, part, lang))
        told(output, lang)
    elif format is Format.json:
        from jinpai.render import json

        text = json.text(result, ascii_only=output is None and not is_unicode(sys.stdout))
        hand_over(output, text, lang)
    elif format is Format.csv:
        from jinpai.render import csv

        text = csv.text(result)
        hand_over(output, csv.BOM + text if output else text, lang)
    else:
        _table(result, output, lang, every)


def _table(result: dict[str, Any], output: Path | None, lang: str, every: bool) -> None:
    from jinpai.render import columns, table

    shown = columns.metrics_of(result) if every else None
    if output is None:
        table.show(result, console(), lang, shown)
        return
    from io import StringIO

    from rich.console import Console

    sheet = StringIO()
    table.show(result, Console(file=sheet, width=100, emoji=False, markup=False, color_system=None), lang, shown)
    hand_over(output, sheet.getvalue(), lang)
