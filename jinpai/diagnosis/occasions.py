"""异常行为的依据 occasions: the conversations behind what `watch` found, each with the words that show it.

Of whoever stands out the latest; where nobody does, a few of anybody's, which show what the pattern is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinpai.diagnosis.gaming import PATTERNS
from jinpai.errors import Words
from jinpai.inspection import quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from jinpai.engine import Engine

MOST, EXAMPLES = 20, 5
"""So many are shown of each agent who stands out, and where nobody does."""
_LATEST = """
select * from (
    select '{name}' as pattern, w.agent, w.buyer_key, w.conversation_key, w.at, w.seq, w.begins, w.ends, w.measured,
        row_number() over ({part} order by w.at desc, w.conversation_key, w.seq) as place
    from watch_{name} as w {whose}
    where w.is_hit and {of}
) as latest where latest.place <= {most}
"""
_OUT = "inner join stands_out as s on s.pattern = '{name}' and s.agent = w.agent"
# the buyers are named, so that only their part of the facts is read
_EVIDENCE = """
select h.pattern, h.agent, h.buyer_key, h.conversation_key, h.at, h.seq, h.begins, h.ends, h.measured, o.text
from watch_hit as h
left join (select buyer_key, seq, text from original where buyer_key in ({buyers})) as o on o.buyer_key = h.buyer_key and o.seq = h.seq
order by h.at desc, h.conversation_key, h.seq, h.pattern
"""


def watched(
    engine: Engine, wanted: Mapping[str, Collection[str]], most: int = MOST, examples: int = EXAMPLES
) -> dict[str, list[dict[str, Any]]]:
    """依据 of patterns after `watch`, by name, the latest first: of the agents named with it, else of anybody.

    A row: agent, conversation_key, at, seq, begins, ends, the words of the message, and what was seen.
    """
    import pyarrow as pa

    chosen = [one for one in PATTERNS if one.name in wanted]
    found: dict[str, list[dict[str, Any]]] = {one.name: [] for one in chosen}
    out = [(one.name, agent) for one in chosen for agent in wanted[one.name]]
    columns = [pa.array([pair[at] for pair in out], pa.string()) for at in (0, 1)]
    engine.take("stands_out", pa.table(columns, names=["pattern", "agent"]))
    parts = [
        _LATEST.format(
            name=one.name, of="not w.is_base" if one.against == "own" else "true", most=int(most if wanted[one.name] else examples),
            part="partition by w.agent" if wanted[one.name] else "", whose=_OUT.format(name=one.name) if wanted[one.name] else "",
        )
        for one in chosen
    ]  # fmt: skip
    if not parts:
        return found
    engine.make("watch_hit", " union all ".join(parts))
    buyers = {int(row["buyer_key"]) for row in engine.rows("select distinct buyer_key from watch_hit")}
    seen = {one.name: one.seen for one in chosen}
    for row in engine.rows(_EVIDENCE.format(buyers=", ".join(map(str, sorted(buyers))) or "null")):
        name, measured, text = (row.pop(key) for key in ("pattern", "measured", "text"))
        words = Words(*(words.replace("{n}", str(measured)) for words in seen[name]))
        found[name].append(row | {"seen": words, "text": quoted(text or "")})
    return found
