"""关注点 `jinpai topics`: what buyers ask about and object to, by shop or product."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from jinpai.commands import options
from jinpai.commands.listing import shown
from jinpai.commands.options import Format
from jinpai.commands.output import hand_over, hand_over_as, say
from jinpai.commands.progress import Progress
from jinpai.commands.report import form
from jinpai.errors import Words

if TYPE_CHECKING:
    from jinpai.workspace import Workspace

MOST = 25


def topics(
    workspace: options.Workspace,
    shop: options.Shop = None,
    start: options.Start = None,
    end: options.End = None,
    by: Annotated[
        str, typer.Option("--by", metavar="shop|product", help="按全店还是按商品 || by shop or product")
    ] = "shop",
    product: Annotated[
        str | None, typer.Option("--product", metavar="ID", help="只看这个商品 || of this product")
    ] = None,
    window: options.Window = None,
    second: Annotated[
        int | None,
        typer.Option(
            "--second-read",
            metavar="N",
            min=1,
            max=10_000,
            help="没看出来的话，最常见的 N 句请二读看一遍 || ask the second reader about the N most frequent sentences left",
        ),
    ] = None,
    format: options.Form = None,
    output: options.Output = None,
    lang: options.Lang = None,
) -> None:
    """买家在问什么：关注点和异议的排行、趋势、原话和转化。 || Topics: what buyers ask and object to, with quotes."""
    spoken = options.language(lang)
    chosen = form(format, output)
    from jinpai.render import topics as rendering
    from jinpai.topics import ranking
    from jinpai.workspace import Workspace

    opened = Workspace.open(workspace)
    if second is not None:
        _read_again(opened, shop, second, spoken)
    with Progress(spoken) as progress:
        found = ranking.topics(
            opened, shop, start=start, end=end, by=by, product=product, window=window, progress=progress,
        )  # fmt: skip
    if hand_over_as(chosen, output, found, rendering, spoken):
        return
    if chosen is Format.html:
        hand_over(output, rendering.page(found, spoken), spoken)
    else:
        _screen(found, spoken)


def _read_again(opened: Workspace, shop: str | None, most: int, lang: str) -> None:
    """What the second reader says of the sentences that were left, before they are counted anew."""
    from jinpai.inspection import quoted
    from jinpai.topics.reading_again import read_again

    with Progress(lang) as progress:
        told = read_again(opened, shop, most, progress)
    if not told.looked:
        say(Words("没有剩下没问过的话。", "No sentence is left that was not asked about."), lang)
        return
    for text, topic in list(told.said.items())[:MOST]:
        say(Words(f"  「{quoted(text)}」→ {topic}", f"  “{quoted(text)}” → {topic}"), lang)
    say(Words(f"二读看了 {told.looked} 句，{len(told.said)} 句看出了关注点，已经算进下面的数。",
              f"The second reader looked at {told.looked} sentences and told the topic of {len(told.said)}, counted below."), lang)  # fmt: skip
    if told.left is not None:
        say(told.left, lang)


def _screen(found: dict[str, Any], lang: str) -> None:
    """The ranking on the screen: the first rows, and how to read them."""
    from jinpai.render import topics as rendering
    from jinpai.render.story import Say

    speak = Say(lang)
    rows = rendering.lines(found, lang)
    names = [
        *(("product",) if found["meta"]["by"] == "product" else ()),
        "kind",
        "title",
        "conversations",
        *rendering.RATES,
        "trend",
        "quotes",
    ]
    shown(
        {name: rendering.COLUMNS[name] for name in names},
        [
            row | {name: rendering.percent(row[name], speak) for name in rendering.RATES} | {"quotes": (found["rows"][at]["quotes"] or [""])[0]}
            for at, row in enumerate(rows[:MOST])
        ],
        lang, right=("conversations", *rendering.RATES, "trend"), whole=("product", "title", "trend"),
    )  # fmt: skip
    if len(rows) > MOST:
        say(Words(f"只显示前 {MOST} 行，共 {len(rows)} 行；全部请加 --output 文件.xlsx。",
                  f"The first {MOST} of {len(rows)} rows; all of them with --output FILE.xlsx."), lang)  # fmt: skip
    for sentence in rendering.sentences(found, lang):
        say(Words(sentence, sentence), lang)
