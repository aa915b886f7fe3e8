"""详情页 `jinpai pages`: what the product pages should say, a sheet for their editor, and before and after a change."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from jinpai.commands import options
from jinpai.commands.listing import shown
from jinpai.commands.options import ListFormat
from jinpai.commands.output import hand_over_as, say, told, write, write_text
from jinpai.commands.progress import Progress
from jinpai.errors import Words, WrongUse

MOST = 20
_SHEETS = (".html", ".htm", ".xlsx")


Product = Annotated[str | None, typer.Option("--product", metavar="ID", help="只看这个商品 || of this product")]
Least = Annotated[int, typer.Option("--least", min=1, help="至少几段会话说页面没写 || so many conversations at least")]
Days = Annotated[int, typer.Option("--days", min=1, max=365, help="改前改后各看几天 || days before and after")]
SheetFile = Annotated[
    Path | None,
    typer.Option("--sheet", metavar="FILE", help="写一页给编辑（.html 或 .xlsx） || a sheet for the editor"),
]
Done = Annotated[
    str | None, typer.Option("--done", metavar="PRODUCT:TOPIC", help="哪个商品的哪个关注点改好了 || what was changed")
]
On = Annotated[str | None, typer.Option("--on", metavar="DATE", help="哪天改好的 || the day of the change")]


def pages(
    workspace: options.Workspace,
    shop: options.Shop = None,
    start: options.Start = None,
    end: options.End = None,
    product: Product = None,
    fewest: Least = 3,
    days: Days = 14,
    sheet: SheetFile = None,
    done: Done = None,
    on: On = None,
    format: options.ListForm = ListFormat.table,
    output: options.Output = None,
    lang: options.Lang = None,
) -> None:
    """详情页要补什么：买家说没写、问得多的；改好以后看前后变化。 || Pages: what they should say, and before and after."""
    spoken = options.language(lang)
    _check(sheet, done, on)
    from jinpai.topics import pages as asked
    from jinpai.workspace import Workspace

    opened = Workspace.open(workspace)
    with Progress(spoken) as progress:
        if done is not None and on is not None:
            made, is_new = asked.done(opened, shop, done, on, progress=progress)
            product = product or made.product
            told_so = (
                Words("已记下。", "Recorded.") if is_new else Words("这一条已经记过了。", "This was recorded already.")
            )
            say(told_so, spoken, error=True)
        found = asked.pages(
            opened, shop, start=start, end=end, product=product, fewest=fewest, days=days, progress=progress
        )
    _give(found, sheet, format, output, spoken)


def _check(sheet: Path | None, done: str | None, on: str | None) -> None:
    if (done is None) != (on is None):
        raise WrongUse(
            "--done 和 --on 要一起写，例如 --done 700000012301:size --on 2025-11-12。",
            "--done and --on go together, as --done 700000012301:size --on 2025-11-12.",
        )
    if sheet is not None and sheet.suffix.lower() not in _SHEETS:
        raise WrongUse(
            f"给编辑的表要以 .html 或 .xlsx 结尾，收到的是 {sheet.name}。",
            f"A sheet ends in .html or .xlsx, not {sheet.name}.",
        )


def _give(found: dict[str, Any], sheet: Path | None, format: ListFormat, output: Path | None, lang: str) -> None:
    """Hands the tasks over in the form that was asked for."""
    from jinpai.render import pages as rendering

    if sheet is not None:
        if sheet.suffix.lower() == ".xlsx":
            write(sheet, lambda part: rendering.write(found, part, lang))
        else:
            write_text(sheet, rendering.sheet(found, lang))
        told(sheet, lang)
    elif not hand_over_as(format, output, found, rendering, lang):
        _screen(found, lang)


def _screen(found: dict[str, Any], lang: str) -> None:
    """Tasks, the owner's tasks and what became of changes, on the screen."""
    from jinpai.render import pages as rendering

    rows = rendering.rows(found, lang)
    if rows:
        names = ("product", "title", "said", "asked", "conversations", "done", "quotes")
        listed = [row | {"quotes": (one["quotes"] or [""])[0]} for row, one in zip(rows, found["tasks"], strict=True)]
        shown(
            {name: rendering.COLUMNS[name] for name in names},
            listed[:MOST],
            lang,
            right=("said", "asked", "conversations"),
            whole=("product", "title"),
        )
    else:
        say(
            Words(
                "没有要补的内容：买家很少说页面没写，也没有哪个问题问得特别多。",
                "Nothing to add: buyers rarely miss anything on the pages.",
            ),
            lang,
        )
    if len(rows) > MOST:
        say(
            Words(
                f"只显示前 {MOST} 条，共 {len(rows)} 条；带原话和建议的一页：--sheet 文件.html",
                f"The first {MOST} of {len(rows)}; quotes and text: --sheet FILE.html",
            ),
            lang,
        )
    for one in found["owner"]:
        say(Words(f"给店主：{one['product']} {one['product_title']}，{one['worried']}/{one['conversations']} 段会话怕有风险。{one['suggestion']}",
                  f"For the owner: {one['product']}, fear of risk in {one['worried']} of {one['conversations']} conversations."), lang)  # fmt: skip
    for story in rendering.stories(found, lang):
        say(Words(story, story), lang)
    if found["done"]:
        for note in rendering.notes(lang):
            say(Words(note, note), lang)
