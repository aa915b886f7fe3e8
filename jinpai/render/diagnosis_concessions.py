"""让利账本 diagnosis_concessions: who asked for a discount, a coupon or a gift, who gave it, and what it goes together with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinpai.diagnosis.concessions import THINGS
from jinpai.metrics.values import newcombe
from jinpai.render.diagnosis_cells import TITLES, Cell, Section, yuan
from jinpai.render.story import Say

if TYPE_CHECKING:
    from jinpai.diagnosis.diagnosing import Diagnosis

Row = dict[str, Any]
FEWEST = 30
"""With fewer enquiries on either side shares are not compared."""


def account(found: Diagnosis, say: Say) -> Section:
    """让利账本 the shop's row, then each agent's; sentences of the shop first."""
    told = found.concessions
    title = say.words(TITLES["concessions"])
    if not told["looked_at"]:
        lead = say("聊天质检没有打开，谁要了、谁让了看不出来。", "Inspection is off, so nothing can be said of what was asked for and given.")  # fmt: skip
        return Section("concessions", title, [lead], [], [])
    shop = told["shop"]
    if shop is None or not (shop["asked"] or shop["given"]):
        lead = say("这段日子售前聊天里没人讲价、要券、要赠品，客服也没让。", "Nobody asked for a discount, a coupon or a gift, and nothing was given.")  # fmt: skip
        return Section("concessions", title, [lead], [], [])
    rows = [_row(one, say) for one in (shop, *told["agents"])]
    return Section("concessions", title, _lead(shop, say), _heads(say), rows, _notes(told, say))


def _lead(shop: Row, say: Say) -> list[str]:
    unasked = say(f"，其中 {shop['given_unasked']:,} 段是买家没开口就让的", f", in {shop['given_unasked']:,} of them unasked") if shop["given_unasked"] else ""  # fmt: skip
    wanted = say("、", ", ").join(f"{say.words(words)} {shop['things'].get('asked', {}).get(name, 0):,}" for name, words in THINGS.items())  # fmt: skip
    lines = [
        say(f"买家讲价、要券、要赠品的有 {shop['asked']:,} 段聊天（{wanted}）；客服让了的有 {shop['given']:,} 段{unasked}。",
            f"In {shop['asked']:,} talks the buyer asked ({wanted}); in {shop['given']:,} the agent gave{unasked}.")
    ]  # fmt: skip
    given, refused = (_paid(shop, name, say) for name in ("conversion_with", "conversion_without"))
    if given and refused:
        lines.append(
            say(f"买家开口要的询单：让了的付款率 {given}，没让的 {refused}。{_beside(shop, say)}", f"Of enquiries that asked: paid {given} with a concession, {refused} without. {_beside(shop, say)}")
        )  # fmt: skip
    named, paid = shop["of"]["amount_known"][:2]
    if paid:
        total, kind = shop["given_away"] + shop["given_away_on_condition"], shop["given_away_on_condition"]
        lines.append(
            say(f"让了也付了款的 {paid:,} 个询单里，{named:,} 个说了让多少，合计 {yuan(total, say)}，其中带条件的 {yuan(kind, say)}。",
                f"Of {paid:,} paid enquiries with a concession, {named:,} name the amount: {yuan(total, say)}, of it {yuan(kind, say)} on a condition.")
        )  # fmt: skip
    return lines


def _beside(shop: Row, say: Say) -> str:
    """Whether the two shares can be told apart; from few they cannot."""
    given, refused = ((shop["of"][name][0], shop["of"][name][1]) for name in ("conversion_with", "conversion_without"))
    between = newcombe(given, refused) if min(given[1], refused[1]) >= FEWEST else None
    if between is None:
        return say("太少，还看不出差别。", "Too few to tell.")
    if between[0] > 0:
        return say("让了的更高，但不能说是让出来的。", "With one it is higher, which does not say that it won them.")
    if between[1] < 0:
        return say(
            "让了的反而更低，可能是快走的买家才让。",
            "With one it is lower: maybe it is given to those who are nearly gone.",
        )
    return say("看不出差别。", "No difference can be told.")


def _paid(row: Row, name: str, say: Say) -> str:
    paid, of, low, high = row["of"][name]
    return say(f"{paid / of:.0%}（大致 {low:.0%}–{high:.0%}）", f"{paid / of:.0%} ({low:.0%}–{high:.0%})") if of else ""


def _heads(say: Say) -> list[str]:
    return [
        say("客服", "agent"),
        say("买家要的", "asked for"),
        say("让了的", "given"),
        *(say(f"其中{words.zh}", f"of it {words.en}") for words in THINGS.values()),
        say("没开口就让", "unasked"),
        say("带条件的占", "on a condition"),
        say("要了，让了的付款率", "paid with it"),
        say("要了，没让的付款率", "paid without it"),
        say("说出口让了多少", "amounts named"),
    ]


def _row(one: Row, say: Say) -> list[Cell]:
    whose = {} if one["agent"] is None else {"agent": one["agent"]}
    given = one["things"].get("given", {})

    def talks(count: int, **asked: str) -> Cell:
        return Cell(f"{count:,}", count, ("concessions", whose | asked) if count else None)

    total = one["given_away"] + one["given_away_on_condition"]
    conditional, offers = one["of"]["conditional_share"][:2]
    return [
        Cell(say("全店", "the shop") if one["agent"] is None else one["agent"], one["agent"]),
        talks(one["asked"], act="asked"),
        talks(one["given"], act="given"),
        *(talks(given.get(thing, 0), act="given", thing=thing) for thing in THINGS),
        talks(one["given_unasked"], act="given", unasked="1"),
        Cell(f"{conditional / offers:.0%}" if offers else "", one["conditional_share"]),
        *(Cell(_paid(one, name, say), one[name]) for name in ("conversion_with", "conversion_without")),
        Cell(yuan(total, say) if one["of"]["amount_known"][0] else "", round(total / 100, 2)),
    ]


def _notes(told: Row, say: Say) -> list[str]:
    return [
        say("是按聊天里的说法认的，有认错的时候；点数字看原话。", "Recognised by the words of the chats, now and then wrongly: each count opens its words."),
        say("只看售前、双方都说了话的聊天。买家没问，客服自己说的满减活动、优惠券不算让。", "Pre-sales talks with both sides. A promotion or coupon that the agent tells of unasked is no concession."),
        say("数的是聊天段数。一段里又让价又送赠品的，各算一段，所以加起来会比「让了的」多。", "Talks are counted; one with a discount and a gift counts in both columns."),
        say("付款率只算已满统计期、当时还没下单的询单。", "Paid shares are of mature enquiries without an order yet."),
        *(say(f"{one.zh}。", f"{one.en}.") for one in told["notes"]),
    ]  # fmt: skip
