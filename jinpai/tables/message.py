"""消息 message: every message and event once, in the buyer's order, with its conversation and its rounds.

A row found in several files keeps the version of the file with the smaller digest; rows at one
instant keep their order in that file. `seq` counts a buyer's rows from 1.

A person's answer to a waiting buyer belongs to the conversation that it answers, up to 24 h, and so
does what an automatic sender wrote in between: a buyer's conversations never overlap in time.
`conversation_seq` and `round_seq` are the `seq` of their first message; events have none here.
A round goes from the first unanswered buyer message to the next message by a person, in one
conversation; `round_seq` is that of the last round begun. `handed`: the platform tells of this buyer who had the
conversation, now or at another time. Text stays in the source rows, found by `file_key` and `position`.

A function over rows and not SQL: ten windows over one order cost an engine ten passes, and numpy one
each over plain numbers. Source: the metrics contract, §2 and §3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from jinpai.canon import SENDERS
from jinpai.coded import NONE, Flags, Ints, coded, codes, equals, of_places, repeated
from jinpai.engine import Walked
from jinpai.period import DAY_MS
from jinpai.tables._clock import Clock
from jinpai.tables._history import History, taken

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinpai.engine import Engine, Value
    from jinpai.workspace.settings import Settings

READS = ("slot", "source_messages")
HOLDS = ("assigned", "transferred", "accepted", "handed_to_human")
"""Events that tell who had a conversation; those of the table `hold`."""
# Keys are settled on narrow rows first: few messages have a twin, in most shops none, and joins are dear.
KNOWN = "source_messages where sent_at <= $as_of"
TWINS = f"select message_base from {KNOWN} group by message_base having count(*) > 1"
_COLUMNS = """s.buyer_key, s.sent_at, s.file_key, s.position, s.agent, s.product_id, s.chars, s.matched,
    case when s.sender = 'system' then s.event else s.sender end as act"""
ALONE = f"select {_COLUMNS}, s.message_base as message_key from source_messages as s where s.sent_at <= $as_of"
ROWS = f"""
with keyed as (
    select file_key, position, message_base, message_id is not null as has_id
    from source_messages where sent_at <= $as_of
), twin as (
    {TWINS}
), numbered as (
    -- the platform's number names a message; without one, equal rows of a file are told apart by their count
    select k.file_key, k.position, k.message_base + case when k.has_id then 0 else row_number() over (
            partition by k.file_key, k.message_base order by k.position) - 1 end as message_key
    from keyed as k
    inner join twin as t on t.message_base = k.message_base
), version as (
    select *, row_number() over (partition by message_key order by file_key, position) as version from numbered
)
select {_COLUMNS}, coalesce(v.message_key, s.message_base) as message_key
from source_messages as s
left join version as v on v.file_key = s.file_key and v.position = s.position
where s.sent_at <= $as_of and coalesce(v.version, 1) = 1
"""
# The file stands before the place in it, but a fourth column makes the sort a third slower: see _settled.
ORDER = ("buyer_key", "sent_at", "position")
SCHEMA = pa.schema([
    ("shop", pa.string()), ("buyer_key", pa.int64()), ("seq", pa.int64()), ("message_key", pa.int64()), ("sent_at", pa.int64()),
    ("day", pa.int64()), ("hour", pa.int64()), ("agent", pa.string()), ("sender", pa.string()), ("event", pa.string()),
    ("product_id", pa.string()), ("chars", pa.int64()), ("matched", pa.bool_()), ("by_person", pa.bool_()),
    ("conversation_seq", pa.int64()), ("round_seq", pa.int64()), ("file_key", pa.int64()), ("position", pa.int64()),
    ("handed", pa.bool_()),
])  # fmt: skip


def walk(engine: Engine, settings: Settings, values: Mapping[str, Value]) -> Walked:
    """消息 from all rows of some buyers, in order, to their messages."""
    has_twins = engine.repeats("message_base", KNOWN, values)
    clock = Clock(engine)

    def messages(rows: pa.Table) -> pa.Table:
        rows = _settled(rows.combine_chunks())
        sender, event = _acts(coded(rows["act"]))
        sent_at = rows["sent_at"].to_numpy()
        made = _placed(rows, sender, event, settings) | {
            "shop": repeated(settings.shop, len(rows)), "day": clock.day(sent_at), "hour": clock.hour(sent_at),
            "sender": sender, "event": event, "agent": coded(rows["agent"]), "product_id": coded(rows["product_id"]),
        }  # fmt: skip
        columns = {name: rows[name] for name in rows.column_names} | made
        return pa.table([columns[name] for name in SCHEMA.names], names=SCHEMA.names)

    return Walked(ROWS if has_twins else ALONE, ORDER, messages, SCHEMA)


def _settled(rows: pa.Table) -> pa.Table:
    """Rows of one buyer and instant by file, and as they stand in it; the engine has them by place whatever the file."""
    buyer, at, position, file = (rows[name].to_numpy() for name in (*ORDER, "file_key"))
    tied = (buyer[1:] == buyer[:-1]) & (at[1:] == at[:-1])
    if not (tied & (file[1:] != file[:-1])).any():
        return rows
    return rows.take(pa.array(np.lexsort((position, file, at, buyer))))


def _acts(act: pa.DictionaryArray) -> tuple[pa.DictionaryArray, pa.DictionaryArray]:
    """Senders, and events where the platform is the sender."""
    names = act.dictionary.to_pylist()
    # the last place answers for an event without a name, which is the platform's all the same
    senders = [name if name in SENDERS else "system" for name in [*names, None]]
    events = [None if name in SENDERS else name for name in [*names, None]]
    places = codes(act)
    return _named(senders, places), _named(events, places)


def _named(names: list[str | None], places: Ints) -> pa.DictionaryArray:
    """The name at each place, as a coded column."""
    known = sorted({name for name in names if name is not None})
    own = np.array([known.index(name) if name is not None else NONE for name in names])[places]
    return of_places(own, pa.array(known, pa.string()))


def _placed(
    rows: pa.Table, sender: pa.DictionaryArray, event: pa.DictionaryArray, settings: Settings
) -> dict[str, object]:
    """Order, conversation and round of every row."""
    history = History(rows["buyer_key"].to_numpy())
    sent_at = rows["sent_at"].to_numpy()
    buyer, talk = equals(sender, "buyer"), ~equals(sender, "system")
    person = equals(sender, "agent")
    if settings.assist_counts:
        person |= equals(sender, "assist")
    last_buyer, last_person = history.before(buyer), history.before(person)
    carried_on = _carried_on(history, sent_at, buyer, person, last_buyer, last_person)
    starts = _starts(history, sent_at, talk, carried_on, event, settings.conversation_gap)
    conversation = history.so_far(starts)
    waited_for = (last_buyer >= conversation) & (last_buyer > last_person)
    begun = history.so_far(buyer & ~waited_for)
    seq = pa.array(history.index - history.first + 1)
    handed = equals(event, *HOLDS)
    return {
        "handed": (history.so_far(handed) != NONE) | (history.after(handed) != NONE),
        "seq": seq, "by_person": person, "conversation_seq": taken(seq, np.where(talk, conversation, NONE)),
        "round_seq": taken(seq, np.where(talk & (begun >= conversation), begun, NONE)),
    }  # fmt: skip


def _carried_on(
    history: History, sent_at: Ints, buyer: Flags, person: Flags, last_buyer: Ints, last_person: Ints
) -> Flags:
    """Someone waits, and this is the answer within 24 h or stands before that answer."""
    answer, again = history.after(person), history.after(buyer)
    answer = np.where(person, history.index, np.where((again == NONE) | (answer < again), answer, NONE))
    in_time = (answer != NONE) & (sent_at[answer] - sent_at[last_buyer] <= DAY_MS)
    carried: Flags = ~buyer & (last_buyer > last_person) & in_time
    return carried


def _starts(
    history: History, sent_at: Ints, talk: Flags, carried_on: Flags, event: pa.DictionaryArray, gap: int
) -> Flags:
    """Which messages begin a conversation: the first, and those after a silence or a closing."""
    last = history.before(talk)
    silence = sent_at - sent_at[last]
    was_closed = _was_closed(history, talk & ~carried_on, event)
    begins: Flags = talk & ((last == NONE) | (silence > DAY_MS) | (~carried_on & ((silence > gap) | was_closed)))
    return begins


def _was_closed(history: History, may_begin: Flags, event: pa.DictionaryArray) -> Flags:
    """Which messages come after a closing that nothing has undone since."""
    closing = equals(event, "closed")
    if not closing.any():  # most shops' exports tell of none
        return closing
    closed, reopened, last = (history.before(which) for which in (closing, equals(event, "reopened"), may_begin))
    found: Flags = (closed > reopened) & (closed > last) & (last != NONE)
    return found
