"""名单确认 confirming: shows how an import would change the lists that people keep, and asks whether it may."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from jinpai.commands.output import say
from jinpai.errors import JinpaiError, Words
from jinpai.render.differences import told

if TYPE_CHECKING:
    from jinpai.workspace import Workspace
    from jinpai.workspace.lists import Difference

_YES = frozenset({"y", "yes", "是", "好", "对", "确定", "确认"})


def confirming(
    workspace: Workspace, *, yes: bool, lang: str, before: Callable[[], None] = lambda: None
) -> Callable[[Sequence[Difference]], None]:
    """要确认的导入 what to hand to `import_files`: shows the differences and asks, unless `yes`; a no is a JinpaiError.

    `before` is called first, to take a progress bar off the screen.
    """

    def ask(found: Sequence[Difference]) -> None:
        before()
        for one in found:
            for words in told(one, workspace.settings(one.shop).zone if one.shop in workspace.shops() else None):
                say(words, lang)
        if not yes:
            _ask(lang)

    return ask


def need_terminal(refusal: JinpaiError) -> None:
    """要有人在 raises the refusal where there is nobody to ask."""
    if not (sys.stdin is not None and sys.stdin.isatty()):
        raise refusal


def agreed(question: Words, lang: str) -> bool:
    """问一句 whether a person says yes; Enter alone is no."""
    say(question, lang)
    try:
        return input().strip().casefold() in _YES
    except EOFError:
        return False


def _ask(lang: str) -> None:
    need_terminal(JinpaiError(
        "名单会有上面的改动，要人看过才能导入；什么都没有导入。看过没问题的话，加 --yes 再运行一次。",
        "The lists would change as shown, which a person must see; nothing was imported. If it is right, run again with --yes.",
    ))  # fmt: skip
    if not agreed(
        Words("按新文件导入吗？输入 y 导入，直接回车不导入：", "Import it? y imports, Enter does not:"), lang
    ):
        raise JinpaiError("没有导入，什么都没有变。", "Nothing was imported, nothing has changed.")
