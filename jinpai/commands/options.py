"""选项 options: what several commands share, how a help text is written, and the language in use.

A help text is Chinese and English in one string, "中文 || English"; `speak` keeps the half that is
wanted. Nothing here imports what computes: `jinpai --help` must answer at once.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from jinpai.errors import WrongUse
from jinpai.terms import lang_of

SPLIT = " || "


class Format(StrEnum):
    """输出格式 how a report is written."""

    table = "table"
    json = "json"
    csv = "csv"
    xlsx = "xlsx"
    html = "html"


class ListFormat(StrEnum):
    """清单格式 how a list is written."""

    table = "table"
    json = "json"
    csv = "csv"


class TextFormat(StrEnum):
    """说明格式 how a passport is written."""

    table = "table"
    json = "json"


Workspace = Annotated[
    Path,
    typer.Option(
        "--workspace", "-w", metavar="DIR", envvar="JINPAI_WORKSPACE", help="工作区文件夹 || the workspace folder"
    ),
]
Shop = Annotated[str | None, typer.Option("--shop", metavar="KEY", help="店铺代号 || the shop's key")]
Conversation = Annotated[
    str | None,
    typer.Option(
        "--conversation",
        metavar="NUMBER|BUYER",
        help="一段会话：编号的前几位，或买家的名字 || one conversation: the first digits of its number, or its buyer",
    ),
]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="写到这个文件 || write to this file")
]
ListForm = Annotated[ListFormat, typer.Option("--format", help="输出格式 || output format")]
Lang = Annotated[
    str | None, typer.Option("--lang", metavar="zh|en", help="语言，默认跟随系统 || language, by default the system's")
]
Overrides = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE", help="这一次换个设置，可重复 || another setting for this run; repeatable"
    ),
]
Start = Annotated[
    str | None, typer.Option("--from", metavar="DAY", help="第一天，如 2025-11-01 || first day, as 2025-11-01")
]
End = Annotated[str | None, typer.Option("--to", metavar="DAY", help="最后一天（包含） || last day, included")]
Window = Annotated[
    str | None,
    typer.Option(
        "--window",
        metavar="WINDOW",
        help="统计期：same_day、next_day、24h、7d … || window: same_day, next_day, 24h, 7d …",
    ),
]
Rule = Annotated[
    str | None,
    typer.Option(
        "--rule",
        metavar="RULE",
        help="业绩归属：order、payment、order_first、first、by_product || whose sale: the same names",
    ),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="INSTANT", help="只看这个时刻以前的数据，如 2025-11-20T18:00 || only what was known then"
    ),
]
Agents = Annotated[
    str | None,
    typer.Option(
        "--enquiry-agents",
        metavar="owner|all",
        help="询单算给谁：owner 或 all || whose enquiry: its owner, or all who wrote",
    ),
]

By = Annotated[
    str,
    typer.Option(
        "--by",
        metavar="COLUMNS",
        help="分组：shop、agent、day、hour、weekday、week、product，可用逗号连接 || grouped by these, joined by commas",
    ),
]
Metrics = Annotated[
    str | None,
    typer.Option(
        "--metrics",
        metavar="NAMES",
        help="要哪些指标，逗号分开；默认屏幕上十项，文件里全部 || which metrics; by default ten on screen, all in files",
    ),
]
Form = Annotated[
    Format | None,
    typer.Option(
        "--format", help="输出格式，默认 table，或看文件名 || output format; by default table, or by the file's name"
    ),
]


def language(choice: str | None) -> str:
    """语言 "zh" or "en": the option of the command, else what `main` found out from the system."""
    return lang_of(choice)


def overrides(pairs: list[str] | None) -> dict[str, str] | None:
    """临时设置 `--set KEY=VALUE` as a dict, or None without any; a pair without "=" is wrong use."""
    found: dict[str, str] = {}
    for pair in pairs or []:
        key, sign, value = pair.partition("=")
        if not sign or not key.strip():
            raise WrongUse(
                f"--set 要写成 KEY=VALUE，收到的是 {pair!r}。例如 --set conversation_gap=10m",
                f"--set is written KEY=VALUE, not {pair!r}; for example --set conversation_gap=10m",
            )
        found[key.strip()] = value.strip()
    return found or None


def names(text: str | None) -> tuple[str, ...]:
    """逗号分开 "agent,day" as ("agent", "day"); a Chinese comma and spaces separate too."""
    return tuple(part for part in (text or "").replace("，", ",").replace(" ", ",").split(",") if part)


def speak(command: Any, lang: str) -> None:
    """选语言 keep the half of every help text that is in `lang`, in a command and all under it."""
    for owner in (command, *getattr(command, "params", ())):
        for name in ("help", "short_help"):
            text = getattr(owner, name, None)
            if text and SPLIT in text:
                zh, en = text.split(SPLIT, 1)
                setattr(owner, name, en if lang == "en" else zh)
    for inner in getattr(command, "commands", {}).values():
        speak(inner, lang)
