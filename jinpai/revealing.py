"""查看原文 revealing: one thing that screens show masked, as it was imported: a buyer's name, or a line with private data.

The name stands in the facts and is masked for show; of a line the facts hold tokens alone, and its words are read from the
sealed raw file, which the workspace's key opens. Source: the page of the desk, security and privacy.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from jinpai import flow
from jinpai.errors import JinpaiError
from jinpai.tables.source import key_of_file
from jinpai.text.mask import is_masked
from jinpai.text.normal import TOKEN
from jinpai.text.private import Private

if TYPE_CHECKING:
    from jinpai.workspace import Workspace
    from jinpai.workspace.raw import RawFile

_HERE = "select buyer_key as buyer, conversation_seq as seq from span where conversation_key = $key"
_BUYER = "select max(buyer) as buyer from original where buyer_key = $buyer and conversation_seq = $seq"
_LINE = "select file_key, position, text from original where buyer_key = $buyer and conversation_seq = $seq and seq = $line and text is not null"


def masked_lines(told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """打码的句子 the lines of a conversation (as `transcript.told` has it) in which private data became tokens."""
    return [line for line in told["lines"] if TOKEN.search(line["text"] or "")]


def buyer_name(workspace: Workspace, shop: str, conversation: int) -> str | None:
    """买家全名 the name of a conversation's buyer; None where the platform itself gave none, or there is no such conversation."""
    with flow.opened(workspace, shop) as engine:
        found = [row for here in engine.rows(_HERE, {"key": conversation}) for row in engine.rows(_BUYER, here)]
    name: str | None = found[0]["buyer"] if found else None
    return None if is_masked(name) else name


def words_of(workspace: Workspace, shop: str, conversation: int, seq: int) -> str:
    """原话 a line of a conversation as it was imported; without the key, or once its raw row is gone, a JinpaiError."""
    with flow.opened(workspace, shop) as engine:
        here = engine.rows(_HERE, {"key": conversation})
        places = [row for one in here for row in engine.rows(_LINE, one | {"line": seq})]
    text = _text_at(workspace, shop, places[0]["file_key"], places[0]["position"]) if places else None
    # raw rows that changed after the facts were made may have another line in that place
    if text is None or Private(workspace.key_for("tokens")).text(text) != places[0]["text"]:
        raise JinpaiError(
            "原始记录里已经没有这一句了，可能被删除或撤回过。",
            "The raw rows no longer have this line; it was erased or withdrawn.",
        )
    return text


def _text_at(workspace: Workspace, shop: str, file_key: int, position: int) -> str | None:
    # without the key nothing is looked for: the sentence that says so comes from here
    workspace.key_for("raw")
    for stored in workspace.stored(shop):
        if file_key in (key_of_file(one.hex()) for one in stored.digests):
            for file in stored.files():
                if key_of_file(file.digest) == file_key:
                    return _text_in(file, position)
    return None


def _text_in(file: RawFile, position: int) -> str | None:
    first = 0
    for table, batch in file.tables():
        if table == "messages":
            if position < first + batch.num_rows:
                text: str | None = batch.column("text")[position - first].as_py()
                return text
            first += batch.num_rows
    return None
