"""二读关注点 reading again: a second reader looks at the buyers' sentences of which nobody could tell the topic.

The most frequent ones first. What it says is kept and counts from the next build on; a sentence that it was asked about
before is not asked again. Source: the inspection contract, §4.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from jinpai.computing import Progress, no_progress
from jinpai.errors import Words, WrongUse
from jinpai.inspection import inspected
from jinpai.text.classify import NONE
from jinpai.text.concerns import OWN_FOLDER, TOPIC
from jinpai.text.second_reader import second_reader
from jinpai.text.second_topics import digest, keep_second_topics
from jinpai.topics.asking import names_of

if TYPE_CHECKING:
    from jinpai.workspace import Workspace

_UNTOLD = """
select o.text, list(distinct o.buyer) as buyers, list(distinct o.agent) as agents, count(*) as n from original as o
left join topic as t on t.buyer_key = o.buyer_key and t.seq = o.seq
where o.sender = 'buyer' and length(o.text) >= 2 and t.seq is null
group by o.text order by n desc, o.text limit 50000
"""
FITS_NONE = "没有在问什么，或者都不合适"


@dataclass(frozen=True, slots=True)
class ReadAgain:
    """二读的结果 how many distinct sentences were looked at, what was said of some of them, and why others were left."""

    looked: int
    said: dict[str, str]
    left: Words | None


def read_again(workspace: Workspace, shop: str | None, most: int, progress: Progress = no_progress) -> ReadAgain:
    """二读关注点 asks about at most so many sentences; without a second reader it is WrongUse."""
    key = workspace.shop(shop)
    reader = second_reader(workspace, key)
    if reader is None:
        raise WrongUse(
            "这家店没有设二读。请先在 rules.toml 里写 [second_reader]，写法见 docs/review.md。",
            "This shop has no second reader. Set [second_reader] in rules.toml first, as docs/review.md says.",
        )
    with inspected(workspace, key, progress) as (engine, settings):
        left = [(one["text"], [*one["buyers"], *one["agents"]]) for one in engine.rows(_UNTOLD)]
        choices = {topic: zh for (kind, topic), zh in names_of(settings).items() if kind == TOPIC and topic != NONE}
    offered = choices | {NONE: FITS_NONE}
    new = (one for one in left if reader.is_new(one[0], offered, one[1]))
    asked = list(islice(new, most))
    answers = reader.read([text for text, _ in asked], offered, [names for _, names in asked])
    said = {text: answer for (text, _), answer in zip(asked, answers, strict=True) if answer not in (None, NONE)}
    if said:
        keep_second_topics(settings.folder / OWN_FOLDER, {digest(text): topic for text, topic in said.items()})
    return ReadAgain(len(asked), {text: choices[topic] for text, topic in said.items()}, reader.left)
