"""备好关注点 asking: a shop's facts with the topics of its buyers, brought up to date, and the days and names asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from jinpai import flow
from jinpai.catalogue import suggestion
from jinpai.computing import Progress, no_progress
from jinpai.errors import JinpaiError, WrongUse
from jinpai.period import Days, parse_day
from jinpai.sourcing import stale
from jinpai.text.concerns import OBJECTION, TOPIC, shop_reader
from jinpai.topics.phrases import titles

if TYPE_CHECKING:
    from jinpai.engine import Engine
    from jinpai.workspace import Settings, Workspace

FIRST, LAST = 0, 99_991_231
QUOTE = 60
"""So many characters of a buyer's words are quoted."""


@contextmanager
def with_topics(workspace: Workspace, shop: str, progress: Progress = no_progress) -> Iterator[tuple[Engine, Settings]]:
    """备好关注点 the engine over the facts of a shop that inspects its chats; otherwise a JinpaiError."""
    settings = workspace.settings(shop)
    if not settings.inspection:
        raise JinpaiError(
            "这家店还没有打开聊天质检，所以还没有读过买家在问什么。请先运行 jinpai inspect --on。",
            "Inspection is not on for this shop, so nobody has read what its buyers ask. Run jinpai inspect --on first.",
        )
    if shop in stale(workspace):
        flow.build(workspace, progress)
    with flow.opened(workspace, shop) as engine:
        if not engine.has("topic"):
            raise JinpaiError(
                "还没有聊天可以读。请先用 jinpai import 导入聊天记录。",
                "There are no chats to read. Import some with jinpai import first.",
            )
        yield engine, settings


def days_of(start: str | None, end: str | None) -> tuple[int, int]:
    """哪些天 first and last day, both included; what is no day is WrongUse."""
    try:
        first, last = (None if one is None else parse_day(one) for one in (start, end))
        if first is not None and last is not None:
            Days.between(first, last)
    except JinpaiError as error:
        raise WrongUse(*error.words) from None
    return first or FIRST, last or LAST


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


def quoted(text: str) -> str:
    """引文 a buyer's words on one line, cut where they are long; private data in them are tokens already."""
    line = " ".join(text.split())
    return line if len(line) <= QUOTE else f"{line[:QUOTE]}…"
