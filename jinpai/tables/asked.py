"""一问一答的回合 asked: every round from its first unanswered buyer message to the answer, if there is one.

Rounds are counted on three bases: by persons as the shop's setting counts them (`for_shop`), by agents
alone (`by_agents`), and by agents or assistant robots (`by_staff`), since each platform says for itself
whether the latter count. A round that is the same on several bases is one row.

`round_seq` is the `seq` of the first buyer message, `last_asked_at` that of the last before the answer;
`addressed_to` is the sub-account that its first addressed message went to. Instants are ms UTC; day and
hour are those of the first message, minutes those of the shop's clock. Source: the metrics contract, §3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jinpai.engine import Walked
from jinpai.tables._history import NONE, Flags, History, Ints, equals, taken

if TYPE_CHECKING:
    from jinpai.engine import Engine
    from jinpai.workspace.settings import Settings

READS = ("message", "slot")
ROWS = """
select buyer_key, seq, conversation_seq, sent_at, day, hour, agent, sender from message
where sender in ('buyer', 'agent', 'assist')
"""
ORDER = ("buyer_key", "seq")
SCHEMA = pa.schema([
    ("shop", pa.string()), ("buyer_key", pa.int64()), ("conversation_seq", pa.int64()), ("round_seq", pa.int64()),
    ("for_shop", pa.bool_()), ("by_agents", pa.bool_()), ("by_staff", pa.bool_()), ("first_round", pa.bool_()),
    ("started_at", pa.int64()), ("last_asked_at", pa.int64()), ("day", pa.int64()), ("hour", pa.int64()),
    ("first_minute", pa.int64()), ("last_minute", pa.int64()),
    ("addressed_to", pa.string()), ("answered_seq", pa.int64()), ("answered_at", pa.int64()), ("answered_by", pa.string()),
])  # fmt: skip


def walk(engine: Engine, settings: Settings) -> Walked:
    """回合 from the messages of some buyers, in order, to their rounds; `message` lies in that order."""
    slots = engine.arrow("select slot, minute from slot order by slot")
    first_slot, minutes = (slots["slot"][0].as_py() if len(slots) else 0), slots["minute"].to_numpy()

    def minute(at: Ints) -> Ints:
        found: Ints = minutes[at // 300_000 - first_slot] + at % 300_000 // 60_000
        return found

    def rounds(rows: pa.Table) -> pa.Table:
        rows = rows.combine_chunks()
        history = History(rows["buyer_key"].to_numpy(), rows["conversation_seq"].to_numpy())
        sender = rows["sender"].chunk(0)
        buyer, agent = equals(sender, "buyer"), equals(sender, "agent")
        by_agents = _rounds(history, buyer, agent)
        has_assist = len(buyer) != np.count_nonzero(buyer | agent)
        by_staff = _rounds(history, buyer, ~buyer) if has_assist else by_agents
        asked, answer, by = _merged(by_agents, by_staff, len(buyer))
        found = _told(rows, history, buyer, asked, answer) | {
            "shop": pa.repeat(pa.scalar(settings.shop), len(asked)), "by_agents": (by & 1) > 0, "by_staff": (by & 2) > 0,
            "for_shop": (by & (2 if settings.assist_counts else 1)) > 0,
        }  # fmt: skip
        found |= {
            f"{which}_minute": minute(found[f"{at}_at"].to_numpy()) for which, at in (("first", "started"), ("last", "last_asked"))
        }  # fmt: skip
        return pa.table([found[name] for name in SCHEMA.names], names=SCHEMA.names).cast(SCHEMA)

    return Walked(ROWS, ORDER, rounds, SCHEMA, is_sorted=True)


def _rounds(history: History, buyer: Flags, answering: Flags) -> tuple[Ints, Ints]:
    """The first row of every round, and the row of its answer or NONE."""
    waited_for = history.before(buyer) > history.before(answering)
    asked = np.flatnonzero(buyer & ~waited_for)
    return asked, history.after(answering)[asked]


def _merged(one: tuple[Ints, Ints], other: tuple[Ints, Ints], count: int) -> tuple[Ints, Ints, Ints]:
    """Rounds of both bases in order, those with the same first row and answer once: 1 for one, 2 for the other, 3."""
    codes = [asked * (count + 1) + answer + 1 for asked, answer in (one, other)]
    every = codes[0] if one is other else np.union1d(*codes)
    by = np.isin(every, codes[0]) * 1 + np.isin(every, codes[1]) * 2 if one is not other else np.full(len(every), 3)
    return every // (count + 1), every % (count + 1) - 1, by


def _told(rows: pa.Table, history: History, buyer: Flags, asked: Ints, answer: Ints) -> dict[str, Any]:
    sent_at, seq, agent = (rows[name].chunk(0) for name in ("sent_at", "seq", "agent"))
    # an unanswered round goes to the end of its conversation
    end = np.where(answer == NONE, history.end[asked], answer)
    last = history.so_far(buyer)[end - 1]
    addressed = buyer & pc.is_valid(agent).to_numpy(zero_copy_only=False)
    first_addressed = np.where(addressed[asked], asked, history.after(addressed)[asked])
    first_addressed = np.where(first_addressed < end, first_addressed, NONE)
    return {
        "round_seq": seq.take(pa.array(asked)), "first_round": history.before(buyer)[asked] == NONE,
        "started_at": sent_at.take(pa.array(asked)), "last_asked_at": sent_at.take(pa.array(last)),
        "addressed_to": taken(agent, first_addressed), "answered_seq": taken(seq, answer),
        "answered_at": taken(sent_at, answer), "answered_by": taken(agent, answer),
    } | {name: rows[name].chunk(0).take(pa.array(asked)) for name in ("buyer_key", "conversation_seq", "day", "hour")}  # fmt: skip
