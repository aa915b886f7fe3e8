"""流失依据 evidence: what was said and waited for in each mature enquiry before its order, a row a reason that it speaks for.

Tables of one reader, made in sets: `waited`, then where chats are inspected `concern`, `said` and `held_here`, and of them
the queries that `evidence` is made of: enquiry_key, reason, conversation_seq, seq, place, begins, ends, kind. The least
`place` of a reason is what it rests on. Source: the diagnosis contract, §4.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from jinpai.criteria import inspected_by, shop_criteria
from jinpai.text.concerns import OBJECTION, TOPIC

if TYPE_CHECKING:
    from jinpai.engine import Engine, Value
    from jinpai.workspace import Settings

LATE_MS = 60_000
"""太晚 from here an answer is worth nothing, where the shop's criterion A1 does not say otherwise."""
REMIND_MS = 1_800_000
"""该催付了 so long an order may stand unpaid, where the shop's criterion E3 does not say otherwise."""
MET = 600
"""达标 from so many thousandths on a criterion is met."""
ELSEWHERE = ("out_of_stock", "compare_other_shop")
"""Objections that are a reason of their own."""
EXCUSE = "price_excuse"
ANSWERS = {
    "price": "D4", "fear_of_risk": "D6", "does_not_suit": "D7", "does_not_know": "D9", "cannot_afford": "D8", "price_excuse": "E4",
}  # fmt: skip
"""化解异议 the criterion that recognises a good answer to a kind of objection; a suspended one is believed in what it finds good."""
ORDERED = "buyer_ordered"
NO_GOODS = ("says_out_of_stock", "says_cannot_deliver")
ANSWERED, REMINDED = "was_answered", "was_reminded"
"""做对了的 what stands beside a reason: an objection that was answered well, an unpaid order of which somebody reminded."""
REMINDERS = ("reminds_unpaid", "payment_reminder")
SERIOUS_SIGNALS = ("bargain", "walks_away", "buyer_budget", "states_budget", "buyer_ready", "buyer_decides", ORDERED)
SERIOUS_TOPICS = (
    "shipping_time", "arrival_time", "appointment", "presale", "weight_quantity", "order_placing", "payment_method",
)  # fmt: skip
"""有心要买 what shows that a buyer does more than look: a budget, a date, a quantity, a bargain, how to order."""
HEARD = ("A4", "B1", "B2", "B3", "C5", "D1")
"""听哪些质检项 the criteria whose losses are evidence."""
_BY_ITSELF = ("A4", "E5")
FROM_TURNS = 6
"""聊得久 from so many exchanges a talk is long, where the shop's criterion E5 does not say otherwise."""


def _texts(names: Iterable[str]) -> str:
    """Names as SQL text; they are the program's own."""
    return ", ".join(f"'{one}'" for one in sorted(names))


_WAITED = """
with round_of as (
    select t.enquiry_key, r.conversation_seq, r.round_seq, coalesce(r.off_hours, false) as off_hours,
        coalesce(r.answered_at < t.until_at, false) as answered,
        case when coalesce(r.answered_at < t.until_at, false)
            then case when r.has_hours then r.shop_business_ms else r.shop_ms end else t.until_at - r.started_at end as waited_ms
    from matured_talk as t
    inner join round as r on r.buyer_key = t.buyer_key and r.conversation_seq = t.conversation_seq
        and not r.gave_away and r.started_at < t.until_at
)
select enquiry_key, count(*) as rounds, bool_or(answered) as answered, max(waited_ms) as longest_ms,
    arg_min(waited_ms, round_seq) >= $late_ms and not arg_min(off_hours, round_seq) as first_late,
    arg_max(waited_ms, round_seq) >= $late_ms and not arg_max(off_hours, round_seq) as last_late,
    min(round_seq) as first_seq, arg_min(conversation_seq, round_seq) as first_talk,
    max(round_seq) as last_seq, arg_max(conversation_seq, round_seq) as last_talk
from round_of
group by enquiry_key
"""
_CONCERN = f"""
select t.enquiry_key, t.buyer_key, c.conversation_seq, c.seq, c.kind, c.topic
from matured_talk as t
inner join topic as c on c.buyer_key = t.buyer_key and c.conversation_seq = t.conversation_seq and c.seq <= t.until_seq
where c.kind in ('{TOPIC}', '{OBJECTION}')
"""
_SAID = f"""
select t.enquiry_key, g.conversation_seq, g.seq, g.signal, g.begins, g.ends
from tag as g
inner join matured_talk as t on g.buyer_key = t.buyer_key and g.conversation_seq = t.conversation_seq and g.seq <= t.until_seq
where g.signal in ({_texts((*NO_GOODS, *SERIOUS_SIGNALS))})
"""
_HELD_HERE = f"""
select t.enquiry_key, f.conversation_seq, f.criterion, f.result, coalesce(f.seq, f.conversation_seq) as seq, f.begins, f.ends,
    f.counts or coalesce(f.verdict, '') = 'agree' as counts, coalesce(f.verdict, '') = 'overturn' as overturned
from settled as f
inner join matured_talk as t on f.buyer_key = t.buyer_key and f.conversation_seq = t.conversation_seq
    and coalesce(f.seq, f.conversation_seq) <= t.until_seq
where f.criterion in ({_texts({*HEARD, *ANSWERS.values(), "E5"})})
"""
_NONE = "cast(null as bigint) as begins, cast(null as bigint) as ends, cast(null as varchar) as kind"
_EVIDENCE_OF_TIME = f"""
select enquiry_key, 'never_answered' as reason, first_talk as conversation_seq, first_seq as seq, first_seq as place, {_NONE}
from waited where not answered and longest_ms >= $late_ms
union all
select enquiry_key, 'first_late', first_talk, first_seq, first_seq, {_NONE} from waited where answered and first_late
"""
_LEFT_WAITING = f"""
select w.enquiry_key, 'left_waiting', w.last_talk, w.last_seq, w.last_seq, {_NONE}
from waited as w
where w.answered and w.rounds > 1 and w.last_late and exists (
    select 1 from concern as c where c.enquiry_key = w.enquiry_key and c.seq >= w.last_seq)
union all
select w.enquiry_key, 'left_waiting', f.conversation_seq, f.seq, f.seq, f.begins, f.ends, cast(null as varchar)
from waited as w
inner join held_here as f on f.enquiry_key = w.enquiry_key and f.criterion = 'A4' and f.counts and f.result < {MET} and f.seq > w.last_seq
where w.rounds > 1
"""
_NO_GOODS = f"""
select enquiry_key, 'out_of_stock', conversation_seq, seq, seq, begins, ends, cast(null as varchar)
from said where signal in ({_texts(NO_GOODS)})
union all
select enquiry_key, 'out_of_stock', conversation_seq, seq, seq, {_NONE} from concern where kind = '{OBJECTION}' and topic = 'out_of_stock'
"""
_COMPARED = f"""
select enquiry_key, 'compared', conversation_seq, seq, seq, {_NONE} from concern where kind = '{OBJECTION}' and topic = 'compare_other_shop'
"""
_ANSWERED_BY = " ".join(f"when '{kind}' then '{name}'" for kind, name in ANSWERS.items())
# of several the last one counts, which is what the buyer left with; "let me think" only where there is no other
_OBJECTION = f"""
select c.enquiry_key, case when c.topic = 'cannot_afford' then 'over_budget' else 'objection' end, c.conversation_seq, c.seq,
    case when c.topic = 'cannot_afford' then c.seq when c.topic = '{EXCUSE}' then 0 else -c.seq end,
    cast(null as bigint), cast(null as bigint), case when c.topic <> 'cannot_afford' then c.topic end
from concern as c
left join held_here as f on f.enquiry_key = c.enquiry_key and f.conversation_seq = c.conversation_seq and f.result >= {MET}
    and f.criterion = case c.topic {_ANSWERED_BY} end
where c.kind = '{OBJECTION}' and c.topic not in ({_texts(ELSEWHERE)}) and f.enquiry_key is null
"""
# an answer that the criterion of this kind of objection takes for good
_MET = f"""
select c.enquiry_key, '{ANSWERED}', c.conversation_seq, c.seq, c.seq, {_NONE}
from concern as c
inner join held_here as f on f.enquiry_key = c.enquiry_key and f.conversation_seq = c.conversation_seq and f.result >= {MET}
    and f.criterion = case c.topic {_ANSWERED_BY} end
where c.kind = '{OBJECTION}' and c.topic not in ({_texts((*ELSEWHERE, "cannot_afford"))})
"""
_UNPAID = f"""
select d.enquiry_key, case when exists (
        select 1 from tag as g
        where g.buyer_key = d.buyer_key and g.side = 'agent' and g.signal in ({_texts(REMINDERS)})
            and g.sent_at > d.ordered_at and g.sent_at <= d.until_at) then '{REMINDED}' else 'unpaid_not_reminded' end,
    d.conversation_seq, d.seq, d.seq, {_NONE}
from (
    select m.enquiry_key, m.buyer_key, m.ordered_at, least(m.ends_at, o.paid_at, o.closed_at) as until_at,
        max(t.conversation_seq) as conversation_seq, max(t.until_seq) as seq
    from matured as m
    inner join orders as o on o.buyer_key = m.buyer_key and o.created_at = m.ordered_at and o.deposit_paid_at is null
    inner join matured_talk as t on t.enquiry_key = m.enquiry_key
    where m.ordered_at < m.ends_at and least(m.ends_at, o.paid_at, o.closed_at) >= m.ordered_at + $remind_ms
        and (not m.paid or o.paid_at is not null)
    group by m.enquiry_key, m.buyer_key, m.ordered_at, least(m.ends_at, o.paid_at, o.closed_at)
) as d
"""
# not the findings of E5, which leaves out whoever said that he ordered: those who paid are measured by the same rule
_NOT_ASKED = f"""
select l.enquiry_key, 'not_asked', l.conversation_seq, l.seq, l.seq, {_NONE}
from (
    select t.enquiry_key, t.buyer_key, t.conversation_seq, t.until_seq, max(coalesce(x.closed_seq, x.first_seq)) as seq
    from matured_talk as t
    inner join exchange as x on x.buyer_key = t.buyer_key and x.conversation_seq = t.conversation_seq and x.first_seq <= t.until_seq
    group by t.enquiry_key, t.buyer_key, t.conversation_seq, t.until_seq
    having max(x.turn) >= $from_turns
) as l
where not exists (
        select 1 from tag as g
        inner join inviting as i on i.signal = g.signal and i.side = g.side
        where g.buyer_key = l.buyer_key and g.conversation_seq = l.conversation_seq and g.seq <= l.until_seq)
    and not exists (
        select 1 from held_here as f
        where f.enquiry_key = l.enquiry_key and f.conversation_seq = l.conversation_seq and f.criterion = 'E5' and f.overturned
            and f.result >= {MET})
"""
_ONLY_LOOKING = f"""
select m.enquiry_key, 'only_looking', cast(null as bigint), cast(null as bigint), 0, {_NONE}
from matured as m
where not exists (
        select 1 from concern as c
        where c.enquiry_key = m.enquiry_key and (c.kind = '{OBJECTION}' or c.topic in ({_texts(SERIOUS_TOPICS)})))
    and not exists (select 1 from said as s where s.enquiry_key = m.enquiry_key and s.signal in ({_texts(SERIOUS_SIGNALS)}))
    and m.enquiry_key not in (select enquiry_key from concern where kind = '{TOPIC}' group by enquiry_key having count(distinct topic) > 1)
    and (m.paid or m.ordered_at is null or m.ordered_at >= m.ends_at)
"""
_FIRST_OF_EACH = """
select enquiry_key, reason, conversation_seq, seq, begins, ends, kind
from (
    select *, row_number() over (partition by enquiry_key, reason order by place, begins, ends, kind) as choice
    from every_one
)
where choice = 1
"""


# ---- making it


def gather_evidence(
    engine: Engine, settings: Settings, speaking: Iterable[tuple[str, str]], *, inspected: bool
) -> None:
    """收依据 makes `evidence` of the matured enquiries: of each reason what it rests on.

    `speaking` are pairs of a reason and a criterion that speaks for it; `inspected`: the tables of inspection are there.
    """
    values: dict[str, Value] = {
        "late_ms": _time(settings, "A1", "first_response", "zero_ms", LATE_MS),
        "remind_ms": _time(settings, "E3", "unpaid_order", "full_ms", REMIND_MS),
    }
    pairs = tuple(speaking)
    engine.make("waited", _WAITED, values)
    parts = [_EVIDENCE_OF_TIME]
    if inspected:
        engine.make("concern", _CONCERN)
        engine.make("said", _SAID)
        engine.make("held_here", _HELD_HERE)
        parts += [_LEFT_WAITING, _NO_GOODS, _COMPARED, _OBJECTION, _MET, _UNPAID, _ONLY_LOOKING]
        parts += [_of_criterion(reason, name) for reason, name in pairs if name not in _BY_ITSELF]
    if ("not_asked", "E5") in pairs:
        values["from_turns"] = _inviting(engine, settings)
        parts.append(_NOT_ASKED)
    engine.make("evidence", f"with every_one as ({' union all '.join(parts)}) {_FIRST_OF_EACH}", values)


def _of_criterion(reason: str, name: str) -> str:
    """The evidence that a criterion gives for a reason; what an agent did against a named budget is his."""
    kind = "'agent'" if name == "C5" else "cast(null as varchar)"
    return (
        f"select enquiry_key, '{reason}', conversation_seq, seq, seq, begins, ends, {kind} "
        f"from held_here where counts and result < {MET} and criterion = '{name}'"
    )


def _inviting(engine: Engine, settings: Settings) -> int:
    """From how many exchanges E5 wants an invitation; makes `inviting`, the signals that are one or make one needless."""
    told = inspected_by(settings)
    engine.take("criterion_signal", told["criterion_signal"])
    engine.make(
        "inviting",
        "select distinct signal, case when part = 'expect' then 'agent' else 'buyer' end as side from criterion_signal "
        f"where criterion = 'E5' and part in ('expect', 'without') and signal <> '{ORDERED}'",
    )
    turns = [one["from_turns"] for one in told["criterion_check"].to_pylist() if one["criterion"] == "E5"]
    return turns[0] if turns else FROM_TURNS


def _time(settings: Settings, criterion: str, measure: str, limit: str, otherwise: int) -> int:
    """A limit of one of the shop's criteria in milliseconds."""
    one = shop_criteria(settings.folder).get(criterion)
    known = [getattr(check, limit) for check in one.checks if check.measure == measure] if one else []
    return known[0] if known else otherwise
