"""模板 `jinpai template`: an XLSX to fill in for one of the optional tables."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jinpai.commands import options
from jinpai.commands.output import say, told, write
from jinpai.errors import Words, WrongUse


def template(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="哪张表：agents、products、evaluations、shifts、promotions、buyers、visitors、refunds；facts 是店铺事实 || which table: the same names",
        ),
    ],
    output: options.Output = None,
    lang: options.Lang = None,
) -> None:
    """写一份填写模板（XLSX）：列名、说明、可选的值；填好后用 import 导入。 || Write an XLSX to fill in and import: headings, explanations, lists of values."""
    from jinpai import templates

    spoken = options.language(lang)
    is_sheet = name == "facts"
    if not is_sheet:
        templates.fields(name, spoken)
    path = output if output is not None else Path(f"{name}.xlsx")
    if path.suffix.lower() != ".xlsx":
        raise WrongUse(
            f"模板是 XLSX 文件，文件名要以 .xlsx 结尾，收到的是 {path.name}。",
            f"A template is an XLSX file, not {path.name}.",
        )
    if output is None and path.exists():
        raise WrongUse(
            f"{path} 已经有了，没有覆盖（里面可能填了东西）。请用 --output 另写一个文件名。",
            f"{path} is there already and may be filled in; it was not replaced. Choose another name with --output.",
        )
    if is_sheet:
        from jinpai.criteria import factsheet_book
        from jinpai.criteria.factsheet import FactSheet

        write(path, lambda part: factsheet_book.write(part, FactSheet(), spoken))
    else:
        write(path, lambda part: templates.write(part, name, spoken))
    told(path, spoken)
    verb = "facts" if is_sheet else "import"
    say(
        Words(
            f"填好后：jinpai {verb} {path} --workspace 工作区", f"When filled in: jinpai {verb} {path} --workspace DIR"
        ),
        spoken,
    )
