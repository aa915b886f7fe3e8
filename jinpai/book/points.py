"""待复核的结果 points: findings as people judge them, read from the facts, with the words that they rest on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from jinpai.criteria import criteria, criterion, criterion_digests, scorecard
from jinpai.errors import WrongUse
from jinpai.period import format_day, format_instant

if TYPE_CHECKING:
    from jinpai.criteria.definition import Criterion
    from jinpai.engine import Engine
    from jinpai.workspace import Settings, Workspace

AROUND = 3
"""So many lines before and after the words are shown with them."""
_POINTS = """
select f.shop, f.buyer_key, f.conversation_seq, f.conversation_key as conversation, f.criterion, f.result, f.agent, f.day, f.seq,
    f.begins, f.ends, m.message_key as message, s.last_at
from finding as f
inner join asked_for as a on a.conversation_key = f.conversation_key and a.criterion = f.criterion
inner join span as s on s.buyer_key = f.buyer_key and s.conversation_seq = f.conversation_seq
left join message as m on m.buyer_key = f.buyer_key and m.seq = f.seq
"""
_LINES = """
select o.buyer_key, o.conversation_seq, o.seq, o.sent_at, o.sender, o.agent, o.buyer, o.text, o.file_key
from original as o
inner join (select distinct s.buyer_key, s.conversation_seq from span as s
    inner join asked_for as a on a.conversation_key = s.conversation_key) as w
    on w.buyer_key = o.buyer_key and w.conversation_seq = o.conversation_seq
where o.sender <> 'system'
"""
_SENDERS = {"buyer": "买家", "agent": "客服", "assist": "客服", "auto": "自动回复", "note": "备注"}


@dataclass(frozen=True, slots=True)
class Line:
    """一句话 one message of a conversation; `sent_at` ms UTC."""

    seq: int
    sent_at: int
    sender: str
    agent: str | None
    buyer: str
    text: str


@dataclass(frozen=True, slots=True)
class Point:
    """一个质检结果 a finding with its conversation's lines; `known_at` (ms UTC) is when it could be seen at the earliest:
    the conversation was over and imported. `result` in thousandths."""

    shop: str
    conversation: int
    criterion: str
    result: int
    agent: str | None
    day: int
    seq: int | None
    begins: int | None
    ends: int | None
    message: int | None
    known_at: int
    criterion_digest: str
    scorecard: str
    lines: tuple[Line, ...] = field(repr=False)

    @property
    def finding(self) -> str:
        """指纹 32 hex digits: equal ones, the same finding."""
        told = (self.conversation, self.criterion, self.result, self.message, self.begins, self.ends)
        return blake2b(repr(told).encode(), digest_size=16).hexdigest()

    @property
    def definition(self) -> Criterion:
        """质检项 what it was found by."""
        return criteria()[self.criterion]

    @property
    def said(self) -> Line | None:
        """那句话 the message that it rests on."""
        return next((line for line in self.lines if line.seq == self.seq), None)

    @property
    def quote(self) -> str:
        """原话 the words that it rests on, else the whole message; "" where it rests on none."""
        if self.said is None:
            return ""
        return self.said.text if self.begins is None else self.said.text[self.begins : self.ends]

    @property
    def around(self) -> list[str]:
        """前后几句 the lines about the message, each with who said it; the last ones where it rests on none."""
        at = next((place for place, line in enumerate(self.lines) if line.seq == self.seq), len(self.lines) - 1)
        shown = self.lines[max(0, at - AROUND) : at + AROUND + 1]
        return [f"{_SENDERS.get(line.sender, line.sender)}：{line.text}" for line in shown]

    def columns(self) -> dict[str, Any]:
        """快照 what a record of the book keeps of it."""
        names = (
            "shop",
            "conversation",
            "criterion",
            "result",
            "message",
            "begins",
            "ends",
            "agent",
            "criterion_digest",
            "scorecard",
            "finding",
        )
        return {name: getattr(self, name) for name in names}


class Points:
    """取结果 the findings of a shop by conversation and criterion."""

    def __init__(self, workspace: Workspace, engine: Engine, settings: Settings) -> None:
        self.workspace, self.engine, self.settings = workspace, engine, settings

    @cached_property
    def digests(self) -> dict[str, str]:
        """质检项版本 the digest of each criterion as it is now."""
        return criterion_digests(self.settings.folder)

    @cached_property
    def imported_at(self) -> dict[int, int]:
        """导入时刻 when each file came in (ms UTC), by the key that messages name it with."""
        facts = self.workspace.facts()
        sources: Any = facts.meta.get("sources", {}) if facts else {}
        mine = (
            (mark.partition("/")[2], one) for mark, one in sources.items() if mark.startswith(f"{self.settings.shop}/")
        )
        return {int(mark[:16], 16) >> 1: one.get("imported_at", 0) for mark, one in mine}

    def take(self, wanted: Iterable[tuple[int, str]]) -> list[Point]:
        """取出 the findings at these conversations and criteria, in this order; what is not there (any more) is left out."""
        import pyarrow as pa

        order = list(dict.fromkeys(wanted))
        columns = {"conversation_key": [one for one, _ in order], "criterion": [name for _, name in order]}
        kinds = pa.schema([("conversation_key", pa.int64()), ("criterion", pa.string())])
        self.engine.take("asked_for", pa.table(columns, schema=kinds))
        lines: dict[tuple[int, int], list[dict[str, Any]]] = {}
        for row in self.engine.rows(_LINES):
            lines.setdefault((row["buyer_key"], row["conversation_seq"]), []).append(row)
        found = {}
        for row in self.engine.rows(_POINTS):
            said = sorted(lines.get((row["buyer_key"], row["conversation_seq"]), []), key=lambda one: one["seq"])
            found[row["conversation"], row["criterion"]] = self._point(row, said)
        return [found[key] for key in order if key in found]

    def _point(self, row: dict[str, Any], said: list[dict[str, Any]]) -> Point:
        imported = max((self.imported_at.get(one["file_key"], 0) for one in said), default=0)
        lines = tuple(
            Line(one["seq"], one["sent_at"], one["sender"], one["agent"], one["buyer"] or "", one["text"] or "")
            for one in said
        )
        names = "shop", "conversation", "criterion", "result", "agent", "day", "seq", "begins", "ends", "message"
        return Point(
            **{name: row[name] for name in names}, known_at=max(row["last_at"], imported), lines=lines,
            criterion_digest=self.digests[row["criterion"]], scorecard=scorecard(self.settings.folder).digest,
        )  # fmt: skip

    def one(self, conversation: int, name: str) -> Point:
        """取一个 the finding of one conversation on one criterion; WrongUse says when there is none."""
        criterion(name)
        found = self.take([(conversation, name)])
        if not found:
            raise WrongUse(
                f"会话 {conversation} 在质检项 {name} 上没有结果：没有这段会话，或者它不适用。编号看 jinpai inspect。",
                f"Conversation {conversation} has no finding on {name}: there is no such conversation, or it does not apply. "
                "jinpai inspect lists numbers.",
            )
        return found[0]


def shown(point: Point, settings: Settings) -> dict[str, Any]:
    """给人看 a point as a row for a list, a sheet or JSON."""
    title = point.definition.title
    return {
        "conversation": point.conversation, "criterion": point.criterion, "title": title.zh, "title_en": title.en, "agent": point.agent,
        "day": format_day(point.day), "said_at": format_instant(point.said.sent_at, settings.zone) if point.said else None,
        "result": point.result, "hint": point.definition.hint, "critical": point.definition.critical, "quote": point.quote,
        "around": point.around,
    }  # fmt: skip
