"""撤回 `jinpai imports` and `jinpai withdraw`: what was imported, and one import taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from jinpai.commands import options
from jinpai.commands.confirming import agreed, need_terminal
from jinpai.commands.listing import shown, written
from jinpai.commands.options import ListFormat
from jinpai.commands.output import say
from jinpai.commands.progress import Progress
from jinpai.errors import Words, WrongUse
from jinpai.render.counted import counted, table_name

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from jinpai.workspace import Workspace
    from jinpai.workspace.raw import RawFile
    from jinpai.workspace.withdrawing import Import

COLUMNS = {
    "import": Words("编号", "import"), "at": Words("导入时间", "imported at"), "shop": Words("店铺", "shop"),
    "file": Words("文件", "file"), "format": Words("格式", "format"), "rows": Words("内容", "rows"),
}  # fmt: skip
MOST_LINES = 20


def imports(
    workspace: options.Workspace,
    format: options.ListForm = ListFormat.table,
    output: options.Output = None,
    lang: options.Lang = None,
) -> None:
    """导入过哪些文件：导入编号、时间、店铺、文件、格式、内容。 || What was imported: the import's id, time, shop, file, format, rows."""
    from jinpai.workspace import Workspace
    from jinpai.workspace.withdrawing import imports as listed

    spoken = options.language(lang)
    opened = Workspace.open(workspace)
    zone = opened.settings(opened.shops()[0]).zone
    every = listed(opened)
    if format is not ListFormat.table:
        written(COLUMNS, [_row(one, raw, zone, spoken) for one in every for raw in one.files], format, output, spoken)
        return
    rows = [_row(one, raw, zone, spoken) for one in every for raw in one.files[:MOST_LINES]]
    if not rows:
        say(Words("还没有导入过文件。", "Nothing was imported yet."), spoken)
        return
    shown(COLUMNS, rows, spoken, whole={"import"})
    for one in every:
        if (rest := len(one.files) - MOST_LINES) > 0:
            say(Words(f"导入 {one.id} 还有 {rest:,} 个文件没有列出，全部：jinpai imports --format csv",
                      f"Import {one.id} has {rest:,} more files; all of them: jinpai imports --format csv"), spoken)  # fmt: skip
    say(Words("撤回一次导入：jinpai withdraw 编号或文件名", "To take one back: jinpai withdraw ID or FILE"), spoken)


def _row(one: Import, raw: RawFile, zone: ZoneInfo, lang: str) -> dict[str, Any]:
    from jinpai.period import to_moment

    return {
        "import": one.id, "at": f"{to_moment(one.at, zone):%Y-%m-%d %H:%M}", "shop": raw.shop, "file": raw.header.file,
        "format": raw.header.format, "rows": _counted(raw).to(lang),
    }  # fmt: skip


def withdraw(
    what: Annotated[
        str,
        typer.Argument(
            metavar="FILE|IMPORT",
            help="文件名，或 jinpai imports 列出的导入编号 || a file, or an import's id as listed by jinpai imports",
        ),
    ],
    workspace: options.Workspace,
    shop: options.Shop = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="不再询问 || do not ask")] = False,
    lang: options.Lang = None,
) -> None:
    """撤回一次导入，就像没有导入过；同一个文件以后可以再导入。 || Take one import back, as if it had never been; the same file can be imported again."""
    from jinpai import flow
    from jinpai.workspace import Workspace
    from jinpai.workspace.withdrawing import chosen
    from jinpai.workspace.withdrawing import withdraw as carry_out

    spoken = options.language(lang)
    opened = Workspace.open(workspace)
    wanted = chosen(opened, what, shop)
    for words in planned(wanted):
        say(words, spoken)
    if not yes:
        need_terminal(WrongUse("撤回要有人确认；什么也没撤。请在终端里运行，或加 --yes。",
                               "Withdrawing wants a yes; nothing was withdrawn. Run it on a terminal, or add --yes."))  # fmt: skip
        if not agreed(Words("确定撤回吗？[y/N]", "Withdraw it? [y/N]"), spoken):
            say(Words("没有撤，什么也没动。", "Nothing was withdrawn."), spoken)
            return
    many = len(carry_out(opened, wanted))
    say(Words(f"已撤回 {many:,} 个文件。", f"{many:,} files withdrawn."), spoken)
    with Progress(spoken) as progress:
        flow.build(opened, progress=progress)
    say(Words("已重新计算。要再导入同一个文件，照常运行 jinpai import。",
              "Computed anew. To import the same file again, run jinpai import as usual."), spoken)  # fmt: skip
    for words in _left_empty(opened, wanted):
        say(words, spoken)


def planned(wanted: Import) -> list[Words]:
    """将要 what goes, file by file, in sentences."""
    told = [
        Words(f"  {raw.header.file}（店铺 {raw.shop}，{raw.header.format}）：{_counted(raw).zh}",
              f"  {raw.header.file} (shop {raw.shop}, {raw.header.format}): {_counted(raw).en}")
        for raw in wanted.files[:MOST_LINES]
    ]  # fmt: skip
    if len(wanted.files) > MOST_LINES:
        rest = len(wanted.files) - MOST_LINES
        told.append(Words(f"  ……还有 {rest:,} 个文件", f"  … and {rest:,} more files"))
    return [Words(f"将撤回导入 {wanted.id} 的：", f"Of import {wanted.id} will go:"), *told]


def _counted(raw: RawFile) -> Words:
    rows = raw.counts.rows | {"problems": raw.counts.problems}
    told = counted((table_name(table), count) for table, count in rows.items())
    return Words(told.zh or "没有数据行", told.en or "no rows")


def _left_empty(opened: Workspace, wanted: Import) -> list[Words]:
    """Shops of which nothing is left: an import may have made them, people may have set them up."""
    there = {raw.shop for raw in opened.raw_files()}
    return [
        Words(f"店铺「{shop}」现在没有任何记录，设置还在；不要这家店的话，删掉文件夹 {opened.config / shop}。",
              f"Shop '{shop}' has no rows now, its settings stay; if it is not wanted, delete the folder {opened.config / shop}.")
        for shop in sorted({raw.shop for raw in wanted.files} - there) if len(opened.shops()) > 1
    ]  # fmt: skip
