"""删除 `jinpai erase`: one buyer, or what is out of keeping, out of everything the workspace holds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from jinpai.commands import options
from jinpai.commands.confirming import agreed, need_terminal
from jinpai.commands.output import say
from jinpai.commands.progress import Progress
from jinpai.errors import JinpaiError, Words, WrongUse
from jinpai.render.counted import counted, table_name

if TYPE_CHECKING:
    from jinpai.erasure import Found, Request
    from jinpai.workspace import Workspace


def erase(
    workspace: options.Workspace,
    buyer: Annotated[
        str | None,
        typer.Argument(metavar="BUYER", help="买家账号，照导出文件里的写法 || the buyer's id, as it was exported"),
    ] = None,
    shop: options.Shop = None,
    order: Annotated[
        str | None,
        typer.Option("--order", metavar="ORDER_ID", help="打了码的买家：只删这一单和它的聊天 || for a masked buyer: only this order and its chat"),
    ] = None,
    older_than: Annotated[
        str | None,
        typer.Option("--older-than", metavar="730d|2y", help="删这么久以前的，如 730d 或 2y || what is older than this, like 730d or 2y"),
    ] = None,
    texts: Annotated[
        bool,
        typer.Option("--texts", help="和 --older-than 一起：只抹文字，数字不变 || with --older-than: only the words; figures stay"),
    ] = False,
    expired: Annotated[
        bool,
        typer.Option("--expired", help="按店铺设置的保留期删 || what the shops' settings keep no longer"),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="不再询问 || do not ask")] = False,
    lang: options.Lang = None,
) -> None:  # fmt: skip
    """删掉一个买家，或超过保留期的记录；旧文件再导入也不会回来。 || Erase one buyer, or what is out of keeping; old files do not bring it back."""
    from jinpai.workspace import Workspace

    spoken = options.language(lang)
    if sum((buyer is not None, older_than is not None, expired)) != 1:
        raise WrongUse(
            "请写一个买家账号，或 --older-than 多久，或 --expired，三者选一。",
            "Name one of these: a buyer, --older-than SPAN, or --expired.",
        )
    if texts and older_than is None:
        raise WrongUse("--texts 要和 --older-than 一起用。", "--texts goes with --older-than.")
    if order is not None and buyer is None:
        raise WrongUse("--order 要和买家一起用。", "--order goes with a buyer.")
    opened = Workspace.open(workspace)
    asked = _requests(opened, buyer, shop, order, older_than, texts, expired)
    if not asked:
        say(Words("设置里没有保留期（retention_days、text_retention_days 都是 0），没有要删的。",
                  "The settings keep everything (retention_days and text_retention_days are 0); nothing to erase."), spoken)  # fmt: skip
        return
    if not yes:
        asked = [(day, replace(request, everything=True)) for day, request in asked]
    if yes or _agreed(opened, asked, spoken):
        _carry_out(opened, asked, spoken)


def _requests(
    opened: Workspace, buyer: str | None, shop: str | None, order: str | None, older_than: str | None, texts: bool, expired: bool
) -> list[tuple[int, Request]]:  # fmt: skip
    """What is asked for, each with the first day that is kept (0: it is about a buyer)."""
    from jinpai.erasure import Request, checked, retention

    if expired:
        return [
            one
            for key in ([opened.shop(shop)] if shop else opened.shops())
            for one in retention.expired(opened.settings(key))
        ]
    key = opened.shop(shop)
    if older_than is None:
        return [(0, checked(Request(key, buyer, order)))]
    settings = opened.settings(key)
    day = retention.first_kept(settings, older_than)
    cut = retention.start_of(settings, day)
    return [(day, Request(key, words_before=cut) if texts else Request(key, rows_before=cut))]


def _agreed(opened: Workspace, asked: list[tuple[int, Request]], lang: str) -> bool:
    """Says what would go and asks; without a terminal to ask on, wrong use."""
    from jinpai.erasure import look

    need_terminal(WrongUse("删除不能撤销，要有人确认。请在终端里运行，或加 --yes。",
                           "Erasing cannot be undone and wants a yes. Run it on a terminal, or add --yes."))  # fmt: skip
    some = False
    for day, request in asked:
        with Progress(lang) as progress:
            found = look(opened, request, progress)
        some |= bool(found.files) or found.before
        for words in planned(request, day, found):
            say(words, lang)
    if not some:
        return False
    if agreed(Words("删除后不能恢复。确定吗？[y/N]", "This cannot be undone. Go on? [y/N]"), lang):
        return True
    say(Words("没有删，什么也没动。", "Nothing was erased."), lang)
    return False


def planned(request: Request, day: int, found: Found) -> list[Words]:
    """将要 what an erasure will do, and what it costs, in sentences."""
    from jinpai.period import add_days, format_day

    if request.buyer is not None:
        if not found.files:
            return [Words(f"买家「{request.buyer}」以前删过，现在没有他的记录。", f"Buyer '{request.buyer}' was erased before; there is nothing of his now.")]  # fmt: skip
        return [
            Words(f"将从店铺「{request.shop}」删去买家「{request.buyer}」：{_counted(found).zh}。有他的那些天，数字会跟着变。",
                  f"Buyer '{request.buyer}' will go from shop '{request.shop}': {_counted(found).en}. Figures of his days will change."),
            *_mentions(found),
        ]  # fmt: skip
    kept, last = format_day(day), format_day(add_days(day, -1))
    if not found.files:
        return [Words(f"店铺「{request.shop}」没有 {last} 及以前还要删的记录。", f"Shop '{request.shop}' has nothing of {last} or before to erase.")]  # fmt: skip
    if request.words_before:
        return [
            Words(f"将抹去店铺「{request.shop}」{last} 及以前 {found.worn:,} 行里的文字（聊天原文、商家备忘、退款原因、其他列），只留字数。"
                  "数字不变，原文再也看不到，质检也不能重做。",
                  f"The words of {found.worn:,} rows of shop '{request.shop}' up to {last} will go (chat texts, memos, reasons, other "
                  "columns); only their lengths stay. Figures do not change; the words can never be read or inspected again."),
        ]  # fmt: skip
    return [
        Words(f"将删去店铺「{request.shop}」{last} 及以前的：{_counted(found).zh}。那些天的数字以后都没有了，同比也比不了；"
              f"{kept} 起头几天的询单和业绩归属也会略有变化。要留数字，请先导出：jinpai report --by day --to {last} --output 文件.xlsx",
              f"Of shop '{request.shop}', everything up to {last} will go: {_counted(found).en}. Figures of those days will be gone, and "
              f"those of the first days from {kept} on may change a little. To keep figures, export them first: "
              f"jinpai report --by day --to {last} --output FILE.xlsx"),
    ]  # fmt: skip


def _counted(found: Found) -> Words:
    known = {"problems": Words("没导进来的行", "rows not imported"), "review": Words("待核对的行", "rows to check")}
    told = counted((known.get(table) or table_name(table), count) for table, count in found.rows.items())
    return Words(told.zh or "只有文件名或其他列里的名字", told.en or "only the name in file names or other columns")


def _mentions(found: Found) -> list[Words]:
    if not found.mentions:
        return []
    return [Words(f"另有 {found.mentions:,} 行别人的聊天或备注里提到这个名字，不会动。",
                  f"{found.mentions:,} rows of others speak of this name in their words; they stay.")]  # fmt: skip


def _carry_out(opened: Workspace, asked: list[tuple[int, Request]], lang: str) -> None:
    from jinpai import erasure, flow

    for day, request in asked:
        with Progress(lang) as progress:
            found = erasure.erase(opened, request, progress)
        for words in _done(request, day, found):
            say(words, lang)
    try:
        with Progress(lang) as progress:
            flow.build(opened, progress=progress)
    except (JinpaiError, OSError) as error:
        said = error.words if isinstance(error, JinpaiError) else Words(str(error), str(error))
        raise JinpaiError(
            f"原始记录里已经删了，但重算没做完，旧的计算结果里还有：{said.zh} 处理好后请运行 jinpai build，旧结果会当场清掉。",
            f"The raw rows are erased, but the build failed and the old facts still hold them: {said.en} Then run jinpai build; "
            "it removes the old facts at once.",
        ) from error
    if not opened.purge():
        say(Words("有别的程序正开着旧的计算结果，没能全部清掉；关掉它再运行一次 jinpai erase。",
                  "Another program has old facts open, so that some are left; close it and run jinpai erase again."), lang)  # fmt: skip
    say(Words("已重新计算。备份、导出过的报表和平台的原文件不归这里管，里面还有的请另外删。",
              "Computed anew. Backups, reports exported before and the platform's own files are not touched; erase there too."), lang)  # fmt: skip
    for request in (one for _, one in asked if one.buyer is not None):
        _settings_note(opened, request, lang)


def _done(request: Request, day: int, found: Found) -> list[Words]:
    from jinpai.period import add_days, format_day

    if request.buyer is not None:
        if not found.files:
            return [Words("以前删过，现在没有他的记录。", "Erased before; there is nothing of his now.")]
        return [Words(f"已删去：{_counted(found).zh}。", f"Erased: {_counted(found).en}."), *_mentions(found)]
    last = format_day(add_days(day, -1))
    if not found.files:
        return [Words(f"店铺「{request.shop}」：{last} 及以前没有要删的。", f"Shop '{request.shop}': nothing up to {last} to erase.")]  # fmt: skip
    if request.words_before:
        return [Words(f"店铺「{request.shop}」：{last} 及以前 {found.worn:,} 行的文字已抹去。", f"Shop '{request.shop}': the words of {found.worn:,} rows up to {last} are gone.")]  # fmt: skip
    return [Words(f"店铺「{request.shop}」：{last} 及以前的已删去：{_counted(found).zh}。", f"Shop '{request.shop}', up to {last}, erased: {_counted(found).en}.")]  # fmt: skip


def _settings_note(opened: Workspace, request: Request, lang: str) -> None:
    """Says where the shop's settings still name whom or what was erased: people wrote them, people change them."""
    wanted = [one for one in (request.buyer, request.order) if one]
    for file in sorted((opened.config / request.shop).glob("*.toml")):
        text = file.read_text(encoding="utf-8-sig")
        if any(one in text for one in wanted):
            say(Words(f"设置文件 {file} 里还写着，请打开改掉。", f"The settings file {file} still names it; change it there."), lang)  # fmt: skip
