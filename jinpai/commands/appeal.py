"""申诉 `jinpai appeal` and `jinpai appeals`: an agent contests a point; somebody else than who set it decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from jinpai.commands import options
from jinpai.commands.listing import shown, written
from jinpai.commands.options import ListFormat
from jinpai.commands.output import say
from jinpai.commands.review import Conversation, CriterionName, at_book, handed_over
from jinpai.errors import Words, WrongUse

if TYPE_CHECKING:
    from jinpai.workspace import Workspace

COLUMNS = {
    "appeal": Words("申诉", "appeal"), "at": Words("提出时间", "made at"), "by": Words("客服", "agent"), "conversation": Words("会话", "conversation"),
    "criterion": Words("质检项", "criterion"), "quote": Words("依据的话", "quote"), "why": Words("理由", "why"),
}  # fmt: skip


def appeal(
    conversation: Conversation,
    criterion: CriterionName,
    workspace: options.Workspace,
    by: Annotated[str, typer.Option("--by", metavar="AGENT", help="哪位客服申诉 || the agent who appeals")],
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="理由 || the reason")],
    shop: options.Shop = None,
    lang: options.Lang = None,
) -> None:
    """客服对自己的一项质检结果提出申诉。 || An agent appeals a point of their own."""
    spoken = options.language(lang)
    with at_book(workspace, shop, spoken) as (_, points):
        from jinpai.book.appealing import appeal as put_in

        made = put_in(points.one(points.conversation(conversation), criterion), by, why, points.settings)
        say(Words(f"申诉已提出，{made.pk} 号。由复核这一项以外的主管处理：jinpai appeals",
                  f"Appeal {made.pk} was made. A supervisor other than who set the point decides it: jinpai appeals"), spoken)  # fmt: skip


def appeals(
    workspace: options.Workspace,
    shop: options.Shop = None,
    decide: Annotated[int | None, typer.Option("--decide", metavar="NUMBER", help="处理几号申诉 || decide this appeal")] = None,
    ruling: Annotated[str | None, typer.Option("--ruling", metavar="uphold|overturn|na", help="维持、改判、不适用 || the point stands, the other way round, not applicable")] = None,
    by: Annotated[str | None, typer.Option("--by", metavar="NAME", help="谁处理 || who decides")] = None,
    why: Annotated[str | None, typer.Option("--why", metavar="TEXT", help="理由 || the reason")] = None,
    format: options.ListForm = ListFormat.table,
    output: options.Output = None,
    lang: options.Lang = None,
) -> None:  # fmt: skip
    """待处理的申诉；加 --decide 处理一条，结果马上改分。 || Appeals that wait; with --decide one is decided, and the score follows."""
    spoken = options.language(lang)
    if decide is None and (ruling or by or why):
        raise WrongUse("处理申诉要写 --decide 几号。", "Say which appeal with --decide NUMBER.")
    if decide is not None and not (ruling and by and why):
        raise WrongUse(
            "处理申诉要写全：--decide 几号 --ruling 维持|改判|不适用 --by 姓名 --why 理由。",
            "Deciding wants --decide NUMBER --ruling uphold|overturn|na --by NAME --why TEXT.",
        )
    with at_book(workspace, shop, spoken) as (opened, points):
        from jinpai.book.appealing import waiting

        if decide is None:
            _list(waiting(points.settings.shop), points, format, output, spoken)
            return
        conversation, before = _decide(opened, points, decide, str(ruling), str(by), str(why), spoken)
    _score_now(opened, points.settings.shop, conversation, before, spoken)


def _list(every: list[Any], points: Any, format: ListFormat, output: Any, lang: str) -> None:
    from jinpai.period import to_moment

    now = {one.finding: one for one in points.take((one.conversation, one.criterion) for one in every)}
    rows = [
        {"appeal": one.pk, "at": f"{to_moment(one.at, points.settings.zone):%Y-%m-%d %H:%M}", "by": one.by, "conversation": one.conversation,
         "criterion": one.criterion, "quote": now[one.finding].quote if one.finding in now else None, "why": one.why}
        for one in every
    ]  # fmt: skip
    if written(COLUMNS, rows, format, output, lang):
        return
    if not rows:
        say(Words("没有待处理的申诉。", "No appeal waits."), lang)
        return
    shown(COLUMNS, rows, lang, right={"appeal"}, whole={"conversation"})
    say(Words("处理：jinpai appeals --decide 几号 --ruling 维持|改判|不适用 --by 姓名 --why 理由",
              "To decide: jinpai appeals --decide NUMBER --ruling uphold|overturn|na --by NAME --why TEXT"), lang)  # fmt: skip


def _decide(
    opened: Workspace, points: Any, number: int, ruling: str, by: str, why: str, lang: str
) -> tuple[int, list[dict[str, Any]]]:
    """Records the decision; the conversation, and its scores before."""
    from jinpai.book.appealing import decide
    from jinpai.book.words import RULINGS, meant

    key = meant(ruling, RULINGS, "--ruling")
    made = decide(number, key, by, why, points.settings)
    handed_over(opened, points.settings.shop, lang)
    say(Words(f"{number} 号申诉：{RULINGS[key].zh}。", f"Appeal {number}: {RULINGS[key].en}."), lang)
    conversation = made.appeal.conversation
    return conversation, points.engine.rows(_SCORES, {"key": conversation})


_SCORES = "select agent, score, full_mark from score where conversation_key = $key and scope = 'agent' order by agent"


def _score_now(opened: Workspace, shop: str, conversation: int, before: list[dict[str, Any]], lang: str) -> None:
    """Says what became of the scores, which is what the agent waits for."""
    from jinpai.commands.progress import Progress
    from jinpai.inspection import inspected

    was = {one["agent"]: one for one in before}
    with Progress(lang) as progress, inspected(opened, shop, progress) as (engine, _):
        now = {one["agent"]: one for one in engine.rows(_SCORES, {"key": conversation})}
    for agent in sorted({*was, *now}, key=str):
        old, new = (_points(one.get(agent)) for one in (was, now))
        zh, en = (
            ("不变", "unchanged")
            if old == new
            else (f"{old or '无'} → {new or '无'}", f"{old or 'none'} → {new or 'none'}")
        )
        say(
            Words(f"{agent or '未知客服'} 这段会话的得分：{zh}", f"{agent or 'unknown agent'}'s score here: {en}"), lang
        )


def _points(one: dict[str, Any] | None) -> str | None:
    from jinpai.inspection import points

    return None if one is None or one["score"] is None else f"{points(one['score'], one['full_mark']):g}"
