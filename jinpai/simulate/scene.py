"""场景 one conversation being written: its lines, and what fills the braces of the phrases."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from random import Random
from typing import Literal, NamedTuple

import numpy as np

from jinpai.simulate.bank import Speaker, names, phrases
from jinpai.simulate.shop import EPOCH, Shop

ROBOT = -1


class Line(NamedTuple):
    """消息 one line of a talk; `at` in local seconds, `agent` a row of the shop's agents or ROBOT."""

    at: int
    buyer: int
    side: Literal["buyer", "agent", "notice"]
    agent: int
    text: str


@dataclass(slots=True)
class Scene:
    """场景 writes the lines of one visit; keeps time from running backwards inside a side's burst."""

    speaker: Speaker
    buyer: int
    agent: int
    filling: dict[str, str]
    lines: list[Line] = field(default_factory=list)
    asked: str = ""

    def buys(self, at: int, section: str) -> None:
        """买家说 a line of the buyer."""
        self.lines.append(Line(at, self.buyer, "buyer", self.agent, self.speaker.say(section, self.filling)))

    def says(self, at: int, section: str, agent: int | None = None) -> None:
        """客服说 a line of the agent, now and then with an emoji code."""
        self._said(at, self.speaker.say(section, self.filling), agent)

    def answers(self, at: int, topic: str) -> None:
        """回答 an answer of the topic that has words in common with what was asked, where there is one."""
        known = phrases()[f"{topic}.agent"]
        overlap = [common(self.asked, phrase) for phrase in known]
        best = max(overlap)
        fitting = [phrase for phrase, shared in zip(known, overlap, strict=True) if shared == best] if best else known
        phrase = self.speaker.random.choice(fitting)
        self._said(at, phrase.format_map(self.filling) if "{" in phrase else phrase, None)

    def _said(self, at: int, text: str, agent: int | None) -> None:
        if "/:" not in text and self.speaker.chance(0.12):
            text += self.speaker.say("misc.emoji", self.filling)
        self.lines.append(Line(at, self.buyer, "agent", self.agent if agent is None else agent, text))

    def writes(self, at: int, side: Literal["buyer", "agent", "notice"], text: str, agent: int | None = None) -> None:
        """原文 a line with a given text."""
        self.lines.append(Line(at, self.buyer, side, self.agent if agent is None else agent, text))

    def robot(self, at: int) -> None:
        """欢迎语 the robot's welcome."""
        self.lines.append(Line(at, self.buyer, "agent", ROBOT, self.speaker.say("greeting.robot", self.filling)))


@cache
def pairs(text: str) -> frozenset[str]:
    """字对 the pairs of neighbouring Chinese characters in a text."""
    return frozenset(text[place : place + 2] for place in range(len(text) - 1) if min(text[place : place + 2]) >= "一")


def common(one: str, other: str) -> int:
    """相同字对 how many pairs of neighbouring characters two texts share."""
    return len(pairs(one) & pairs(other))


def phone(number: int) -> str:
    """虚构手机号 an invented number, 138000000xx."""
    return f"138000000{number % 100:02d}"


def filling(
    shop: Shop, random: Random, start: int, *, product: int, agent: int, budget: int, other: int = -1
) -> dict[str, str]:
    """填空 what stands in the braces for one visit; `other` the second product, -1 for any; `budget` fen."""
    item, more = shop.products[product], shop.products[other if other >= 0 else random.randrange(len(shop.products))]
    known = names()
    use = EPOCH + timedelta(days=start // 86400 + random.randrange(3, 25))
    off = random.choice((5, 8, 10, 15, 20))
    return {
        "title": item.short, "item": item.product_id, "price": f"{item.price / 100:g}", "size": item.size,
        "other": more.short, "budget": f"{budget // 1000 * 10}", "deal": f"{max(item.price / 100 - off, 5):g}",
        "cheap": f"{item.price // 150}", "off": str(off), "coupon": str(random.randrange(1000, 9999)),
        "weight": str(random.randrange(280, 620, 10)), "days": str(random.randrange(2, 5)),
        "agent": shop.agents[agent].name, "date": f"{use.month}月{use.day}号", "order": "",
        "phone": phone(random.randrange(100)), "photo": str(random.randrange(10**6, 10**7)),
        "name": random.choice(known["family"]) + random.choice(("女士", "先生", "小姐")),
        **{name: random.choice(known[name]) for name in ("city", "courier", "gift", "color", "address")},
    }  # fmt: skip


def nicks(numbers: np.ndarray, seed: int) -> list[str]:
    """买家昵称 a distinct invented nick for every buyer number."""
    first, second = names()["first"], names()["second"]
    plain = len(first) * len(second)
    found = []
    for number in numbers.tolist():
        lap, low = divmod(number, plain * 61)
        turn, pair = divmod((low * 7919 + seed * 104729) % (plain * 61), plain)
        nick = first[pair % len(first)] + second[pair // len(first)]
        turn += lap * 61
        found.append(f"{nick}{turn}" if turn else nick)
    return found


def mask(nick: str) -> str:
    """遮住的昵称 `t**3` for `tb163`, as newer exports print it."""
    return f"{nick[0]}**{nick[-1]}"
