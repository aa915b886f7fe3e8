"""售后与跟进 talk around orders: after-sales, payment trouble, reminders, follow-ups, staff and adverts."""

from __future__ import annotations

import numpy as np

from jinpai.simulate.bank import Speaker
from jinpai.simulate.draw import Play
from jinpai.simulate.scene import Line, Scene, filling
from jinpai.simulate.trade import BALANCE_DAY

STAFF, ADVERT = 1 << 40, (1 << 40) + 1000
"""Buyer numbers from which own staff's and advertisers' accounts are counted."""
MOODS = ("logistics", "quality", "return", "complaint", "usage", "thanks")


def after_sales(play: Play, scene: Scene, row: int, ask: list[int], answer: list[int]) -> None:
    """售后 a talk about a paid order; refunds are asked for, others ask where it is or how to use it."""
    visit, speaker = play.visits, scene.speaker
    place = _order_before(play, scene.buyer, ask[0])
    refunding = place >= 0 and 0 <= play.orders.applied[place] - ask[0] < 3600
    scene.filling["order"] = str(play.order_ids()[place]) if place >= 0 else "还没收到"
    mood = speaker.random.choices(MOODS, (1, 5, 9, 2, 0, 0) if refunding else (9, 3, 0, 0.6, 3, 3))[0]
    if speaker.chance(0.4):
        scene.buys(ask[0], "greeting.buyer")
    scene.buys(ask[0] + 1, f"aftersales.{mood}_buyer")
    if speaker.chance(0.7):
        scene.robot(ask[0] + 2)
    if visit.first[row] < 0:
        return
    first, owner = int(visit.first_agent[row]), int(visit.agent[row])
    knowledge = play.shop.agents[owner].knowledge
    for number in range(int(visit.rounds[row])):
        at, reply = ask[number], answer[number]
        if number:
            scene.buys(
                at,
                "aftersales.order" if number == 1 and mood not in ("thanks", "usage") else f"aftersales.{mood}_buyer",
            )
        if number == 0 and first != owner:
            scene.says(reply, "aftersales.ask_order", first)
            notice = f"由 {play.shop.nick(first)} 转交给 {play.shop.nick(owner)}，原因：【售后问题】"
            scene.writes(reply + 2, "notice", notice)
            continue
        wrong = mood in ("logistics", "quality", "return", "complaint") and speaker.chance((1 - knowledge) * 0.8)
        scene.says(reply, f"aftersales.{mood}_{'wrong' if wrong else 'agent'}")
    last = answer[int(visit.rounds[row]) - 1]
    if speaker.chance(0.7):
        scene.buys(last + speaker.random.randrange(8, 120), "aftersales.settled")
        if speaker.chance(0.85):
            scene.says(last + speaker.random.randrange(121, 170), "closing.farewell")


def _order_before(play: Play, buyer: int, at: int) -> int:
    rows = np.flatnonzero((play.orders.buyer == buyer) & (play.orders.paid >= 0) & (play.orders.paid < at))
    return int(rows[-1]) if len(rows) else -1


def unpaid_visit(scene: Scene, first: int, ask: list[int], answer: list[int]) -> None:
    """未付款来问 the buyer has ordered, does not pay, and asks."""
    scene.buys(ask[0], "closing.unpaid")
    if first >= 0:
        scene.says(answer[0], "reminder.remind")
        if scene.speaker.chance(0.8):
            scene.buys(answer[0] + scene.speaker.random.randrange(15, 90), "reminder.answer")
            scene.says(answer[0] + scene.speaker.random.randrange(95, 140), "closing.farewell")


def follow_ups(play: Play, speaker: Speaker) -> list[Line]:
    """催付、尾款提醒、回访 what agents send without being asked, and what comes back."""
    lines: list[Line] = []
    order, visit = play.orders, play.visits
    for row in np.flatnonzero(order.reminded >= 0).tolist():
        wrong = speaker.chance(0.1 * (1 - play.shop.agents[int(order.agent[row])].warmth))
        section = "reminder.remind_wrong" if wrong else "reminder.remind"
        answers = "reminder.answer" if order.paid[row] >= 0 else "closing.receive"
        lines += _sent(play, speaker, row, int(order.reminded[row]), section=section, answers=answers, share=0.5)
    balance = play.shop.begins + play.shop.day_number(BALANCE_DAY) * 86400
    for row in np.flatnonzero(order.deposit > 0).tolist():
        if speaker.chance(0.6):
            at = balance + speaker.random.randrange(34200, 39600)
            lines += _sent(play, speaker, row, at, section="reminder.deposit", answers="closing.receive", share=0.2)
    ordered = set(play.order_row.tolist())
    for row in np.flatnonzero((visit.first >= 0) & (visit.kind < 2)).tolist():
        agent = int(visit.agent[row])
        if row not in ordered and speaker.chance(0.09 * play.shop.agents[agent].reminder):
            at = (int(visit.start[row]) // 86400 + 1) * 86400 + speaker.random.randrange(36000, 72000)
            words = filling(
                play.shop,
                speaker.random,
                at,
                product=int(visit.product[row]),
                agent=agent,
                budget=int(visit.budget[row]),
            )
            scene = Scene(speaker, int(visit.buyer[row]), agent, words)
            scene.says(at, "reminder.followup")
            if speaker.chance(0.2):
                scene.buys(at + speaker.random.randrange(60, 1500), "closing.receive")
            lines += scene.lines
    return lines


def _sent(play: Play, speaker: Speaker, row: int, at: int, *, section: str, answers: str, share: float) -> list[Line]:
    order = play.orders
    agent = int(order.agent[row])
    words = filling(
        play.shop, speaker.random, at, product=int(order.product[row]), agent=agent, budget=int(order.amount[row])
    )
    scene = Scene(speaker, int(order.buyer[row]), agent, words)
    scene.says(at, section)
    if speaker.chance(share):
        said = at + speaker.random.randrange(20, 600)
        scene.buys(said, answers)
        if speaker.chance(0.8):
            scene.says(said + speaker.random.randrange(8, 90), "closing.farewell")
    return scene.lines


def strangers(play: Play, speaker: Speaker) -> list[Line]:
    """内部测试、广告 talks that are no enquiries: own staff who test, advertisers."""
    lines: list[Line] = []
    for number in range(18):
        advert = number % 3 != 0
        day = speaker.random.randrange(play.shop.days)
        at = play.shop.begins + day * 86400 + speaker.random.randrange(36000, 57000)
        luck = np.array([speaker.random.random()])
        agent = int(play.duty.pick(np.array([day]), np.array([at % 86400]), luck)[0])
        words = filling(play.shop, speaker.random, at, product=0, agent=agent, budget=5000)
        scene = Scene(speaker, ADVERT + number if advert else STAFF + number % 2, agent, words)
        scene.buys(at, "misc.advert" if advert else "misc.staff")
        if speaker.chance(0.6):
            scene.says(at + 25, "misc.filler" if advert else "greeting.agent")
        lines += scene.lines
    return lines
