"""交给事实 out: what the book decided, as files that a build reads. Written after every decision and before a build."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinpai.book.last_words import LastWord, last_words
from jinpai.book.opening import URL
from jinpai.book.precision import precisions
from jinpai.criteria import criterion_digests
from jinpai.decisions import decided, write_decisions
from jinpai.errors import JinpaiError

if TYPE_CHECKING:
    from jinpai.workspace import Workspace


def hand_over(workspace: Workspace, shop: str) -> list[str]:
    """交出决定 writes the shop's decisions, each file whole, and returns the criteria that are suspended."""
    digests = criterion_digests(workspace.settings(shop))
    suspended = [one for one in precisions(shop, digests) if one.suspended]
    verdicts = _verdicts(shop)
    _want_no_fewer(workspace, shop, len(verdicts))
    write_decisions(workspace.root, shop, "verdict", verdicts)
    write_decisions(
        workspace.root, shop, "suspension", [{"criterion": one.criterion, "digest": one.digest} for one in suspended]
    )
    return [one.criterion for one in suspended]


def _want_no_fewer(workspace: Workspace, shop: str, count: int) -> None:
    """A book is only added to: one that knows less than what it handed over is another book, or a lost one."""
    try:
        before = len(decided(workspace.root, shop)["decided"])
    except JinpaiError:
        return  # a damaged file is what is to be written anew
    if count < before:
        raise JinpaiError(
            f"账本里只有 {count} 条复核，上次交出来的有 {before} 条：账本换了地方，或者丢了。什么也没有改。请用 jinpai restore 从备份恢复，"
            f"或检查环境变量 {URL}。",
            f"The book knows {count} verdicts, and handed over {before} before: it lies elsewhere or was lost. Nothing was changed. "
            f"Restore a backup with jinpai restore, or check {URL}.",
        )


def _verdicts(shop: str) -> list[dict[str, Any]]:
    """The last word on each conversation and criterion: of a finding that changed, on what it was last."""
    newest: dict[tuple[int, str], LastWord] = {}
    for word in sorted(last_words(shop).values(), key=lambda one: (one.at, one.is_final)):
        newest[word.judged.conversation, word.judged.criterion] = word
    return [_row(word) for word in newest.values()]


def _row(word: LastWord) -> dict[str, Any]:
    judged = word.judged
    return {
        "conversation_key": judged.conversation, "criterion": judged.criterion, "result": judged.result, "message_key": judged.message,
        "begins": judged.begins, "ends": judged.ends, "outcome": word.outcome, "right_result": word.right_result,
    }  # fmt: skip
