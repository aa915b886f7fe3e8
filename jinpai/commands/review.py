"""复核 `jinpai review`, `verdict` and `precision`: what people say of findings, and how often the criteria are right."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jinpai.commands import options
from jinpai.commands.listing import shown, written
from jinpai.commands.options import ListFormat
from jinpai.commands.output import say, told, write
from jinpai.commands.progress import Progress
from jinpai.errors import Words, WrongUse

if TYPE_CHECKING:
    from jinpai.book.drawing import Slice
    from jinpai.book.points import Point, Points
    from jinpai.criteria.definition import Criterion
    from jinpai.workspace import Workspace

By = Annotated[str, typer.Option("--by", metavar="NAME", help="谁来复核 || who reviews")]
Why = Annotated[
    str, typer.Option("--why", metavar="TEXT", help="理由，客服会看到 || the reason, which the agent reads")
]
Conversation = Annotated[
    str,
    typer.Argument(
        metavar="CONVERSATION",
        help="会话编号，可以只写前几位，或买家的名字 || its number, its first digits, or the buyer's name",
    ),
]
CriterionName = Annotated[str, typer.Argument(metavar="CRITERION", help="质检项，如 D1 || the criterion, like D1")]
QUEUE = {
    "task": Words("任务", "task"), "how": Words("抽法", "drawn"), "conversation": Words("会话", "conversation"), "day": Words("日期", "day"),
    "agent": Words("客服", "agent"), "criterion": Words("质检项", "criterion"), "found": Words("机器判的", "found"),
    "quote": Words("依据的话", "quote"),
}  # fmt: skip
PRECISION = {
    "criterion": Words("质检项", "criterion"), "reviewed": Words("随机复核", "random reviews"), "right": Words("属实", "right"),
    "share": Words("准确率", "precision"), "between": Words("大致在", "between"), "every": Words("全部复核（含拿不准的）", "all reviews"),
    "waiting": Words("随机待复核", "random, waiting"), "standing": Words("计分", "standing"),
}  # fmt: skip


@contextmanager
def at_book(workspace: Path, shop: str | None, lang: str) -> Iterator[tuple[Workspace, Points]]:
    """账本和事实 the book of a workspace, open, and the findings of a shop, up to date."""
    from jinpai.book.opening import opened_book
    from jinpai.book.points import Points
    from jinpai.inspection import inspected
    from jinpai.workspace import Workspace

    opened = Workspace.open(workspace)
    key = opened.shop(shop)
    with opened_book(opened), Progress(lang) as progress, inspected(opened, key, progress) as (engine, settings):
        yield opened, Points(opened, engine, settings)


def handed_over(opened: Workspace, shop: str, lang: str) -> None:
    """交给事实 the decisions as files for the next build, and which criteria are suspended by them."""
    from jinpai.book.out import hand_over

    suspended = hand_over(opened, shop)
    if suspended:
        named = "、".join(suspended)
        say(Words(f"改判太多、暂停计分的质检项：{named}。改好它的写法或信号就恢复。",
                  f"Suspended, overturned too often: {', '.join(suspended)}. Edit the criterion or its signals to end it."), lang)  # fmt: skip


def review(
    workspace: options.Workspace,
    by: By,
    shop: options.Shop = None,
    draw: Annotated[int | None, typer.Option("--draw", metavar="N", help="抽几个来复核 || draw so many")] = None,
    sheet: Annotated[Path | None, typer.Option("--sheet", metavar="FILE.xlsx", help="待复核的写成表，填两列就行 || write what waits as a sheet to fill in")] = None,
    read: Annotated[Path | None, typer.Option("--read", metavar="FILE.xlsx", help="读回填好的表 || read a filled sheet back")] = None,
    start: options.Start = None,
    end: options.End = None,
    agent: Annotated[str | None, typer.Option("--agent", metavar="AGENT", help="只抽这位客服（不算随机） || of this agent (none at random)")] = None,
    criterion: Annotated[str | None, typer.Option("--criterion", metavar="NAME", help="只抽这个质检项 || of this criterion")] = None,
    format: options.ListForm = ListFormat.table,
    output: options.Output = None,
    lang: options.Lang = None,
) -> None:  # fmt: skip
    """抽质检结果来复核：拿不准的在前，再加一份随机的。 || Draw findings for a person to review: uncertain ones first, and a random share."""
    spoken = options.language(lang)
    if read is not None and (draw is not None or sheet is not None):
        raise WrongUse("--read 要单独用。", "--read stands alone.")
    with at_book(workspace, shop, spoken) as (opened, points):
        from jinpai.book import drawing, judging
        from jinpai.book.sheet import read as read_sheet

        settings = points.settings
        if read is not None:
            many = judging.judge(read_sheet(read, points, judging.person(by, "--by")), settings)
            handed_over(opened, settings.shop, spoken)
            say(Words(f"记下了 {len(many)} 条复核。", f"{len(many)} verdicts were recorded."), spoken)
            return
        name = judging.person(by, "--by")
        if draw is not None:
            share = settings.random_share if agent is None else 0.0
            drawing.draw(
                points,
                draw,
                name,
                share=share,
                only=_slice(points, start, end, agent, criterion),
                doubt=_doubt(opened, points),
            )
        _hand_out(drawing.waiting(settings.shop, name), points, sheet, format, output, spoken)


def _slice(points: Points, start: str | None, end: str | None, agent: str | None, criterion: str | None) -> Slice:
    from jinpai.book.drawing import Slice
    from jinpai.period import days_asked

    first, last = days_asked(start, end)
    name = None if criterion is None else points.criterion(criterion).name
    return Slice(first, last, agent, name)


def _doubt(opened: Workspace, points: Points) -> Callable[[Sequence[Point]], Sequence[bool]] | None:
    """What the second reader doubts, where the shop has one."""
    from jinpai.book.doubting import doubted
    from jinpai.text.second_reader import second_reader

    reader = second_reader(opened, points.settings.shop)
    return None if reader is None else lambda many: doubted(reader, many)


def _hand_out(
    tasks: list[Any], points: Points, sheet: Path | None, format: ListFormat, output: Path | None, lang: str
) -> None:
    """What waits for a person, as a sheet or a list."""
    from jinpai.book import sheet as sheets
    from jinpai.book.points import shown as as_row
    from jinpai.book.words import HOW

    now = {one.finding: one for one in points.take((task.conversation, task.criterion) for task in tasks)}
    drawn = [(task, now[task.finding]) for task in tasks if task.finding in now]
    if sheet is not None:
        write(sheet, lambda part: sheets.write(part, drawn, points, lang))
        told(sheet, lang)
        say(Words(f"{len(drawn)} 条待复核。填好「复核结果」和「理由」两列，再运行 jinpai review --read {sheet}。",
                  f"{len(drawn)} findings wait. Fill in the verdict and the reason, then run jinpai review --read {sheet}."), lang)  # fmt: skip
        return
    rows = []
    for task, point in drawn:
        row = as_row(point, points.settings)
        title = row["title_en"] if lang == "en" else row["title"]
        rows.append(row | {
            "task": task.pk, "how": HOW[task.how].to(lang), "criterion": f"{point.criterion} {title}",
            "found": sheets.found(point.result, hint=point.definition.hint, lang=lang),
        })  # fmt: skip
    if written(QUEUE, rows, format, output, lang):
        return
    if not rows:
        say(Words("没有待复核的。抽一些：jinpai review --draw 20 --by 姓名", "Nothing waits. Draw some: jinpai review --draw 20 --by NAME"), lang)  # fmt: skip
        return
    for row in rows:
        _block(row, lang)
    say(Words("写复核结果：jinpai verdict 会话 质检项 属实|改判|不适用 --by 姓名 --why 理由；或用 --sheet 写成表来填。",
              "To decide: jinpai verdict CONVERSATION CRITERION agree|overturn|na --by NAME --why TEXT; or use --sheet."), lang)  # fmt: skip


def _block(row: dict[str, Any], lang: str) -> None:
    """One finding with the lines around it, for a person to read."""
    agent = row["agent"] or Words("未知客服", "unknown agent").to(lang)
    colon = Words("：", ": ").to(lang)
    print(f"{row['task']}  {row['criterion']}{colon}{row['found']}  （{row['how']}）  {row['day']} {agent}")
    conversation = Words("会话", "conversation").to(lang)
    print(f"    {conversation} {row['conversation']}" + (f"  「{row['quote']}」" if row["quote"] else ""))
    for line in row["around"]:
        print(f"      {line}")


def verdict(
    conversation: Conversation,
    criterion: CriterionName,
    outcome: Annotated[str, typer.Argument(metavar="agree|overturn|na", help="属实、改判、不适用 || right, the other way round, not applicable")],
    workspace: options.Workspace,
    by: By,
    why: Why = "",
    result: Annotated[str | None, typer.Option("--result", metavar="0-100", help="改判成多少分 || what it is instead")] = None,
    shop: options.Shop = None,
    lang: options.Lang = None,
) -> None:  # fmt: skip
    """写复核结果；红线提醒要有人写“属实”才计分。 || Say whether a finding is right; a red line counts only once a person agreed."""
    spoken = options.language(lang)
    with at_book(workspace, shop, spoken) as (opened, points):
        from jinpai.book.judging import Said, judge
        from jinpai.book.sheet import per_cent
        from jinpai.book.words import VERDICTS, meant

        point = points.one(points.conversation(conversation), criterion)
        key = meant(outcome, VERDICTS, "复核结果")
        right = None if result is None else per_cent(result)
        judge([Said(point, key, by, why, right)], points.settings)
        handed_over(opened, points.settings.shop, spoken)
        words = VERDICTS[key]
        say(Words(f"记下了：会话 {conversation} 的 {criterion} {words.zh}。下次看报表时按这个重算。",
                  f"Recorded: {criterion} in conversation {conversation}: {words.en}. The next report counts it so."), spoken)  # fmt: skip


def counter_example(
    conversation: Conversation,
    criterion: CriterionName,
    workspace: options.Workspace,
    shop: options.Shop = None,
    lang: options.Lang = None,
) -> None:
    """改判过的一项写成反例，去掉个人信息，放进店铺自己的词库。 || An overturned finding becomes a counter-example in the shop's own lexicon, without private data."""
    spoken = options.language(lang)
    with at_book(workspace, shop, spoken) as (_, points):
        from jinpai.book.counter_examples import write_counter_example

        made = write_counter_example(points, points.one(points.conversation(conversation), criterion))
    say(Words(f"写进了 {made.file}：\n{made.text}", f"Written into {made.file}:\n{made.text}"), spoken)
    if made.still:
        named = "、".join(made.still)
        say(Words(f"现在还会在这句话里找到信号 {named}。请在自己的词库里给它加 unless，或用 without 去掉一条写法。",
                  f"Still found in it: {', '.join(made.still)}. Add an unless in your own lexicon, or take a phrase away with without."), spoken)  # fmt: skip


def precision(
    workspace: options.Workspace,
    shop: options.Shop = None,
    format: options.ListForm = ListFormat.table,
    output: options.Output = None,
    lang: options.Lang = None,
) -> None:
    """每个质检项准不准：只看随机抽的复核；改判太多的暂停计分。 || How often each criterion is right, from random reviews; those overturned too often are suspended."""
    spoken = options.language(lang)
    from jinpai.book.opening import opened_book
    from jinpai.criteria import criterion_digests, shop_criteria
    from jinpai.workspace import Workspace

    opened = Workspace.open(workspace)
    settings = opened.settings(shop)
    with opened_book(opened):
        from jinpai.book.precision import precisions

        known = shop_criteria(settings.folder)
        rows = [
            _precision(one, known[one.criterion], spoken)
            for one in precisions(settings.shop, criterion_digests(settings))
        ]
        handed_over(opened, settings.shop, spoken)
    if not written(PRECISION, rows, format, output, spoken):
        shown(PRECISION, rows, spoken, right={"reviewed", "right", "share", "every", "waiting"}, whole={"between"})


def _precision(one: Any, definition: Criterion, lang: str) -> dict[str, Any]:
    if one.suspended:
        standing = Words("暂停计分（改判太多）", "suspended (overturned too often)")
    elif definition.suspended is not None:
        standing = Words("暂停计分（出厂）", "suspended (as shipped)")
    else:
        standing = (
            Words("提醒，确认才算", "hint, counts once confirmed") if definition.hint else Words("计分", "scored")
        )
    share = one.share
    return {
        "criterion": f"{one.criterion} {definition.title.to(lang)}", "reviewed": one.reviewed, "right": one.right,
        "share": None if share is None else f"{share:.0%}",
        "between": None if one.low is None else f"{one.low:.0%}–{one.high:.0%}",
        "every": f"{one.every_right}/{one.every_reviewed}", "waiting": one.waiting, "standing": standing.to(lang),
    }  # fmt: skip
