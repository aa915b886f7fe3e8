"""导入 `jinpai import`: files into the workspace, then the facts are built anew from them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jinpai.commands import options
from jinpai.commands.confirming import confirming
from jinpai.commands.output import say
from jinpai.commands.progress import Progress
from jinpai.errors import Words, WrongUse
from jinpai.render.importing import to_look_at, told

if TYPE_CHECKING:
    from jinpai.importers.mapping import Mapping as MappingFile
    from jinpai.importing import Imported

Mapping = Annotated[
    Path | None,
    typer.Option(
        "--mapping",
        metavar="FILE",
        help="按这份对照表（TOML）读任意表格，例子在 examples 文件夹 || read any table by this mapping (TOML); see examples",
    ),
]
Yes = Annotated[
    bool,
    typer.Option("--yes", "-y", help="名单有改动也直接导入，不再问 || import changes of lists without asking"),
]


def import_(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE…", help="要导入的文件，或装着它们的文件夹 || the files to import, or folders of them"
        ),
    ],
    workspace: options.Workspace,
    shop: options.Shop = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--format", metavar="NAME", help="文件格式，默认自动识别 || the files' format, by default found out"
        ),
    ] = None,
    mapping: Mapping = None,
    yes: Yes = False,
    lang: options.Lang = None,
) -> None:
    """导入聊天、订单等文件；全部成功或全部不动。 || Import chats, orders and other files: all of them or none."""
    from jinpai import flow
    from jinpai.importing import import_files
    from jinpai.workspace import Workspace

    spoken = options.language(lang)
    opened = Workspace.open(workspace)
    described = described_by(mapping, source)
    with Progress(spoken) as progress:
        asked = confirming(opened, yes=yes, lang=spoken, before=progress.stop)
        done = import_files(
            opened, files, shop=shop, format=source, mapping=described, confirm=asked, progress=progress
        )
    for words in [*told(done), *_to_look_at(done, workspace)]:
        say(words, spoken)
    before = flow.repeats(opened)
    with Progress(spoken) as progress:
        flow.build(opened, progress=progress)
    again = flow.repeats(opened) - before
    if again:
        say(
            Words(
                f"有 {again:,} 行和别的文件重复，只算一次。",
                f"{again:,} rows were in another file already and count once.",
            ),
            spoken,
        )


def described_by(mapping: Path | None, source: str | None) -> MappingFile | None:
    """对照表 the mapping at this path, None without one; it does not go with a named format."""
    from jinpai.importers.mapping import read_mapping

    if mapping is not None and source is not None:
        raise WrongUse("--mapping 和 --format 只能用一个。", "--mapping and --format do not go together.")
    return None if mapping is None else read_mapping(mapping)


def _to_look_at(done: Sequence[Imported], workspace: Path) -> list[Words]:
    command = f"jinpai problems --workspace {workspace}"
    return [Words(f"{words.zh}，清单：{command}", f"{words.en}; the list: {command}") for words in to_look_at(done)]
