"""教 `jinpai teach`: a shop's own labels, and a sheet of sentences to label."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jinpai.commands import options
from jinpai.commands.output import say, told, write
from jinpai.commands.progress import Progress
from jinpai.errors import Words, WrongUse

if TYPE_CHECKING:
    from jinpai.topics.teaching import Taught

MANY = 200


def teach(
    workspace: options.Workspace,
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE…", help="标注好的表，可以几张一起 || labelled sheets, several together"),
    ] = None,
    shop: options.Shop = None,
    sheet: Annotated[
        Path | None,
        typer.Option(
            "--write", metavar="FILE.xlsx", help="写一张待标注的表：最拿不准的和随机抽的 || write a sheet to label"
        ),
    ] = None,
    count: Annotated[int, typer.Option("--count", min=1, max=10_000, help="待标注多少句 || how many sentences")] = MANY,
    only: Annotated[bool, typer.Option("--only", help="只认标注里的关注点 || the labels' topics alone")] = False,
    meaning: Annotated[
        bool,
        typer.Option("--meaning", help="也试试句意模型：更准，但每次建事实要慢得多 || try the sentence encoder too"),
    ] = False,
    anyway: Annotated[bool, typer.Option("--anyway", help="没有变好也留下 || keep it even if it is no better")] = False,
    forget: Annotated[bool, typer.Option("--forget", help="回到自带的模型 || go back to the model that ships")] = False,
    lang: options.Lang = None,
) -> None:
    """用自己标注的话教程序认关注点。 || Teach: a shop's own labels make the topics its own."""
    spoken = options.language(lang)
    if sum((bool(files), sheet is not None, forget)) != 1:
        raise WrongUse(
            "请写标注好的表，或用 --write 写一张待标注的表，或用 --forget 回到自带的模型，三样选一样。",
            "Name labelled sheets, or write one with --write, or go back with --forget: one of the three.",
        )
    from jinpai.workspace import Workspace

    opened = Workspace.open(workspace)
    if forget:
        _forget(opened.settings(shop).folder, spoken)
    elif sheet is not None:
        _write(opened, shop, sheet, count, spoken)
    else:
        from jinpai.topics.asking import names_of
        from jinpai.topics.labels import read_labels
        from jinpai.topics.teaching import teach as learn

        names = {topic: zh for (kind, topic), zh in names_of(opened.settings(shop)).items() if kind == "topic"}
        labels = read_labels(files or [], names)
        taught, is_kept = learn(opened, shop, labels, only=only, with_meaning=meaning, anyway=anyway)
        _tell(taught, spoken, is_kept=is_kept)


def _forget(folder: Path, lang: str) -> None:
    from jinpai.topics.teaching import forget

    was = forget(folder)
    say(Words("已回到自带的模型。" if was else "本来就是自带的模型。",
              "Back to the model that ships." if was else "It was the model that ships already."), lang)  # fmt: skip


def _write(workspace: object, shop: str | None, sheet: Path, count: int, lang: str) -> None:
    from jinpai.topics.doubtful import doubtful
    from jinpai.topics.labels import write_sheet
    from jinpai.workspace import Workspace

    assert isinstance(workspace, Workspace)
    if sheet.suffix.lower() != ".xlsx":
        raise WrongUse(
            f"待标注的表是 XLSX，文件名要以 .xlsx 结尾，收到的是 {sheet.name}。",
            f"The sheet is XLSX, not {sheet.name}.",
        )
    if sheet.exists():
        raise WrongUse(
            f"{sheet} 已经有了，里面可能标了东西，没有覆盖。请换个文件名。",
            f"{sheet} is there already and may be filled in; it was not replaced.",
        )
    with Progress(lang) as progress:
        texts, names = doubtful(workspace, shop, count, progress=progress)
    write(sheet, lambda part: write_sheet(part, texts, names))
    told(sheet, lang)
    say(Words(f"共 {len(texts)} 句。请在「关注点」一列选一个，也可以写自己的；不标的空着。标好后：jinpai teach {sheet.name} --workspace 工作区",
              f"{len(texts)} sentences. Choose a topic for each, or write one of your own; leave the others empty. Then: jinpai teach {sheet.name} --workspace DIR"), lang)  # fmt: skip


def _tell(taught: Taught, lang: str, *, is_kept: bool) -> None:
    """What came of it, honestly."""
    say(Words(f"{taught.labels} 句标注，{taught.topics} 个关注点。没见过的句子上的宏平均 F1（五份轮流）：原来 {taught.before:.2f}，教过以后 {taught.after:.2f}。",
              f"{taught.labels} labels of {taught.topics} topics. Macro-F1 on labels not seen (five folds): {taught.before:.2f} before, {taught.after:.2f} after."), lang)  # fmt: skip
    if taught.lonely:
        listed = "、".join(taught.lonely[:8])
        say(Words(f"有 {len(taught.lonely)} 个关注点只标了一句（{listed}{' 等' if len(taught.lonely) > 8 else ''}），轮流时必然猜不中，所以上面的数偏低；每个至少标五句才说得准。",
                  f"{len(taught.lonely)} topics have a single label ({', '.join(taught.lonely[:8])}), which no fold can get right: the figures are too low. Five of each tell more."), lang)  # fmt: skip
    if taught.labels < MANY:
        say(
            Words(f"标注不到 {MANY} 句，这两个数只是粗略的。", f"With fewer than {MANY} labels the figures are rough."),
            lang,
        )
    if is_kept:
        say(Words("已留下。下次建事实会照新的再读一遍聊天。", "Kept. The next build reads the chats anew."), lang)
    else:
        say(Words("没有变好，所以没有换。多标一些再教；一定要用，请加 --anyway。",
                  "It is no better and was not kept. Label more; to keep it all the same add --anyway."), lang)  # fmt: skip
