"""待复核的结果 points: findings as people judge them, read from the facts, with the words that they rest on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from jinpai.catalogue import suggestion
from jinpai.criteria import criterion_digests, shop_criteria
from jinpai.errors import WrongUse
from jinpai.naming import conversation_named
from jinpai.period import FIRST_DAY, LAST_DAY, format_day, format_instant
from jinpai.tables.source import key_of_file

if TYPE_CHECKING:
    from jinpai.criteria.definition import Criterion
    from jinpai.engine import Engine
    from jinpai.workspace import Settings, Workspace

AROUND = 3
"""So many lines before and after the words are shown with them."""
_POINTS = """
select f.shop, f.buyer_key, f.conversation_seq, f.conversation_key as conversation, f.criterion, f.result, f.agent, f.day, f.seq,
    f.begins, f.ends, f.is_critical, m.message_key as message, s.last_at, k.version as scorecard
from finding as f
inner join asked_for as a on a.conversation_key = f.conversation_key and a.criterion = f.criterion
inner join span as s on s.buyer_key = f.buyer_key and s.conversation_seq = f.conversation_seq
inner join conversation_card as k on k.buyer_key = f.buyer_key and k.conversation_seq = f.conversation_seq
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
    the conversation was over and imported. `result` in thousandths; `definition` is the criterion that it was found by."""

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
    is_critical: bool
    definition: Criterion = field(repr=False)
    lines: tuple[Line, ...] = field(repr=False)

    @property
    def finding(self) -> str:
        """指纹 32 hex digits: equal ones, the same finding."""
        told = (self.conversation, self.criterion, self.result, self.message, self.begins, self.ends)
        return blake2b(repr(told).encode(), digest_size=16).hexdigest()

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
        return criterion_digests(self.settings)

    def imported_at(self, keys: set[int]) -> dict[int, int]:
        """导入时刻 when these files came in (ms UTC), by the key that messages name them with; other files stay shut."""
        found: dict[int, int] = {}
        for file in self.workspace.stored(self.settings.shop):
            mine = [key_of_file(one.hex()) for one in file.digests]
            if not keys.isdisjoint(mine):
                found |= dict(zip(mine, file.index.numbers("imported_at").tolist(), strict=True))
        return found

    @cached_property
    def criteria(self) -> dict[str, Criterion]:
        """质检项 the shop's criteria by name."""
        return shop_criteria(self.settings.folder)

    def criterion(self, name: str) -> Criterion:
        """一个质检项 by its name, as A3; an unknown one is WrongUse with the nearest."""
        if name not in self.criteria:
            hint = suggestion(name, self.criteria)
            raise WrongUse(f"没有叫「{name}」的质检项。{hint.zh}", f"No criterion is named '{name}'. {hint.en}")
        return self.criteria[name]

    def conversation(self, name: str) -> int:
        """按叫法找会话 the number of the conversation that a person named by its first digits or its buyer; else WrongUse."""
        return int(conversation_named(self.engine, self.settings, name, FIRST_DAY, LAST_DAY)["conversation_key"])

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
        imported = self.imported_at({row["file_key"] for many in lines.values() for row in many})
        found = {}
        for row in self.engine.rows(_POINTS):
            said = sorted(lines.get((row["buyer_key"], row["conversation_seq"]), []), key=lambda one: one["seq"])
            found[row["conversation"], row["criterion"]] = self._point(
                row, said, max((imported.get(one["file_key"], 0) for one in said), default=0)
            )
        return [found[key] for key in order if key in found]

    def _point(self, row: dict[str, Any], said: list[dict[str, Any]], imported: int) -> Point:
        lines = tuple(
            Line(one["seq"], one["sent_at"], one["sender"], one["agent"], one["buyer"] or "", one["text"] or "")
            for one in said
        )
        names = (
            "shop",
            "conversation",
            "criterion",
            "result",
            "agent",
            "day",
            "seq",
            "begins",
            "ends",
            "message",
            "is_critical",
        )
        return Point(
            **{name: row[name] for name in names}, known_at=max(row["last_at"], imported), lines=lines,
            criterion_digest=self.digests[row["criterion"]], scorecard=row["scorecard"], definition=self.criteria[row["criterion"]],
        )  # fmt: skip

    def one(self, conversation: int, name: str) -> Point:
        """取一个 the finding of one conversation on one criterion; WrongUse says when there is none."""
        self.criterion(name)
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
        "result": point.result, "hint": point.definition.hint, "critical": point.is_critical, "quote": point.quote,
        "around": point.around,
    }  # fmt: skip
