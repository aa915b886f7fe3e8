"""监视文件夹 `jinpai watch`: files put into a folder are imported and built by themselves, until Ctrl-C."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jinpai.commands import options
from jinpai.commands.import_ import Mapping, Yes, described_by
from jinpai.commands.output import say
from jinpai.errors import JinpaiError, Words
from jinpai.render.differences import told as differences_told
from jinpai.render.importing import imported

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jinpai.importing import Imported
    from jinpai.watching import Watch
    from jinpai.workspace import Workspace
    from jinpai.workspace.lists import Difference

PATIENCE_SECONDS = 60.0
_BEGINS = Words(
    "正在看着这个文件夹，把导出的文件放进去就行。按 Ctrl-C 结束。",
    "Watching the folder: put exports there. Ctrl-C ends it.",
)


def watch(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER", help="要看着的文件夹，不看里面的子文件夹 || the folder to watch, without folders in it"
        ),
    ],
    workspace: options.Workspace,
    shop: options.Shop = None,
    mapping: Mapping = None,
    yes: Yes = False,
    once: Annotated[
        bool, typer.Option("--once", help="只看一轮就结束（定时任务用） || one round, then end (for scheduled tasks)")
    ] = False,
    every: Annotated[
        float,
        typer.Option("--every", metavar="SECONDS", min=0.1, max=3600, help="隔几秒看一次 || seconds between looks"),
    ] = 5.0,
    lang: options.Lang = None,
) -> None:
    """看着一个文件夹，放进去的文件自动导入、计算；按 Ctrl-C 结束。 || Watch a folder: files put there are imported and built; Ctrl-C ends it."""
    from jinpai.watching import Watch, watch_once
    from jinpai.workspace import Workspace

    spoken = options.language(lang)
    opened = Workspace.open(workspace)
    chosen = opened.shop(shop) if shop is not None else None
    _check(folder, opened)
    watching = Watch(opened, folder.absolute(), chosen, described_by(mapping, None), _lists(opened, yes=yes, lang=spoken),
                     _telling(spoken), lambda words: _now(words, spoken))  # fmt: skip
    try:
        if once:
            _round(watching, watch_once(watching, min(every, 1.0), PATIENCE_SECONDS), spoken)
            return
        _now(_BEGINS, spoken)
        while True:
            watching.look()
            time.sleep(every)
    except KeyboardInterrupt:
        many = watching.imported
        say(
            Words(
                f"不再看着 {folder}，共导入 {many:,} 个文件。", f"No longer watching {folder}: {many:,} files imported."
            ),
            spoken,
        )


def _round(watching: Watch, is_done: bool, lang: str) -> None:
    """What to say after one round; what is left over is a JinpaiError."""
    if not is_done:
        left = "、".join(path.name for path in watching.waiting()[:5])
        raise JinpaiError(
            f"还有文件没导入（还在写，或被占用）：{left or '计算没有完成'}。请过一会儿再运行。",
            f"Some files were not imported (still written, or in use): {left or 'the build is not done'}. Run again later.",
        )
    many = watching.imported
    say(Words(f"看完了，导入 {many:,} 个文件。", f"Done: {many:,} files imported."), lang)


def _now(words: Words, lang: str) -> None:
    """A sentence that stands in a log at once, not when its buffer is full."""
    say(words, lang)
    sys.stdout.flush()


def _check(folder: Path, workspace: Workspace) -> None:
    if not folder.is_dir():
        raise JinpaiError(
            f"没有文件夹 {folder}。请先建好，或检查路径。", f"There is no folder {folder}. Make it, or check the path."
        )
    if folder.absolute().resolve().is_relative_to(workspace.root.resolve()):
        raise JinpaiError(f"{folder} 在工作区里面。请另选一个专门放导出文件的文件夹。",
                          f"{folder} is inside the workspace. Choose a folder of its own for exports.")  # fmt: skip


def _telling(lang: str) -> Callable[[Imported], None]:
    def tell(one: Imported) -> None:
        for words in (imported(one), *one.notes):
            _now(words, lang)

    return tell


def _lists(workspace: Workspace, *, yes: bool, lang: str) -> Callable[[Sequence[Difference]], None] | None:
    """Nobody sits before a watched folder: lists that would change wait for a person, unless `yes`."""

    def ask(found: Sequence[Difference]) -> None:
        for one in found:
            for words in differences_told(
                one, workspace.settings(one.shop).zone if one.shop in workspace.shops() else None
            ):
                say(words, lang)
        if not yes:
            raise JinpaiError("名单会有上面的改动，要人确认。看过没问题的话，用 jinpai import 导入这个文件。",
                              "the lists would change as shown, which a person must confirm. Import the file with jinpai import.")  # fmt: skip

    return ask
