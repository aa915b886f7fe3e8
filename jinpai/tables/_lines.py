"""会话里的消息 lines: the messages of some buyers in order, and what several tables ask of them, found once."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pyarrow as pa

from jinpai.coded import Flags, Ints, coded, codes, equals
from jinpai.tables._history import Groups, is_known, taken

COLUMNS = ("buyer_key", "seq", "message_key", "conversation_seq", "sent_at", "day", "hour", "agent", "sender", "product_id",
    "chars", "matched", "by_person", "handed")  # fmt: skip
ROWS = f"select {', '.join(COLUMNS)} from line"
ORDER = ("buyer_key", "seq")


class Lines:
    """会话里的消息 rows with COLUMNS in ORDER, all of each buyer's; the platform's events among them are left out."""

    def __init__(self, rows: pa.Table) -> None:
        told = rows.select(COLUMNS)
        is_event = equals(coded(told["sender"]), "system")
        self._rows = (told.filter(pa.array(~is_event)) if is_event.any() else told).combine_chunks()

    def array(self, name: str) -> pa.Array:
        """列 a column in one piece."""
        return self._rows[name].combine_chunks()

    def ints(self, name: str) -> Ints:
        """整数列 a column of whole numbers without nulls."""
        found: Ints = self._rows[name].to_numpy()
        return found

    def flags(self, name: str) -> Flags:
        """是否列 a column of booleans without nulls."""
        found: Flags = self._rows[name].to_numpy()
        return found

    def at(self, rows: Ints, *names: str) -> dict[str, pa.Array]:
        """取值 these columns at these rows."""
        places = pa.array(rows)
        return {name: self.array(name).take(places) for name in names}

    @cached_property
    def talks(self) -> Groups:
        """会话 the rows by conversation."""
        return Groups(self.ints("buyer_key"), self.ints("conversation_seq"))

    @cached_property
    def days(self) -> Groups:
        """买家的日子 the rows by buyer and shop day."""
        return Groups(self.ints("buyer_key"), self.ints("day"))

    @cached_property
    def sender(self) -> pa.DictionaryArray:
        """谁发的 who sent each row."""
        return coded(self._rows["sender"])

    @cached_property
    def is_buyer(self) -> Flags:
        """买家发的 which rows the buyer sent."""
        return equals(self.sender, "buyer")

    @cached_property
    def agent(self) -> pa.DictionaryArray:
        """子账号 the sub-account of each row."""
        return coded(self._rows["agent"])

    @cached_property
    def whose(self) -> Ints:
        """子账号的编码 the place of each row's sub-account among those of `agent`; NONE for none."""
        return codes(self.agent)

    @cached_property
    def named(self) -> Flags:
        """有子账号 which rows name a sub-account."""
        return is_known(self.agent)

    @cached_property
    def products(self) -> pa.DictionaryArray:
        """聊的商品 the product that each conversation named last; null where it named none."""
        products = coded(self._rows["product_id"])
        return taken(products, self.talks.last(is_known(products)))

    def product_of(self, which: Ints) -> pa.DictionaryArray:
        """聊的商品 of these conversations; `unknown` where one named none."""
        names = [*self.products.dictionary.to_pylist(), "unknown"]
        places = np.where(is_known(self.products), codes(self.products), len(names) - 1)
        return pa.DictionaryArray.from_arrays(pa.array(places[which], pa.int32()), pa.array(names, pa.string()))
