"""质检项 `jinpai criteria`: what chats are inspected for, the shop's own too; with --check the dialogues beside them are tried."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from jinpai.commands import options
from jinpai.commands.listing import shown
from jinpai.commands.output import say
from jinpai.errors import Words

if TYPE_CHECKING:
    from jinpai.criteria.definition import Criterion
    from jinpai.trying import Tried
    from jinpai.workspace import Settings


def criteria(
    workspace: options.Workspace,
    shop: options.Shop = None,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="试一遍店里自定质检项旁边的对话 || try the dialogues beside the shop's own criteria"
        ),
    ] = False,
    lang: options.Lang = None,
) -> None:
    """质检项一览；--check 试自定质检项的对话。 || What chats are inspected for; --check tries the shop's own."""
    from jinpai.criteria import scorecards, shop_criteria
    from jinpai.criteria.scorecard import DEFAULT
    from jinpai.workspace import Workspace

    spoken = options.language(lang)
    opened = Workspace.open(workspace)
    settings = opened.settings(opened.shop(shop))
    known = shop_criteria(settings.folder)
    if check:
        _check(settings, known, spoken)
        return
    # of several versions of the shop's general scorecard, the one in force last
    weights = dict([one.card for one in scorecards(settings.folder) if one.card.name == DEFAULT][-1].weights)
    rows = [
        {
            "name": one.name, "title": one.title.to(spoken), "weight": weights.get(one.name), "own": Words("自定", "own").to(spoken) if one.is_own else "",
            "standing": _standing(one, weights).to(spoken),
        }
        for one in known.values()
    ]  # fmt: skip
    names = {
        "name": Words("编号", "criterion"), "title": Words("质检项", "title"), "weight": Words("权重", "weight"),
        "standing": Words("计分", "standing"), "own": Words("", ""),
    }  # fmt: skip
    shown(names, rows, spoken, right=("weight",), whole=("name",))
    for one in known.values():
        if one.suspended is not None:
            say(
                Words(f"{one.name} 暂停计分：{one.suspended.zh}。", f"{one.name} is suspended: {one.suspended.en}."),
                spoken,
            )


def _standing(one: Criterion, weights: Mapping[str, int]) -> Words:
    from jinpai.render.inspection import STANDING

    if one.name not in weights:
        return Words("质检标准不检查", "left out")
    return STANDING["hint" if one.hint else "suspended" if one.suspended else "scored"]


def _check(settings: Settings, known: Mapping[str, Criterion], lang: str) -> None:
    """Says which dialogue came out otherwise than its file says; exit code 1 if one did."""
    from jinpai import trying

    dialogues = trying.own_dialogues(settings)
    told = {one.criterion for one in dialogues}
    for one in known.values():
        if one.is_own and one.name not in told:
            say(Words(f"{one.name} {one.title.zh}：旁边还没有 {one.name}.md，没有对话可以试。", f"{one.name} {one.title.en}: no {one.name}.md beside it, so nothing to try."), lang)  # fmt: skip
    if not dialogues:
        say(Words("没有自定质检项的对话。写在 criteria 文件夹里，和质检项同名。", "There are no dialogues of own criteria. They lie in the folder criteria, named like their criterion."), lang)  # fmt: skip
        return
    wrong = [one for one in trying.tried(dialogues, settings) if not one.is_right]
    for dialogue in wrong:
        say(_difference(dialogue), lang)
    good = len(dialogues) - len(wrong)
    say(Words(f"试了 {len(dialogues)} 段对话，{good} 段相符，{len(wrong)} 段不符。", f"{len(dialogues)} dialogues tried: {good} as written, {len(wrong)} not."), lang)  # fmt: skip
    if wrong:
        raise typer.Exit(1)


def _difference(one: Tried) -> Words:
    wanted, quote = one.dialogue, f"「{one.quote}」" if one.quote is not None else ""
    rests = f"「{wanted.quote}」" if wanted.quote is not None else ""

    def told(result: int | None) -> Words:
        return Words("不适用", "does not apply") if result is None else Words(str(result), str(result))

    should, is_ = told(wanted.result), told(one.result)
    return Words(
        f"{wanted.criterion}「{wanted.title}」不符：该是 {should.zh}{rests}，结果是 {is_.zh}{quote}。",
        f"{wanted.criterion} '{wanted.title}' is not as written: {should.en}{rests} is wanted, {is_.en}{quote} was found.",
    )
