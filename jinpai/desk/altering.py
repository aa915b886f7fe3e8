"""改设置 altering: a setting of the shop is changed by the code that the command line changes it by, recorded with what it
was before, and the figures are computed anew in the background."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import TYPE_CHECKING

from jinpai.book.people import record
from jinpai.desk import under_way
from jinpai.errors import JinpaiError, Words
from jinpai.render.story import Say, setting
from jinpai.workspace.checks import Refused
from jinpai.workspace.settable import SETTINGS

if TYPE_CHECKING:
    from jinpai.desk.page import Visit
    from jinpai.workspace import Settings

MAY_ALTER = frozenset({"owner", "supervisor"})
DONE = {
    "same": Words("和原来一样，没有改。", "It is as it was; nothing was changed."),
    "changed": Words("改好了。", "Changed."),
    "computing": Words(f"改好了。{under_way.WILL_COUNT.zh}", f"Changed. {under_way.WILL_COUNT.en}"),
}
"""改好了 what a page says of a change, by the word in its address."""
OVERTAKEN = Words(
    "这一项刚才有人改过，现在的值在下面。请看过再改。",
    "Somebody changed this a moment ago; it stands below as it is now. Look at it and change it again.",
)


class Overtaken(JinpaiError):
    """别人先改了 a change that was made without seeing one that came before it."""


def mark(settings: Settings, *names: str) -> str:
    """看到的样子 16 hex digits that change when one of the settings does: a form says what its reader saw."""
    shown = settings.shown()
    told = json.dumps([shown[name] for name in names], ensure_ascii=False, sort_keys=True, default=str)
    return blake2b(told.encode(), digest_size=8).hexdigest()


def alter(visit: Visit, changes: Mapping[str, object], seen: Iterable[str] = ()) -> str:
    """改 the settings (in the form of the file, None: the default); which of DONE it was. What cannot be is a JinpaiError.

    The form's field `seen` is the mark of what its reader saw: of the settings `seen`, or of those that are changed.
    """
    workspace, shop = visit.workspace, visit.shop
    before = workspace.settings(shop)
    if visit.sent("seen") != mark(before, *(seen or changes)):
        raise Overtaken(*OVERTAKEN)
    for name, value in changes.items():
        if value is not None:
            _accepted(name, value)
    try:
        after = workspace.write_settings(shop, changes)
    except JinpaiError as error:
        # where the server has its files is not for the desk to say; which file it is helps who runs it
        raise JinpaiError(*(words.replace(f"{before.folder}{os.sep}", "") for words in error.words)) from None
    done = [name for name in SETTINGS if before.shown()[name] != after.shown()[name]]
    for name in done:
        record(visit.person.name, "changed_setting", shop, f"{name}：{_words(before, name)} → {_words(after, name)}")
    if not done:
        return "same"
    if before.digest == after.digest:
        return "changed"
    under_way.compute_anew(visit)
    return "computing"


def _accepted(name: str, value: object) -> None:
    """Refuses what the setting cannot be, without the names of files, which people at the desk do not see."""
    try:
        SETTINGS[name].check.accept(value)
    except Refused as refused:
        zh, en = (words if words.endswith(("。", "？", ".", "?")) else words + end
                  for words, end in zip(refused.words, "。.", strict=True))  # fmt: skip
        raise JinpaiError(f"没有改：{zh}", f"Nothing was changed: {en}") from None


def _words(settings: Settings, name: str) -> str:
    """A setting's value as the log keeps it."""
    return setting(name, settings.shown()[name], Say("zh"))
