"""质检项 criterion: when something happens in a chat, what should follow, within how long, and why it matters."""

from __future__ import annotations

from dataclasses import dataclass

from jinpai.errors import Words

GROUPS = {
    "A": Words("时效", "Timeliness"), "B": Words("产品", "Knowledge"), "C": Words("需求与推荐", "Needs and recommending"),
    "D": Words("异议", "Objections"), "E": Words("促成", "Closing"), "F": Words("售后安抚", "Complaints"),
    "G": Words("态度", "Manner"), "H": Words("红线", "Red lines"), "I": Words("售后跟进", "After-care"),
    "J": Words("自定", "The shop's own"),
}  # fmt: skip
"""组 the groups of criteria by their letter, in the order of reports."""
FACTORS = {
    "product": Words("店铺产品", "product"), "skill": Words("客服技能", "skill"), "awareness": Words("客服意识", "awareness"),
    "climate": Words("工作氛围", "climate"), "incentive": Words("绩效合理度", "incentive"),
}  # fmt: skip
"""五因素 what a lost point is put down to. Source: the diagnosis contract, §3."""
MEASURES = (
    "said", "first_response", "gap", "last_answer", "hold_return", "filler", "before", "anywhere", "on_topic", "facts", "budget", "points",
    "unpaid_order", "as_before",
)  # fmt: skip
STATES = ("talk", "first_reply", "last_reply")
WHICH = ("first", "last", "every")
STAGES = ("before_sale", "after_sale", "ordered", "no_order")
"""售前售后 what the buyer's orders must say of the moment: nothing paid yet, something paid and after-sales time not over,
an order within a day of the conversation's beginning, or none."""
GOODS = ("returnable", "not_returnable")
"""商品 what the product list must say of the product that the conversation is about; what it does not name can go back."""
NO_LIMIT = 1 << 40
"""So many turns or milliseconds are until the end of the conversation."""


@dataclass(frozen=True, slots=True)
class Law:
    """法条 a legal source: its article, the days on which it holds, both included, and when somebody last looked it up.

    Days are yyyymmdd; `valid_to` None is until further notice.
    """

    title: str
    article: str
    valid_from: int
    valid_to: int | None
    checked_on: int

    def holds_on(self, day: int) -> bool:
        """有效 whether it was in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Check:
    """一问 one question put to a conversation: its occasion, and what must or must not follow.

    `side` and `when` name the signals that are the occasion, or `state` a place of the conversation. Signals may be
    written as @kind or @group, !signal takes one out again; @contact_forbidden and @contact_allowed are the ways off the
    platform that the shop's contact policy forbids and allows. A talk shorter than `from_turns` exchanges is no occasion,
    nor is a moment or a product other than `stage` and `goods` say, nor, `on_promotion`, a day without a promotion. `turns`
    and `within_ms` bound the answer; where an order is the `stage`, its payment does. `measure` other than "said" is a
    measurement: in time, `full_ms` or less is full marks, `pass_ms` 600 thousandths, `zero_ms` nothing; or one of the tables
    around (before, anywhere, on_topic) and compared (facts, budget, points); "unpaid_order" counts the reminders, `most` at
    most; "as_before" compares the share of messages that carry a signal with that before the sale.
    """

    measure: str = "said"
    side: str | None = None
    state: str | None = None
    which: str = "first"
    when: tuple[str, ...] = ()
    expect: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    turns: int = NO_LIMIT
    within_ms: int = NO_LIMIT
    full_ms: int = 0
    pass_ms: int = 0
    zero_ms: int = 0
    from_turns: int = 0
    on_promotion: bool = False
    stage: str | None = None
    goods: str | None = None
    most: int = 0


@dataclass(frozen=True, slots=True)
class Criterion:
    """质检项 one criterion as written in its file; `name` is the file's, like A3.

    The result is the mean of its checks that apply, in thousandths. A `hint` is told where it is hit and never scored
    by itself: a person has to confirm it first. What is `suspended` is shown, not scored, and says why.
    """

    name: str
    title: Words
    group: str
    factor: str
    weight: int
    reason: Words
    good: str
    bad: str
    checks: tuple[Check, ...]
    critical: bool = False
    hint: bool = False
    suspended: Words | None = None
    laws: tuple[Law, ...] = ()
    is_own: bool = False
    """自定 whether the shop wrote it, under a name of its own or in place of one that ships."""

    @property
    def counts(self) -> bool:
        """计分 whether it enters a score without anybody's word."""
        return not self.hint and self.suspended is None

    def laws_on(self, day: int) -> tuple[Law, ...]:
        """当时的法条 the legal sources in force on the day of a chat (yyyymmdd)."""
        return tuple(law for law in self.laws if law.holds_on(day))
