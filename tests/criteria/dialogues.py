"""案例 dialogues: the case files of the criteria, each dialogue with the result that it must have.

    ## 标题
    买家: 在吗
    [70] 客服: 在的                 70 seconds later, otherwise 4
    → 600 「在的」                   the result in thousandths and the words it rests on; 0 and 1000 as well
    → 不适用                        does not apply (a hint: is not hit)

Speakers are 买家, 客服, 客服乙, 机器人 (automatic) and 辅助 (a robot under the name of 客服). 客服〈1001〉 sends that product
along, which PRODUCTS prices and `facts.toml` beside this file describes. 11 November is a day of a promotion: a first
line with [86400] is said then.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from tests.shape.source import ROOT

CASES = ROOT / "jinpai" / "criteria" / "cases"
SPEAKERS = {
    "买家": ("buyer", "小美"), "客服": ("agent", "小美"), "客服乙": ("agent", "小乙"), "机器人": ("auto", "机器人"),
    "辅助": ("assist", "小美"),
}  # fmt: skip
_SAID = re.compile(r"(?:\[(\d+)\] )?(买家|客服乙|客服|机器人|辅助)(?:〈(\d+)〉)?: (.*)")
_WANTED = re.compile(r"→ (不适用|\d+)(?: 「(.*)」)?")
PAUSE = 4
FACTS = Path(__file__).parent
"""Where the fact sheet of the dialogues' shop lies."""
PRODUCTS = [
    {"product_id": "1001", "title": "云朵四件套", "price": 39900},
    {"product_id": "1002", "title": "大床四件套", "price": 69900},
]
PROMOTIONS = [{"name": "双11", "first": date(2025, 11, 11), "last": date(2025, 11, 11)}]
START = 1_762_740_000_000


@dataclass(slots=True)
class Dialogue:
    """One dialogue: who wrote what how many seconds after the line before, and what the criterion must say of it."""

    criterion: str
    title: str
    lines: list[tuple[int, str, str, str | None]] = field(default_factory=list)
    result: int | None = None
    quote: str | None = None

    @property
    def buyer(self) -> str:
        return f"{self.criterion}·{self.title}"


@cache
def dialogues(folder: Path = CASES) -> tuple[Dialogue, ...]:
    """Every dialogue of every case file."""
    found: list[Dialogue] = []
    for file in sorted(folder.glob("*.md")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            text = line.strip()
            if text.startswith("## "):
                found.append(Dialogue(file.stem, text[3:]))
            elif said := _SAID.fullmatch(text):
                found[-1].lines.append((int(said[1] or PAUSE), said[2], said[4], said[3]))
            elif wanted := _WANTED.fullmatch(text):
                found[-1].result = None if wanted[1] == "不适用" else int(wanted[1])
                found[-1].quote = wanted[2]
            elif text and not text.startswith(("#", "```")) and found:
                raise ValueError(f"{file.name}:{number} says nothing that a dialogue can hold: {text}")
    return tuple(found)


def shop(told: Iterable[Dialogue] | None = None) -> dict[str, list[dict[str, Any]]]:
    """The lines and products as the rows of a shop."""
    return {"messages": list(messages(told)), "products": [one | {"shop": "main"} for one in PRODUCTS]}


def messages(told: Iterable[Dialogue] | None = None) -> Iterator[dict[str, Any]]:
    """The lines of the dialogues (None: all of the case files), a buyer each, as canonical rows."""
    for number, dialogue in enumerate(dialogues() if told is None else told):
        at = START + number * 1000
        for pause, speaker, text, product in dialogue.lines:
            at += pause * 1000
            sender, agent = SPEAKERS[speaker]
            yield {"shop": "main", "buyer": dialogue.buyer, "agent": agent, "sender": sender, "sent_at": at, "kind": "text", "text": text, "product_id": product}  # fmt: skip
