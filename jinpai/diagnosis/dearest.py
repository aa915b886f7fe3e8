"""最可惜的买家 dearest: of each reason the lost enquiries that were worth most, with the words that the reason rests on.

Amounts are fen, `day` is the shop day (yyyymmdd) on which the enquiry began. Texts are as facts hold them: phones and
addresses in them are tokens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jinpai.inspection import quoted

if TYPE_CHECKING:
    from jinpai.diagnosis.ledger import Ledger
    from jinpai.engine import Engine

MOST = 200
"""So many of each reason."""
_WORDS = """
select d.place, o.text from dearest as d
inner join original as o on o.buyer_key = d.buyer_key and o.seq = d.seq
"""


@dataclass(frozen=True, slots=True)
class Lost:
    """流失的买家 one lost enquiry: its conversation, day, agent, what it was worth, and the words (empty: none were written)."""

    conversation_key: int | None
    day: int
    agent: str | None
    at_stake: int
    words: str


def dearest(engine: Engine, account: Ledger, most: int = MOST) -> dict[str, list[Lost]]:
    """最可惜的 of each reason, those worth most first; `engine` reads the facts that the ledger is of."""
    import pyarrow as pa
    import pyarrow.compute as pc

    rows = account.rows.sort_by([("at_stake", "descending"), ("enquiry_key", "ascending")])
    reasons = [line.reason for line in account.lines]
    parts = [rows.filter(pc.equal(rows["reason"], reason)).slice(0, most) for reason in reasons]
    chosen = pa.concat_tables(parts)
    engine.take(
        "dearest", pa.table({"place": range(len(chosen)), "buyer_key": chosen["buyer_key"], "seq": chosen["seq"]})
    )
    words = {row["place"]: quoted(row["text"] or "") for row in engine.rows(_WORDS)}
    found: dict[str, list[Lost]] = {reason: [] for reason in reasons}
    for place, row in enumerate(chosen.to_pylist()):
        found[row["reason"]].append(
            Lost(row["conversation_key"], row["day"], row["agent"], row["at_stake"], words.get(place, ""))
        )
    return found
