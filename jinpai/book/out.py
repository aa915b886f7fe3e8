"""交给事实 out: what the book decided, as files that a build reads. Written after every decision and before a build."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinpai.book.last_words import LastWord, last_words
from jinpai.book.precision import precisions
from jinpai.criteria import criterion_digests
from jinpai.decisions import write_decisions

if TYPE_CHECKING:
    from jinpai.workspace import Workspace


def hand_over(workspace: Workspace, shop: str) -> list[str]:
    """交出决定 writes the shop's decisions, each file whole, and returns the criteria that are suspended."""
    digests = criterion_digests(workspace.settings(shop).folder)
    suspended = [one for one in precisions(shop, digests) if one.suspended]
    write_decisions(workspace.root, shop, "verdict", _verdicts(shop))
    write_decisions(
        workspace.root, shop, "suspension", [{"criterion": one.criterion, "digest": one.digest} for one in suspended]
    )
    return [one.criterion for one in suspended]


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
