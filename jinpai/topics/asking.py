"""关注点的名称 asking: the names of topics as a shop has them, and quotes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinpai.catalogue import suggestion
from jinpai.errors import WrongUse
from jinpai.text.concerns import OBJECTION, TOPIC, shop_reader
from jinpai.topics.phrases import titles

if TYPE_CHECKING:
    from jinpai.workspace import Settings


def names_of(settings: Settings) -> dict[tuple[str, str], str]:
    """名称 the Chinese name by kind and topic: the model's, then those of the shop's own lexicon."""
    reader = shop_reader(settings.folder)
    shipped = titles()
    found = {(kind, one): zh for kind in (TOPIC, OBJECTION) for one, zh in shipped[kind].items()}
    found |= {(TOPIC, one): zh for one, zh in zip(reader.topics.classes, reader.topics.titles, strict=True)}
    for signal in reader.lexicon.signals:
        if signal.kind in (TOPIC, OBJECTION):
            found.setdefault((signal.kind, signal.group), signal.zh)
    return found


def known_topic(settings: Settings, said: str) -> str:
    """哪个关注点 a topic by its name or its Chinese one; an unknown one is WrongUse."""
    names = {topic: zh for (kind, topic), zh in names_of(settings).items() if kind == TOPIC}
    if said in names:
        return said
    by_zh = {zh: topic for topic, zh in names.items()}
    if said not in by_zh:
        hint = suggestion(said, (*names, *by_zh))
        raise WrongUse(f"没有叫「{said}」的关注点。{hint.zh}", f"No topic is named '{said}'. {hint.en}")
    return by_zh[said]
