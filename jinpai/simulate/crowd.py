"""大量消息 the messages of many visits at once, without a Python loop over visits.

Every visit has the same row of places (greeting, card, questions, answers, decision …); a mask says
which of them were said. The words are drawn from a pool of filled phrases.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import numpy as np
import pyarrow as pa

from jinpai.canon import SENDERS
from jinpai.simulate.arrows import constant, instants, numbers, picked, table
from jinpai.simulate.bank import phrases
from jinpai.simulate.draw import Play
from jinpai.simulate.scene import filling
from jinpai.simulate.visits import AFTERSALES, ROUNDS, Visits

BUYER, AGENT, AUTO, SYSTEM = (SENDERS.index(name) for name in ("buyer", "agent", "auto", "system"))
TEXT, CARD, EVENT = 0, 1, 2
KINDS = ("text", "product_card", "event")
FILLINGS = 12
"""How many fillings of each phrase with braces stand in the pool."""


@dataclass(frozen=True, slots=True)
class Pool:
    """词池 filled phrases in one list; `spans` says where each group of sections stands."""

    texts: list[str]
    spans: dict[str, tuple[int, int]]

    def draw(self, group: str, rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
        """Places of random phrases of the group."""
        first, end = self.spans[group]
        return rng.integers(first, end, shape)


GROUPS = {
    "greeting": ("greeting.buyer",), "robot": ("greeting.robot",), "invite": ("closing.invite",),
    "question": tuple(f"{topic}.buyer" for topic in (
        "size", "material", "shipping", "price", "compare", "gift", "invoice", "stock", "care", "doubt")),
    "answer": tuple(f"{topic}.agent" for topic in (
        "size", "material", "shipping", "price", "compare", "gift", "invoice", "stock", "care", "doubt")),
    "wrong": tuple(f"{topic}.wrong" for topic in ("size", "material", "shipping", "price", "compare", "gift", "stock")),
    "trouble": tuple(f"aftersales.{mood}_buyer" for mood in ("logistics", "quality", "return", "complaint")),
    "remedy": tuple(f"aftersales.{mood}_agent" for mood in ("logistics", "quality", "return", "complaint")),
    "thinking": ("closing.thinking",), "stay": ("closing.stay",), "done": ("closing.done",),
    "thanks": ("closing.thanks",), "contact": ("misc.contact",), "remind": ("reminder.remind",),
}  # fmt: skip


def pool(play: Play) -> Pool:
    """词池 every phrase of the groups, those with braces filled several times."""
    random = Random(play.seed * 31 + 5)
    shop, texts, spans = play.shop, list[str](), {}
    for group, sections in GROUPS.items():
        first = len(texts)
        for section in sections:
            for phrase in phrases()[section]:
                for _ in range(FILLINGS if "{" in phrase else 1):
                    words = filling(
                        shop, random, shop.begins, product=random.randrange(len(shop.products)), agent=0, budget=9000
                    )
                    texts.append(phrase.format_map(words))
        spans[group] = (first, len(texts))
    return Pool(texts, spans)


@dataclass(slots=True)
class Slots:
    """位置 columns of a grid visits × places; grows place by place, then flattens in reading order."""

    many: int
    at: list[np.ndarray]
    sender: list[int]
    kind: list[int]
    words: list[np.ndarray]
    said: list[np.ndarray]

    @classmethod
    def empty(cls, many: int) -> Slots:
        """No place yet."""
        return cls(many, [], [], [], [], [])

    def add(self, at: np.ndarray, sender: int, words: np.ndarray, said: np.ndarray, kind: int = TEXT) -> None:
        """One more place in every visit's row."""
        self.at.append(at)
        self.sender.append(sender)
        self.words.append(words)
        self.said.append(said)
        self.kind.append(kind)

    def flat(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """(visit row, at, sender, kind, words) of everything said, visit by visit in time order."""
        said = np.stack(self.said, axis=1)
        row, place = np.nonzero(said)
        at, words = np.stack(self.at, axis=1)[said], np.stack(self.words, axis=1)[said]
        order = np.lexsort((place, at, row))
        senders, kinds = np.array(self.sender)[place], np.array(self.kind)[place]
        return row[order], at[order], senders[order], kinds[order], words[order]


def slots(words: Pool, visit: Visits, bought: np.ndarray, rng: np.random.Generator) -> Slots:
    """位置 what is said in each visit; `bought` where the order falls into the talk."""
    many = len(visit)
    grid = Slots.empty(many)
    start, answered, after = visit.start, visit.first >= 0, visit.kind == AFTERSALES
    hello = rng.random(many) < 0.6
    grid.add(start, BUYER, words.draw("greeting", rng, (many,)), hello)
    grid.add(start + hello, BUYER, np.full(many, -1), rng.random(many) < 0.45, CARD)
    moved = (visit.first_agent != visit.agent) & (visit.answer[:, 0] > 4)
    for number in range(ROUNDS):
        ask, answer = start + visit.ask[:, number], start + visit.answer[:, number]
        here = (number < visit.rounds) & (answered | (number == 0))
        question = np.where(after, words.draw("trouble", rng, (many,)), words.draw("question", rng, (many,)))
        grid.add(ask + (hello if number == 0 else 0), BUYER, question, here)
        if number == 0:
            grid.add(start + 1, AUTO, words.draw("robot", rng, (many,)), rng.random(many) < 0.85)
            grid.add(start + 3, SYSTEM, np.full(many, -1), moved, EVENT)
        more = np.minimum(ask + 2 + rng.integers(0, 15, many), answer - 1)
        again = here & (answer - ask > 4) & (rng.random(many) < 0.25)
        grid.add(more, BUYER, words.draw("question", rng, (many,)), again)
        wrong = visit.wrong & (rng.integers(0, visit.rounds, many) == number)
        reply = np.where(after, words.draw("remedy", rng, (many,)), words.draw("answer", rng, (many,)))
        reply = np.where(wrong, words.draw("wrong", rng, (many,)), reply)
        grid.add(answer, AGENT, reply, here & answered)
        until = start + visit.ask[:, number + 1] if number + 1 < ROUNDS else answer + 60
        longer = np.minimum(answer + 3 + rng.integers(0, 20, many), np.maximum(until - 1, answer))
        grid.add(longer, AGENT, words.draw("answer", rng, (many,)), here & answered & (rng.random(many) < 0.3))
    _ending(grid, words, visit, bought, rng)
    return grid


def _ending(grid: Slots, words: Pool, visit: Visits, bought: np.ndarray, rng: np.random.Generator) -> None:
    last = visit.start + visit.answer[np.arange(len(visit)), visit.rounds - 1]
    many, decide = len(visit), visit.start + visit.decide
    answered, after = visit.first >= 0, visit.kind == AFTERSALES
    room = np.minimum(last + 12, np.maximum(decide - 1, last))
    grid.add(room, AGENT, words.draw("invite", rng, (many,)), visit.invited & ~after)
    ends = np.where(bought, words.draw("done", rng, (many,)), words.draw("thinking", rng, (many,)))
    speaks = (bought | (answered & (rng.random(many) < 0.65))) & ~after
    said = decide + np.where(bought, 100, 0)
    grid.add(said, BUYER, ends, speaks)
    grid.add(said + 8, BUYER, words.draw("contact", rng, (many,)), bought & speaks & (rng.random(many) < 0.1))
    reply = np.where(bought, words.draw("thanks", rng, (many,)), words.draw("stay", rng, (many,)))
    grid.add(said + 10 + rng.integers(0, 50, many), AGENT, reply, speaks & answered & (rng.random(many) < 0.85))


def messages(
    play: Play, words: Pool, rows: np.ndarray, nick: list[str], *, rng: np.random.Generator, number: int
) -> pa.Table:
    """聊天消息 the canonical messages of the visits at `rows`; ids count on from `number`."""
    visit = play.visits.take(rows)
    decided = np.zeros(len(play.visits), dtype=bool)
    chat = play.order_row >= 0
    in_talk = play.orders.created == play.visits.start[play.order_row] + play.visits.decide[play.order_row]
    decided[play.order_row[chat & in_talk]] = True
    row, at, sender, kind, said = slots(words, visit, decided[rows], rng).flat()
    inside = at < play.shop.ends
    row, at, sender, kind, said = (part[inside] for part in (row, at, sender, kind, said))
    product = visit.product[row]
    is_event, is_card = kind == EVENT, kind == CARD
    accounts = [play.shop.sub_account(one) for one in range(len(play.shop.agents))]
    ids = [item.product_id for item in play.shop.products]
    many = len(at)
    # before a transfer was recorded the first agent had the talk
    agent = np.where(is_event, visit.first_agent[row], visit.agent[row])
    return table("messages", {
        "shop": constant(play.shop.key, many), "buyer": picked(nick, visit.buyer[row]),
        "agent": picked(accounts, np.where(sender == AUTO, -1, agent)), "sender": picked(SENDERS, sender),
        "sent_at": instants(at), "kind": picked(KINDS, kind), "text": picked(words.texts, said),
        "event": picked(["transferred"], np.where(is_event, 0, -1)),
        "to_agent": picked(accounts, np.where(is_event, visit.agent[row], -1)),
        "product_id": picked(ids, np.where(is_card, product, -1)),
        "message_id": numbers(np.arange(number, number + many)),
    }, many)  # fmt: skip


def reminders(play: Play, words: Pool, nick: list[str], *, rng: np.random.Generator, number: int) -> pa.Table:
    """催付 the reminders that agents sent, as canonical messages."""
    rows = np.flatnonzero(play.orders.reminded >= 0)
    accounts = [play.shop.sub_account(one) for one in range(len(play.shop.agents))]
    many = len(rows)
    return table("messages", {
        "shop": constant(play.shop.key, many), "buyer": picked(nick, play.orders.buyer[rows]),
        "agent": picked(accounts, play.orders.agent[rows]), "sender": constant("agent", many),
        "sent_at": instants(play.orders.reminded[rows]), "kind": constant("text", many),
        "text": picked(words.texts, words.draw("remind", rng, (many,))),
        "message_id": numbers(np.arange(number, number + many)),
    }, many)  # fmt: skip
