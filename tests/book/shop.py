"""小店 a small shop whose chats lose points, and its findings as people judge them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jinpai.book.points import Points
from jinpai.computing import no_progress
from jinpai.importing import import_files
from jinpai.inspection import inspected
from jinpai.workspace import Workspace
from tests.oracles.program import write_files

START = 1_762_740_000_000
DAY = 86_400_000
LINES = {
    "云边小鹿": (("buyer", "能便宜点吗"), ("agent", "不行，不讲价"), ("buyer", "那算了")),
    "晴天里": (("buyer", "在吗"), ("agent", "您加我微信聊吧")),
    "山里人": (
        ("buyer", "这个多大"),
        ("agent", "亲，您好，一米八的"),
        ("buyer", "好的"),
        ("agent", "感谢光临，祝您生活愉快"),
    ),
    "看看的": (("buyer", "什么时候发货"), ("agent", "今天就发")),
}


def rows(more: int = 0) -> list[dict[str, object]]:
    """The lines as canonical rows; so many further buyers say what the first one does."""
    found: list[dict[str, object]] = []
    first = next(iter(LINES.values()))
    for number, (buyer, lines) in enumerate([*LINES.items(), *((f"第{one}位", first) for one in range(more))]):
        for place, (sender, text) in enumerate(lines):
            found.append({"shop": "main", "buyer": buyer, "agent": "小美", "sender": sender, "sent_at": START + number * 60_000 + place * 5000, "kind": "text", "text": text})  # fmt: skip
    return found


def made(folder: Path, more: int = 0) -> Workspace:
    """An inspected workspace of the shop; its path has Chinese and a blank in it."""
    workspace = Workspace.create(folder / "店铺 数据")
    workspace.write_settings(None, {"inspection": True})
    (folder / "files").mkdir()
    import_files(workspace, write_files({"messages": rows(more)}, folder / "files"))
    return workspace


@contextmanager
def at_points(workspace: Workspace) -> Iterator[Points]:
    """The findings of the shop."""
    with inspected(workspace, "main", no_progress) as (engine, settings):
        yield Points(workspace, engine, settings)


def conversation(points: Points, buyer: str) -> int:
    """The conversation of a buyer."""
    found = points.engine.rows("select distinct s.conversation_key from span as s inner join source_messages as m "
        "on m.buyer_key = s.buyer_key where m.buyer = $buyer", {"buyer": buyer})  # fmt: skip
    return int(found[0]["conversation_key"])
