"""对话 the Chinese talk of every visit, reminder and follow-up: lines that fit what was drawn.

The clock is the draw's: the k-th question stands at `ask[k]`, its answer at `answer[k]`, the decision
at `decide`; this module only finds the words.
"""

from __future__ import annotations

from random import Random

import numpy as np

from jinpai.simulate.after import after_sales, follow_ups, strangers, unpaid_visit
from jinpai.simulate.bank import Speaker
from jinpai.simulate.draw import Play
from jinpai.simulate.scene import ROBOT, Line, Scene, filling
from jinpai.simulate.visits import AFTERSALES, RETURN, UNPAID

TOPICS = ("size", "material", "shipping", "price", "compare", "gift", "invoice", "stock", "care", "custom")
WEIGHTS = {
    "plain": (8, 12, 12, 8, 4, 6, 2, 5, 5, 0), "complex": (16, 12, 9, 8, 6, 2, 2, 4, 5, 1),
    "expensive": (10, 14, 6, 12, 9, 4, 4, 3, 5, 0), "custom": (14, 6, 6, 6, 4, 0, 3, 2, 2, 26),
}  # fmt: skip
OBJECTION_TOPIC = {1: "price", 2: "doubt", 3: "compare"}
GREEDY = (1, 3)
"""Rows of the agents who now and then cross a red line 红线."""


def talk(play: Play) -> list[Line]:
    """对话 every line of the play, in time order; lines of one second keep their order."""
    speaker = Speaker(Random(play.seed * 1_000_003 + 17))
    by_visit = {int(row): place for place, row in enumerate(play.order_row.tolist()) if row >= 0}
    lines: list[Line] = []
    for row in range(len(play.visits)):
        lines += _visit(play, speaker, row, by_visit.get(row, -1))
    lines += follow_ups(play, speaker)
    lines += strangers(play, speaker)
    return sorted((line for line in lines if line.at < play.shop.ends), key=lambda line: line.at)


def _visit(play: Play, speaker: Speaker, row: int, order: int) -> list[Line]:
    visit = play.visits
    start, agent, kind = int(visit.start[row]), int(visit.agent[row]), int(visit.kind[row])
    other = int(play.orders.extra[order]) if order >= 0 else -1
    words = filling(
        play.shop, speaker.random, start, product=int(visit.product[row]), other=other, agent=agent,
        budget=int(visit.budget[row]),
    )  # fmt: skip
    scene = Scene(speaker, int(visit.buyer[row]), agent, words)
    ask, answer = (visit.ask[row] + start).tolist(), (visit.answer[row] + start).tolist()
    if kind == AFTERSALES:
        after_sales(play, scene, row, ask, answer)
    elif kind == UNPAID:
        unpaid_visit(scene, int(visit.first[row]), ask, answer)
    else:
        _enquiry(play, scene, row, order)
    return scene.lines


def _enquiry(play: Play, scene: Scene, row: int, order: int) -> None:
    visit, speaker = play.visits, scene.speaker
    ask, answer = (part[row] + visit.start[row] for part in (visit.ask, visit.answer))
    ask, answer = ask.tolist(), answer.tolist()
    rounds, answered = int(visit.rounds[row]), visit.first[row] >= 0
    _opening(play, scene, row, ask[0], answer[0])
    kind = play.shop.products[int(visit.product[row])].kind
    topics = speaker.random.choices(TOPICS, WEIGHTS[kind], k=rounds)
    objection = OBJECTION_TOPIC.get(int(visit.objection[row]))
    if objection:
        topics[-1] = objection
    wrong = speaker.random.randrange(rounds) if visit.wrong[row] else -1
    for number, topic in enumerate(topics):
        at, reply = ask[number], answer[number]
        _question(scene, at + (number == 0 and any(line.side == "buyer" for line in scene.lines)), reply, topic)
        if number == 0 and speaker.chance(0.85):
            _robot(play, scene, row, at, reply)
        if not answered:
            if speaker.chance(0.3):
                scene.buys(at + speaker.random.randrange(60, 400), "greeting.impatient")
            return
        _waits(scene, at, reply, number)
        until = ask[number + 1] if number + 1 < rounds else reply + 60
        _answer(play, scene, topic, wrong == number, at=reply, until=until)
    _decision(play, scene, row, order, answer[rounds - 1])


def _opening(play: Play, scene: Scene, row: int, at: int, reply: int) -> None:
    """Entry notice, greeting, product link, hand-over to a colleague."""
    visit, speaker = play.visits, scene.speaker
    if speaker.chance(0.12):
        scene.writes(at, "notice", speaker.say("greeting.entry", scene.filling))
    if visit.kind[row] == RETURN:
        scene.buys(at, "reminder.back")
    elif speaker.chance(0.6):
        scene.buys(at, "greeting.buyer")
        if speaker.chance(0.04):
            scene.lines.append(scene.lines[-1])
    if speaker.chance(0.5):
        began = any(line.side == "buyer" for line in scene.lines)
        scene.writes(at + began, "buyer", f"http://item.taobao.com/item.htm?id={scene.filling['item']}")
    first, owner = int(visit.first_agent[row]), int(visit.agent[row])
    if first != owner and reply - at > 7:
        reason = speaker.random.choice(("商品问题请同事解答", "交接班"))
        notice = f"由 {play.shop.nick(first)} 转交给 {play.shop.nick(owner)}，原因：【{reason}】"
        scene.writes(at + 6, "notice", notice)


def _robot(play: Play, scene: Scene, row: int, at: int, reply: int) -> None:
    """The welcome a second after the first words; some want a person and are handed over."""
    scene.robot(at + 1)
    if reply - at > 8 and play.visits.first[row] >= 0 and scene.speaker.chance(0.1):
        scene.buys(at + 4, "greeting.human")
        nick = play.shop.nick(int(play.visits.first_agent[row]))
        notice = f"由 {play.shop.name}:服务助手 转交给 {nick}，原因：【系统识别需干预，买家要求人工】"
        scene.writes(at + 5, "notice", notice)


def _question(scene: Scene, at: int, reply: int, topic: str) -> None:
    """A question, sometimes in two bursts, with small talk, a picture, or about what is not allowed."""
    speaker = scene.speaker
    scene.buys(at, f"{topic}.buyer")
    scene.asked = scene.lines[-1].text
    room = min(reply - at - 1, 25)
    if room > 3 and speaker.chance(0.22):
        later = at + speaker.random.randrange(2, room + 1)
        scene.buys(
            later,
            speaker.random.choices(
                (f"{topic}.buyer", "misc.smalltalk", "misc.media", "misc.emoji", "misc.ask_redline"), (9, 4, 3, 2, 0.6)
            )[0],
        )


def _waits(scene: Scene, at: int, reply: int, number: int) -> None:
    """A long wait: the buyer urges; the answer begins with an excuse."""
    speaker, wait = scene.speaker, reply - at
    if wait > 3600:
        scene.says(reply, "greeting.morning")
    elif wait > 75:
        if speaker.chance(0.5):
            scene.buys(at + speaker.random.randrange(45, wait - 5), "greeting.impatient")
        if speaker.chance(0.45):
            scene.says(reply, "greeting.sorry")
    elif number == 0 and speaker.chance(0.55):
        scene.says(reply, "greeting.agent")


def _answer(play: Play, scene: Scene, topic: str, is_wrong: bool, *, at: int, until: int) -> None:
    """The answer at `at` or, after words of greeting, some seconds of typing later, before `until`."""
    speaker, agent = scene.speaker, play.shop.agents[scene.agent]
    reply, room = at, max(until - at - 1, 1)
    if scene.lines[-1].at == reply and scene.lines[-1].side == "agent":
        at = reply + min(speaker.random.randrange(4, 26), room)
    elif speaker.chance(0.05):
        scene.says(reply, "misc.filler")
        at = reply + min(speaker.random.randrange(15, 50), room)
    if is_wrong:
        scene.says(at, f"{topic}.wrong")
        return
    scene.answers(at, topic)
    later = at + min(speaker.random.randrange(5, 20), max(until - at - 1, 0))
    if topic == "price" and speaker.chance(0.25 * (1.2 - agent.knowledge) * 4):
        scene.says(later, "price.concession")
    elif speaker.chance(0.22 * agent.warmth):
        scene.says(later, speaker.random.choice(("closing.scene", f"{topic}.agent")))
    if scene.agent % 12 in GREEDY and speaker.chance(0.02):
        scene.says(later, "misc.redline")
    elif "微信" in scene.lines[-1].text or speaker.chance(0.002):
        scene.says(later, "misc.no_redline")


def _decision(play: Play, scene: Scene, row: int, order: int, last: int) -> None:
    """Recommending and inviting, then the order, the unpaid order, or a polite goodbye."""
    visit, speaker, agent = play.visits, scene.speaker, play.shop.agents[scene.agent]
    decide = int(visit.start[row] + visit.decide[row])
    room = max(decide - last - 2, 1)
    if (order >= 0 and play.orders.extra[order] >= 0) or speaker.chance(agent.cross * 0.4):
        scene.says(last + min(12, room), "closing.cross")
    if visit.invited[row]:
        scene.says(last + min(20, room), "closing.invite")
    if order < 0 or play.orders.created[order] != decide:
        _leaves(scene, decide, agent.warmth)
        return
    created, paid = int(play.orders.created[order]), int(play.orders.paid[order])
    at_once = 0 <= paid < created + 120
    said = (paid if at_once else created) + speaker.random.randrange(3, 40)
    if speaker.chance(0.88):
        scene.buys(said, "closing.done" if at_once else "closing.unpaid")
    if at_once and speaker.chance(0.12):
        scene.buys(said + 8, "misc.contact")
    reply = said + 9 + int(agent.speed * speaker.random.uniform(0.5, 2.0))
    if at_once:
        scene.says(reply, "closing.thanks")
    else:
        scene.says(reply, "closing.stay")
    if speaker.chance(0.45):
        scene.buys(reply + speaker.random.randrange(8, 90), "closing.ok")
        if speaker.chance(0.6 + 0.38 * agent.warmth):
            scene.says(reply + speaker.random.randrange(91, 130), "closing.farewell")


def _leaves(scene: Scene, decide: int, warmth: float) -> None:
    speaker = scene.speaker
    if speaker.chance(0.65):
        scene.buys(decide, "closing.thinking")
        if speaker.chance(0.95):
            reply = decide + speaker.random.randrange(6, 60)
            scene.says(reply, "closing.stay" if speaker.chance(0.35 + 0.65 * warmth) else "closing.stay_wrong")
            if speaker.chance(0.2):
                scene.buys(reply + speaker.random.randrange(5, 60), "closing.receive")
                if speaker.chance(0.6 + 0.38 * warmth):
                    scene.says(reply + speaker.random.randrange(61, 100), "closing.farewell")


def counts(lines: list[Line]) -> dict[str, int]:
    """条数 lines by side, the robot's apart."""
    sides = np.array(["robot" if line.agent == ROBOT and line.side == "agent" else line.side for line in lines])
    names, many = np.unique(sides, return_counts=True)
    return {str(name): int(count) for name, count in zip(names, many, strict=True)}
