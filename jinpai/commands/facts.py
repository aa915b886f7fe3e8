"""店铺事实 `jinpai facts`: what the shop states as true; a filled in form changes it once a person has seen how."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jinpai.commands import options
from jinpai.commands.confirming import agreed, need_terminal
from jinpai.commands.output import say, told, write
from jinpai.errors import JinpaiError, Words, WrongUse

if TYPE_CHECKING:
    from jinpai.criteria.factsheet import FactSheet
    from jinpai.workspace.settings import Settings


def facts(
    workspace: options.Workspace,
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]",
            help="填好的表（XLSX）；不写就看现在的 || a filled in form; without one the sheet is shown",
        ),
    ] = None,
    shop: options.Shop = None,
    yes: Annotated[bool, typer.Option("--yes", help="改动不用再问 || do not ask")] = False,
    output: options.Output = None,
    lang: options.Lang = None,
) -> None:
    """店铺事实：发货、快递、发票、赠品、退换、规格，客服说的话和它对照。 || The shop's facts, which agents' words are held against."""
    from jinpai.criteria import fact_sheet, factsheet_book
    from jinpai.criteria.factsheet import FILE
    from jinpai.workspace import Workspace

    spoken = options.language(lang)
    settings = Workspace.open(workspace).settings(shop)
    standing = fact_sheet(settings.folder)
    if file is not None:
        _change(settings, standing, file, spoken, yes=yes)
    elif output is not None:
        _is_workbook(output)
        write(output, lambda part: factsheet_book.write(part, standing, spoken))
        told(output, spoken)
    else:
        _show(standing, settings.folder / FILE, spoken)


def _change(settings: Settings, standing: FactSheet, file: Path, lang: str, *, yes: bool) -> None:
    """Takes over what a form states, once a person has seen what changes."""
    from jinpai.criteria import factsheet_book
    from jinpai.criteria.factsheet import FILE, sheet_tables
    from jinpai.text.signals import shop_lexicon
    from jinpai.workspace.disk import write_whole

    _is_workbook(file)
    if not file.is_file():
        raise WrongUse(f"没有文件 {file}。请检查路径。", f"There is no file {file}. Check the path.")
    wanted = factsheet_book.merged(standing, factsheet_book.read(file))
    sheet_tables(wanted, shop_lexicon(settings.folder))
    found = factsheet_book.changes(standing, wanted)
    if not found and wanted.titles == standing.titles:
        say(Words("店铺事实和表里的一样，没有要改的。", "The form states what stands; nothing changes."), lang)
        return
    say(
        Words(
            f"店铺 {settings.shop} 的店铺事实，{len(found)} 处改动：",
            f"Facts of shop {settings.shop}, {len(found)} changes:",
        ),
        lang,
    )
    for one in found:
        say(one.words, lang)
    if not yes:
        _ask(lang)
    write_whole(settings.folder / FILE, factsheet_book.toml(wanted).encode())
    say(Words("改好了；下次看质检时按新的事实重算。", "Changed; the next inspection goes by the new facts."), lang)


def _is_workbook(path: Path) -> None:
    if path.suffix.lower() != ".xlsx":
        raise WrongUse(
            f"店铺事实的表是 XLSX 文件，收到的是 {path.name}。", f"The form of facts is an XLSX file, not {path.name}."
        )


def _ask(lang: str) -> None:
    need_terminal(JinpaiError(
        "店铺事实会有上面的改动，要人看过才能改；什么都没有改。看过没问题的话，加 --yes 再运行一次。",
        "The facts would change as shown, which a person must see; nothing was changed. If it is right, run again with --yes.",
    ))  # fmt: skip
    if not agreed(Words("按新表改吗？输入 y 改，直接回车不改：", "Change them? y does, Enter does not:"), lang):
        raise JinpaiError("没有改，什么都没有变。", "Nothing was changed.")


def _show(sheet: FactSheet, path: Path, lang: str) -> None:
    if not (sheet.facts or sheet.points):
        say(Words(f"还没有店铺事实。请用 jinpai template facts 写一份表来填，或者直接写 {path}。",
                  f"There are no facts yet. Fill in the form of jinpai template facts, or write {path}."), lang)  # fmt: skip
        return
    titles = dict(sheet.titles)
    for product in dict.fromkeys([*(one.product for one in sheet.facts), *(one for one, _ in sheet.points)]):
        head = f"{product} {titles.get(product, '')}".rstrip()
        say(Words(head or "全店", head or "whole shop"), lang)
        told_of = [one.words for one in sheet.facts if one.product == product]
        for words in (*told_of, sheet.words("must_tell", product)):
            if words is not None:
                say(Words(f"  {words.zh}", f"  {words.en}"), lang)
