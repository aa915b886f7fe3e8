"""案例 dialogues: the case files of criteria, each dialogue with the result that it must have.

    ## 标题
    商品: 不可退                    the product that the talk is about cannot go back (可退: it can)
    客服〈1001〉: 这款              sends that product along, one of PRODUCTS
    买家: 在吗
    [70] 客服: 在的                 70 seconds later, otherwise 4
    [60] 订单: 付款                 下单, 付款, 定金 or 关闭; 订单2 is another order
    → 600 「在的」                  the result in thousandths and the words it rests on; 0 and 1000 as well
    → 不适用                        does not apply (a hint: is not hit)

Speakers are 买家, 客服, 客服乙, 机器人 (automatic) and 辅助 (a robot under the name of 客服).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from jinpai.errors import JinpaiError

SPEAKERS = {
    "买家": ("buyer", "小美"), "客服": ("agent", "小美"), "客服乙": ("agent", "小乙"), "机器人": ("auto", "机器人"),
    "辅助": ("assist", "小美"),
}  # fmt: skip
_SAID = re.compile(r"(?:\[(\d+)\] )?(买家|客服乙|客服|机器人|辅助)(?:〈(\d+)〉)?: (.*)")
_DEALT = re.compile(r"(?:\[(\d+)\] )?(订单\d?)(): (下单|付款|定金|关闭)")
_GOODS = re.compile(r"商品: (不?可退)")
_WANTED = re.compile(r"→ (不适用|\d+)(?: 「(.*)」)?")
PAUSE = 4
START = 1_762_740_000_000
_STEPS: dict[str, dict[str, Any]] = {
    "下单": {}, "付款": {"paid_at": 0, "paid_amount": 9900}, "定金": {"deposit_paid_at": 0, "deposit_amount": 2000},
    "关闭": {"closed_at": 0, "status": "交易关闭"},
}  # fmt: skip
_GOODS_OF = {"可退": "G1", "不可退": "G2"}
PRODUCTS: tuple[dict[str, Any], ...] = (
    {"product_id": "G1", "title": "浴巾", "returnable": True},
    {"product_id": "G2", "title": "定制毛巾", "returnable": False},
    {"product_id": "1001", "title": "云朵四件套", "price": 39900},
    {"product_id": "1002", "title": "大床四件套", "price": 69900},
)
"""案例里的商品 the products that dialogues speak of."""


@dataclass(slots=True)
class Dialogue:
    """一段对话 who wrote or ordered what how many seconds after the line before, and what the criterion must say of it.

    A line is the seconds, who, what, and the product that was sent along.
    """

    criterion: str
    title: str
    lines: list[tuple[int, str, str, str | None]] = field(default_factory=list)
    result: int | None = None
    quote: str | None = None
    product: str | None = None
    is_told: bool = False

    @property
    def buyer(self) -> str:
        """买家 a name that no other dialogue has."""
        return f"{self.criterion}·{self.title}"


def read_dialogues(file: Path) -> list[Dialogue]:
    """读案例 every dialogue of a case file, which is named after its criterion; a line that cannot be is a JinpaiError."""

    def refuse(number: int, text: str, zh: str, en: str) -> NoReturn:
        raise JinpaiError(f"{file} 第 {number} 行「{text}」不行：{zh}。", f"{file}:{number}: '{text}' cannot be: {en}.")

    found: list[Dialogue] = []
    number = 0
    for number, line in enumerate(_lines(file), 1):
        text = line.strip()
        if text.startswith("## "):
            _complete(found, number, refuse)
            if any(one.title == text[3:] for one in found):
                refuse(number, text, "这个标题前面用过了，请换一个", "another dialogue has this title")
            found.append(Dialogue(file.stem, text[3:]))
        elif not text or text.startswith(("#", "```")) or not found:
            continue
        elif said := _SAID.fullmatch(text) or _DEALT.fullmatch(text):
            found[-1].lines.append((int(said[1] or PAUSE), said[2], said[4], said[3] or None))
        elif goods := _GOODS.fullmatch(text):
            found[-1].product = _GOODS_OF[goods[1]]
        elif wanted := _WANTED.fullmatch(text):
            found[-1].result = None if wanted[1] == "不适用" else int(wanted[1])
            found[-1].quote, found[-1].is_told = wanted[2], True
        else:
            refuse(
                number, text, "要写成「买家: …」「客服: …」「订单: 付款」「商品: 不可退」「→ 1000」或「→ 不适用」",
                "write 买家: …, 客服: …, 订单: 付款, 商品: 不可退, → 1000 or → 不适用",
            )  # fmt: skip
    _complete(found, number, refuse)
    return found


def _complete(found: list[Dialogue], number: int, refuse: Any) -> None:
    if found and not found[-1].is_told:
        refuse(number, found[-1].title, "这段对话没有写结果，最后加一行「→ 1000」或「→ 不适用」", "the dialogue has no result; add → 1000 or → 不适用")  # fmt: skip


def _lines(file: Path) -> list[str]:
    try:
        return file.read_bytes().decode("utf-8-sig").splitlines()
    except OSError as error:
        raise JinpaiError(f"打不开 {file}：{error.strerror or error}。请检查路径。", f"{file} cannot be opened: {error.strerror or error}. Check the path.") from None  # fmt: skip
    except UnicodeDecodeError:
        raise JinpaiError(
            f"{file} 不是 UTF-8 编码。请另存为 UTF-8。", f"{file} is not UTF-8. Save it as UTF-8."
        ) from None


def canonical(dialogues: Iterable[Dialogue], shop: str = "main") -> dict[str, list[dict[str, Any]]]:
    """标准表 the dialogues as canonical rows, a buyer each, by table: messages, orders, products."""
    rows: dict[str, list[dict[str, Any]]] = {
        "messages": [], "orders": [], "products": [{"shop": shop} | one for one in PRODUCTS]
    }  # fmt: skip
    for number, dialogue in enumerate(dialogues):
        at, orders = START + number * 1000, dict[str, dict[str, Any]]()
        for pause, who, text, product in dialogue.lines:
            at += pause * 1000
            if who in SPEAKERS:
                sender, agent = SPEAKERS[who]
                rows["messages"].append({
                    "shop": shop, "buyer": dialogue.buyer, "agent": agent, "sender": sender, "sent_at": at, "kind": "text", "text": text,
                    "product_id": product or dialogue.product,
                })  # fmt: skip
                continue
            made = {"shop": shop, "order_id": f"{dialogue.buyer}·{who}", "buyer": dialogue.buyer, "created_at": at}
            step = {name: at if name.endswith("_at") else value for name, value in _STEPS[text].items()}
            orders.setdefault(who, made).update(step)
        rows["orders"] += orders.values()
    return rows
