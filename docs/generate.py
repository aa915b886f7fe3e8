"""Writes the generated pages of docs/ from the code: `make docs`. With --check it only names those that are stale."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterable
from enum import Enum
from itertools import takewhile
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
NOTE = "<!-- written by `make docs` from the code; changes here are lost -->"
TABLES_INTRODUCED = """\
Derived tables, one a file in `jinpai/tables/`, computed by SQL from what was imported (`source_…`) and from each other.
Instants are milliseconds UTC, days `yyyymmdd`, money fen."""
METRICS_INTRODUCED = """\
A metric with `<w>` carries a window: `conversion_next_day`, `paid_7d`; `same_day` and `next_day` end with a shop day,
`<N>h` and `<N>d` that long after the enquiry began. Every rate comes with its numerator, its denominator and a 95 %
interval; unknown and not yet are empty, never 0. `jinpai explain METRIC` says how one figure came about."""
FORMATS_INTRODUCED = """\
`jinpai import` finds out by itself what a file is, from what stands in it; `--format` names it. A row that cannot be
read becomes a problem with file, row, column and reason, and the rest of the file is imported."""
CANON_INTRODUCED = """\
Read as CSV, XLSX or Parquet with these headings; further columns are kept aside, missing ones that are not needed may
be absent. Times without an offset are in the shop's time zone; empty, `-` and `--` mean unknown, never 0."""
KINDS = {
    "id": "text",
    "text": "text",
    "instant": "time, ISO 8601",
    "money": "yuan, two places",
    "count": "whole number",
    "day": "day, YYYY-MM-DD",
    "flag": "true or false",
}
SETTINGS_INTRODUCED = """\
One folder a shop in the workspace, `config/<shop>/`, written with comments when the shop is made. A value that cannot be
is refused with its key, its file and what may stand there. `--set KEY=VALUE` takes another value for one run."""
COMMANDS_INTRODUCED = """\
Exit codes: 0 done, 1 the request cannot be met, 2 wrong usage; what is wrong is said in one sentence on standard error.
Sentences are Chinese or English by the system's language, or by `--lang`."""
PAGES: dict[str, Callable[[], str]] = {}


def page(path: str) -> Callable[[Callable[[], str]], Callable[[], str]]:
    """Registers what writes docs/`path`."""

    def register(write: Callable[[], str]) -> Callable[[], str]:
        PAGES[path] = write
        return write

    return register


def table(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table."""

    def line(cells: Iterable[object]) -> str:
        texts = (str(cell).replace("|", "\\|").replace("\n", " ").strip() for cell in cells)
        return "| " + " | ".join(texts) + " |"

    heads = list(heads)
    return "\n".join([line(heads), line("---" for _ in heads), *map(line, rows)])


def code(names: Iterable[str]) -> str:
    """Names as code, with commas."""
    return ", ".join(f"`{name}`" for name in names)


@page("glossary.md")
def glossary() -> str:
    """The words."""
    from jinpai.terms import TERMS

    rows = ((term.zh, term.en, term.meaning.zh, term.meaning.en) for term in TERMS.values())
    return f"# Glossary 术语\n\nOne idea, one word in each language.\n\n{table(('中文', 'English', '说明', 'meaning'), rows)}\n"


def from_docstring(module: str) -> tuple[str, str]:
    """The Chinese term with which a module's docstring begins, and what it says after the colon."""
    words = " ".join((importlib.import_module(module).__doc__ or "").split())
    head, _, rest = words.partition(": ")
    return head.split(" ")[0], rest[:1].upper() + rest[1:]


def from_sql(text: str) -> tuple[str, list[str]]:
    """What the heading of a query says, and the columns it gives."""
    import sqlglot

    lines = text.removeprefix("-- view\n").removeprefix("-- inspection\n").split("\n")
    head = [line.removeprefix("--").strip() for line in takewhile(lambda line: line.startswith("--"), lines)]
    return " ".join(head).partition(": ")[2], sqlglot.parse_one(text, dialect="duckdb").named_selects


def from_module(name: str) -> tuple[str, list[str]]:
    """What the docstring of a table in Python says, and the columns it gives where they are written down."""
    module = importlib.import_module(f"jinpai.tables.{name}")
    schema = getattr(module, "SCHEMA", None)
    names = [*schema.names] if schema is not None else [kind[0] for kind in getattr(module, "KINDS", ())]
    return from_docstring(module.__name__)[1], names


@page("reference/tables.md")
def tables() -> str:
    """The derived tables: what each holds, reads and is touched by."""
    from jinpai.tables import tables as derived

    parts = ["# Tables 数据表", TABLES_INTRODUCED]
    for name, one in derived().items():
        sentence, columns = from_sql(one.sql) if one.sql else from_module(name)
        parts += [f"## {name} {one.zh}", sentence]
        lines = [f"- columns: {code(columns)}"] if columns else []
        lines += [f"- reads: {code(one.reads)}"] if one.reads else []
        lines += [f"- touched by: {code(sorted(one.parameters))}"] if one.parameters else []
        parts.append(
            "\n".join(
                [
                    *lines,
                    *(["- a view: named, not kept"] if one.is_view else []),
                    *(["- made where `inspection` is on"] if one.is_inspection else []),
                ]
            )
        )
    return "\n\n".join(parts) + "\n"


@page("reference/metrics.md")
def metrics() -> str:
    """The metrics, family by family."""
    from jinpai.metrics import catalogue

    parts = ["# Metrics 指标", METRICS_INTRODUCED]
    for family in dict.fromkeys(metric.family for metric in catalogue().values()):
        zh, about = from_docstring(f"jinpai.metrics.{family}")
        parts += [f"## {family} {zh}", about]
        rows = (
            (
                f"`{metric.name}{'_<w>' if metric.windowed else ''}`",
                metric.zh.replace("{w}", "…"),
                metric.unit,
                metric.better,
                metric.meaning.zh,
                metric.meaning.en,
            )
            for metric in catalogue().values()
            if metric.family == family
        )
        parts.append(table(("metric", "指标", "unit", "better", "说明", "meaning"), rows))
    return "\n\n".join(parts) + "\n"


@page("reference/formats.md")
def formats() -> str:
    """The files that can be imported, and the canonical tables."""
    from jinpai.canon import TABLES
    from jinpai.importers import IMPORTERS

    parts = ["# Formats 导入格式", FORMATS_INTRODUCED]
    rows = ((f"`{one.name}`", one.zh, code(one.tables)) for one in IMPORTERS)
    parts.append(table(("format", "格式", "gives"), rows))
    for one in IMPORTERS:
        parts += [f"### {one.name} {one.zh}", from_docstring(one.read.__module__)[1]]
    parts += ["## Canonical tables 标准表", CANON_INTRODUCED]
    for canon in TABLES.values():
        parts.append(f"### {canon.name} {canon.zh}")
        columns = ((f"`{c.name}`", c.zh, KINDS[c.kind], "✓" if c.required else "") for c in canon.columns)
        parts.append(table(("column", "列", "kind", "needed"), columns))
    return "\n\n".join(parts) + "\n"


@page("reference/settings.md")
def settings() -> str:
    """A shop's settings, by file."""
    from jinpai.workspace.settable import FILES, PRESETS, SETTINGS

    def default(value: object) -> str:
        if value is None:
            return "类目预设"
        simple = isinstance(value, (str, int, float, bool))
        return f"`{str(value).lower() if isinstance(value, bool) else value}`" if simple else "—"

    parts = ["# Settings 店铺设置", SETTINGS_INTRODUCED, "## 类目预设 presets"]
    keys = list(next(iter(PRESETS.values())))
    rows = ([f"`{name}`", *(f"`{preset[key]}`" for key in keys)] for name, preset in PRESETS.items())
    parts.append(table(("preset", *(f"`{key}`" for key in keys)), rows))
    for file, about in FILES.items():
        own = [one for one in SETTINGS.values() if one.file == file]
        parts.append(f"## {file} {about}")
        rows = (
            (f"`{one.name}`", default(one.default), one.zh.replace("<", "&lt;").replace("\n", "<br>")) for one in own
        )
        parts.append(table(("设置", "默认", "说明"), rows))
        parts += [f"`{one.name}`:\n\n```toml\n{one.example}\n```" for one in own if "\n" in one.example]
    return "\n\n".join(parts) + "\n"


def bilingual(text: str | None) -> tuple[str, str]:
    """The halves of a help text."""
    zh, _, en = (text or "").partition(" || ")
    return zh, en or zh


def values(option: Any) -> str:
    """What may stand after an option."""
    kind = option.type_descriptor.annotation
    if isinstance(kind, type) and issubclass(kind, Enum):
        return ", ".join(f"`{choice.value}`" for choice in kind)
    return f"`{option.metavar}`" if option.metavar else ""


@page("reference/commands.md")
def commands() -> str:
    """The command line."""
    from typer.main import get_command

    from jinpai.cli import app

    parts = ["# Commands 命令", COMMANDS_INTRODUCED]
    for name, command in get_command(app).commands.items():
        zh, en = bilingual(command.help)
        given = [parameter for parameter in command.params if parameter.param_type_name == "argument"]
        options = [parameter for parameter in command.params if parameter.param_type_name == "option"]
        usage = " ".join(str(parameter.metavar or parameter.name) for parameter in given)
        parts += [
            f"## jinpai {name}",
            f"{zh}<br>\n{en}",
            f"```\njinpai {name} {usage} [--option …]\n```".replace("  ", " "),
        ]
        rows = []
        for parameter in given + options:
            word = parameter.metavar if parameter in given else ", ".join(parameter.opts)
            value = "" if parameter in given else values(parameter)
            rows.append((f"`{word}`", *bilingual(parameter.help), value))
        parts.append(table(("option", "说明", "meaning", "value"), rows))
    return "\n\n".join(parts) + "\n"


def written(path: str) -> str:
    """The page as it should stand."""
    text = PAGES[path]()
    title, _, rest = text.partition("\n")
    return f"{title}\n{NOTE}\n{rest}"


def stale() -> list[str]:
    """Pages that are not what the code would write, the missing ones included."""
    found = []
    for path in PAGES:
        file = DOCS / path
        if not file.exists() or file.read_text(encoding="utf-8") != written(path):
            found.append(f"docs/{path}")
    return found


def main(arguments: list[str]) -> int:
    """Writes every page, and runs again what the told ones tell; or checks the written ones."""
    from story import told

    if arguments == ["--check"]:
        print("\n".join(stale()) or "fresh")
        return int(bool(stale()))
    for path in stale():
        file = ROOT / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(written(path.removeprefix("docs/")), encoding="utf-8", newline="\n")
        print(f"wrote {path}")
    story = DOCS / "path-of-a-message.md"
    before = story.read_text(encoding="utf-8")
    after = told(before)
    if after != before:
        story.write_text(after, encoding="utf-8", newline="\n")
        print("wrote docs/path-of-a-message.md")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
