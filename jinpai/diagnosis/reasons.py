"""流失原因 reasons: the one primary reason of every mature lost enquiry, and which evidence stands in the paid ones too.

Each reason looks only at what happened before the buyer's first order, or before the window ended where there was none;
`unpaid_not_reminded` alone looks at what followed the order. A reason that nobody could look at (chats not inspected, no
fact sheet, its criteria suspended) is null and not in `looked_at`. Source: the diagnosis contract, §4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from jinpai.criteria import fact_sheet, shop_criteria
from jinpai.diagnosis.evidence import ANSWERED, REMINDED, gather_evidence
from jinpai.diagnosis.matured import mature
from jinpai.errors import Words
from jinpai.period import FIRST_DAY, LAST_DAY

if TYPE_CHECKING:
    from jinpai.engine import Engine
    from jinpai.period import Window
    from jinpai.workspace import Settings

Side = Literal["agent", "shop", "buyer", "none"]
SIDES: dict[Side, Words] = {
    "agent": Words("客服这边", "the agent"), "shop": Words("店铺这边", "the shop"), "buyer": Words("买家自己", "the buyer"),
    "none": Words("说不准是谁", "nobody's"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reason:
    """一个原因 why an enquiry was lost: its name, its Chinese and English words, whose it is, and how it is recognised.

    `criteria` are those that speak for it where they count; `is_told` says that chats must be inspected for it.
    """

    name: str
    words: Words
    side: Side
    meaning: Words
    criteria: tuple[str, ...] = ()
    is_told: bool = True
    has_more: bool = False
    """有别的依据 whether there is other evidence than its criteria."""


REASONS = (
    Reason("never_answered", Words("没人回", "never answered"), "agent",
        Words("买家等了一分钟以上，到最后也没有人工回复", "The buyer waited over a minute and no person ever answered"), is_told=False),
    Reason("first_late", Words("首响太晚", "first answer too late"), "agent",
        Words("第一句话等了 60 秒以上才有人工回复（按店里的上班时间算，留言不算）", "The first answer came after 60 s of the shop's working time; off-hours messages aside"),
        is_told=False),
    Reason("left_waiting", Words("聊着等走了", "left while waiting"), "agent",
        Words("聊到后面，最后一个问题等了 60 秒以上才回或没回，或者说了稍等没回来，买家就没再说话",
              "Later in the talk the last question waited over 60 s, or the agent said wait and did not come back, and the buyer wrote no more"),
        ("A4",), has_more=True),
    Reason("out_of_stock", Words("没货/发不了", "out of stock or cannot be delivered"), "shop",
        Words("买家说没货买不到，或者客服说没货、断码、送不到、来不及发", "The buyer met goods out of stock, or the agent said so, or that it cannot be delivered"), has_more=True),
    Reason("off_topic", Words("问题没答上", "question not answered"), "agent",
        Words("客服推脱（不清楚、自己看详情、应该可以吧）或者答非所问", "The agent evaded, or answered something else"), ("B1", "B2")),
    Reason("wrong_information", Words("说错了", "wrong information"), "agent",
        Words("客服说的和店铺事实对不上", "What the agent said differs from the fact sheet"), ("B3",)),
    Reason("refused_flat", Words("还价被一口回绝", "bargain refused flat"), "agent",
        Words("买家讲价，客服一口回绝，没给理由、活动、赠品或别的款", "The bargain was refused without a reason, an offer, a gift or another product"), ("D1",)),
    Reason("over_budget", Words("超预算", "over the budget"), "buyer",
        Words("买家说钱不够；或者报了预算，客服推的超了预算（这时算客服这边）",
              "The buyer lacks the money; or named a budget and was offered more, which is the agent's"), ("C5",), has_more=True),
    Reason("objection", Words("异议没化解", "objection not resolved"), "buyer",
        Words("买家有顾虑或不满，没认出有针对性的回答。是谁的，看是哪一种异议", "The buyer objected and no answer to it was recognised; the kind says whose it is"), has_more=True),
    Reason("compared", Words("比价走了", "compared and left"), "buyer",
        Words("买家拿别家比过", "The buyer compared with another shop"), has_more=True),
    Reason("unpaid_not_reminded", Words("拍下没付也没催", "ordered, unpaid, not reminded"), "agent",
        Words("拍下过了催付时间还没付，这期间没有人工催付", "The order stood unpaid past the time for a reminder and nobody reminded"), has_more=True),
    Reason("not_asked", Words("没邀请下单", "not asked for the order"), "agent",
        Words("聊了六个来回以上，一句没提下单", "Six exchanges or more without a word of ordering"), ("E5",)),
    Reason("only_looking", Words("随便问问（D 类）", "only looking (grade D)"), "buyer",
        Words("最多问了一件事，没讲价、没异议，没提预算、时间和数量", "Asked one thing at most: no bargain, objection, budget, date or quantity"), has_more=True),
    Reason("unexplained", Words("原因不明", "unexplained"), "none",
        Words("看过的原因里一个都不是", "None of the reasons that were looked at"), is_told=False),
)  # fmt: skip
"""原因 in the order in which they decide: the first whose evidence is there is the reason."""
NAMES = tuple(one.name for one in REASONS)
_INSPECTED = ("settled", "topic", "tag", "exchange")
OBJECTION_SIDES: dict[str, Side] = {
    "agent_caused": "agent", "too_little_information": "shop", "wrong_information": "shop", "goods": "shop", "service": "shop",
    "payment_fails": "none", "page_slow": "none", "platform_rule": "none",
}  # fmt: skip
"""异议是谁的 of the kinds that are not the buyer's own. Source: the inspection contract, §4."""


@dataclass(frozen=True, slots=True)
class Judged:
    """看过的结果 the reader's table with a row for each mature enquiry, and the reasons that could be looked at.

    Columns: enquiry_key, buyer_key, day, agent, product, lost, has_<reason> for each reason (null: not looked at), was_answered (an objection was
    answered well), was_reminded (of an order that stood unpaid),
    objection_kind, reason (null: paid), side, and where to look: conversation_key, conversation_seq, seq, begins, ends.
    """

    table: str
    looked_at: tuple[str, ...]


def judge(
    engine: Engine, settings: Settings, window: Window, *, first: int = FIRST_DAY, last: int = LAST_DAY, horizon: int | None = None
) -> Judged:  # fmt: skip
    """判原因 makes `lost_reason` of the enquiries of the days, both included, that stood before an order."""
    mature(engine, window, first=first, last=last, horizon=horizon)
    is_inspected = all(engine.has(name) for name in _INSPECTED)
    speaking = _speaking(engine, settings) if is_inspected else ()
    named = {reason for reason, _ in speaking}
    seen = tuple(
        one.name for one in REASONS if not one.is_told or (is_inspected and (one.has_more or one.name in named))
    )
    gather_evidence(engine, settings, speaking, inspected=is_inspected)
    engine.make("lost_reason", _rows(seen))
    return Judged("lost_reason", seen)


def _speaking(engine: Engine, settings: Settings) -> tuple[tuple[str, str], ...]:
    """Pairs of a reason and a criterion that speaks for it here: one that counts, and has something to hold words against."""
    known = shop_criteria(settings.folder)
    alive = {name for name, one in known.items() if one.counts} - _stopped(engine)
    if not fact_sheet(settings.folder).facts:
        alive -= {"B3"}
    return tuple((one.name, name) for one in REASONS for name in one.criteria if name in alive)


def _stopped(engine: Engine) -> set[str]:
    """Criteria that people suspended, or whose scorecards give them no weight."""
    found = engine.rows("select criterion from settled group by criterion having not bool_or(counts)")
    return {one["criterion"] for one in found}


# ---- the rows


def _rows(seen: tuple[str, ...]) -> str:
    """A row an enquiry from its evidence."""
    columns = []
    for one in REASONS[:-1]:
        found = f"coalesce(bool_or(e.reason = '{one.name}'), false)" if one.name in seen else "cast(null as boolean)"
        columns.append(f"{found} as has_{one.name}")
    columns += [f"coalesce(bool_or(e.reason = '{name}'), false) as {name}" for name in (ANSWERED, REMINDED)]
    names = " ".join(f"when {at} then '{name}'" for at, name in enumerate(NAMES))
    places = " ".join(f"when '{name}' then {at}" for at, name in enumerate(NAMES))
    sides = " ".join(f"when '{one.name}' then '{one.side}'" for one in REASONS)
    kinds = " ".join(f"when '{kind}' then '{side}'" for kind, side in OBJECTION_SIDES.items())
    flags = ", ".join((*(f"f.has_{one.name}" for one in REASONS[:-1]), f"f.{ANSWERED}", f"f.{REMINDED}"))
    return f"""
with found as (
    select m.enquiry_key, {", ".join(columns)}, min(case e.reason {places} end) as place,
        max(case when e.reason = 'objection' then e.kind end) as objection_kind,
        max(case when e.reason = 'over_budget' then e.kind end) as whose
    from matured as m
    left join evidence as e on e.enquiry_key = m.enquiry_key
    group by m.enquiry_key
), first_of as (
    select *, case place {names} else 'unexplained' end as reason from found
), asked as (
    select enquiry_key, min(conversation_seq) as conversation_seq, min(first_buyer_seq) as seq from matured_talk group by enquiry_key
), told as (
    select m.*, {flags}, f.objection_kind, f.whose,
        case when not m.paid then f.reason end as reason, f.place is null as has_unexplained,
        case when not m.paid then coalesce(e.conversation_seq, a.conversation_seq) end as conversation_seq,
        case when not m.paid then coalesce(e.seq, a.seq) end as seq, case when not m.paid then e.begins end as begins,
        case when not m.paid then e.ends end as ends
    from matured as m
    inner join first_of as f on f.enquiry_key = m.enquiry_key
    left join evidence as e on e.enquiry_key = m.enquiry_key and e.reason = f.reason
    left join asked as a on a.enquiry_key = m.enquiry_key
)
select t.enquiry_key, t.buyer_key, t.day, t.agent, t.product, not t.paid as lost, {flags.replace("f.", "t.")}, t.has_unexplained,
    t.objection_kind, t.reason,
    case when t.reason = 'objection' then case t.objection_kind {kinds} else 'buyer' end
        when t.reason = 'over_budget' then coalesce(t.whose, 'buyer') else case t.reason {sides} end end as side,
    x.conversation_key, t.conversation_seq, t.seq, t.begins, t.ends
from told as t
left join matured_talk as x on x.enquiry_key = t.enquiry_key and x.conversation_seq = t.conversation_seq
"""
