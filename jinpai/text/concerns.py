"""关注点 concerns: what a buyer's text asks about and objects to, by the lexicon and by a linear model.

Each distinct text is read once. The model sees the lexicon's signals too and mostly follows them; where the lexicon is
silent it speaks only if it is sure enough. What ships was trained on phrases that this project wrote; a shop that
taught its own topics has a model of its own. Nothing here needs a network. Source: the inspection contract, §4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from jinpai.text import meaning
from jinpai.text.classify import NONE, WHOLE, Ints, Model, Sparse, flagged, read_model
from jinpai.text.matching import matcher
from jinpai.text.second_topics import CONFIDENCE, SECOND_READ, digest, read_second_topics
from jinpai.text.signals import Lexicon, shop_lexicon

if TYPE_CHECKING:
    import pyarrow as pa

TOPIC, OBJECTION, COURTESY = "topic", "objection", "courtesy"
KINDS = (TOPIC, OBJECTION, COURTESY)
SURE = {TOPIC: 350, OBJECTION: 600}
SECOND = 150
FAINTEST = {TOPIC: 0, OBJECTION: 100}
"""Thousandths: from where the model alone is believed; a further one of the lexicon beside the first; and what the
lexicon alone sees, for many a plain question has the words of a worry."""
SHIPPED = {TOPIC: "topics_zh.npz", OBJECTION: "objections_zh.npz"}
OWN_FOLDER = "topics"
OWN_MODEL = "taught.npz"


@dataclass(frozen=True, slots=True)
class Concerns:
    """读出的关注点 what texts are about, one entry each, in the order of texts: text, place in `names`, thousandths."""

    text: Ints
    name: Ints
    confidence: Ints


@dataclass(frozen=True)
class Groups:
    """词库分组 which topic, objection or courtesy each signal of a lexicon speaks for."""

    names: tuple[str, ...]
    of_signal: dict[str, int]

    @classmethod
    def of(cls, lexicon: Lexicon) -> Groups:
        """词库分组 of a lexicon; other kinds of signals speak for none."""
        told = {one.id: f"{one.kind}/{one.group}" for one in lexicon.signals if one.kind in KINDS}
        names = tuple(sorted(set(told.values())))
        return cls(names, {signal: names.index(name) for signal, name in told.items()})


def found_groups(lexicon: Lexicon, texts: pa.Array) -> tuple[Ints, Ints]:
    """词库看到的 text and group of what the lexicon sees in buyers' texts, in the order of `Groups.of`."""
    import pyarrow as pa

    groups = Groups.of(lexicon)
    found = matcher(lexicon).match(texts, pa.array(["buyer"] * len(texts), pa.string()))
    rows, names = found["text"].to_numpy(), found["signal"].to_pylist()
    place = np.array([groups.of_signal.get(name, -1) for name in names], np.int64)
    stays = place >= 0
    return rows[stays], place[stays]


class Reader:
    """读关注点 finds topics and objections of buyers' texts; workers of a cluster make their own.

    `second` is what a second reader said of texts that say nothing to lexicon and model: digest -> topic.
    """

    def __init__(
        self, lexicon: Lexicon, topics: Model, objections: Model, shipped: Model, second: Mapping[str, str]
    ) -> None:
        self.lexicon, self.topics, self.objections, self.shipped = lexicon, topics, objections, shipped
        self.second = second
        self.groups = Groups.of(lexicon)
        names = [f"{TOPIC}/{one}" for one in topics.classes if one != NONE]
        names += [f"{OBJECTION}/{one}" for one in objections.classes if one != NONE]
        self.names = tuple(dict.fromkeys([*names, *self.groups.names, f"{COURTESY}/{COURTESY}"]))
        self._place = {name: place for place, name in enumerate(self.names)}

    def __reduce__(self) -> tuple[object, ...]:
        return Reader, (self.lexicon, self.topics, self.objections, self.shipped, self.second)

    def read(self, texts: pa.Array) -> Concerns:
        """读关注点 of distinct texts."""
        row, group = found_groups(self.lexicon, texts)
        hit = np.zeros((len(texts), len(self.groups.names)), bool)
        hit[row, group] = True
        parts = [
            self._topics(texts, hit),
            self._of_kind(OBJECTION, self.objections, self._thousandths(self.objections, texts, hit), hit),
        ]
        told = np.zeros(len(texts), bool)
        told[parts[0][0]] = True
        told[parts[1][0]] = True
        is_courtesy = hit[:, [name.startswith(f"{COURTESY}/") for name in self.groups.names]].any(axis=1)
        polite = np.flatnonzero(is_courtesy & ~told)
        parts.append((polite, np.full(len(polite), self._place[f"{COURTESY}/{COURTESY}"]), np.full(len(polite), WHOLE)))
        parts.append(self._second_read(texts, np.flatnonzero(~is_courtesy & ~told)))
        text, name, confidence = (np.concatenate(column) for column in zip(*parts, strict=True))
        order = np.lexsort((name, text))
        return Concerns(text[order], name[order], confidence[order])

    def topics_of(self, texts: pa.Array) -> Ints:
        """关注点概率 the thousandths of every class of the topic model."""
        row, group = found_groups(self.lexicon, texts)
        hit = np.zeros((len(texts), len(self.groups.names)), bool)
        hit[row, group] = True
        return self._thousandths(self.topics, texts, hit)

    def _thousandths(self, model: Model, texts: pa.Array, hit: Any) -> Ints:
        flags = self._flags(model, hit)
        beneath = self.shipped.thousandths(texts, self._flags(self.shipped, hit)) if len(model.beneath) else None
        vectors = meaning.vectors(texts.to_pylist()) if len(model.meaning) else None
        return model.thousandths(texts, flags, beneath, vectors)

    def _flags(self, model: Model, hit: Any) -> Sparse:
        known = {name: place for place, name in enumerate(model.groups)}
        column = np.array([known.get(name, -1) for name in self.groups.names], np.int64)
        row, group = np.nonzero(hit)
        stays = column[group] >= 0
        return flagged(row[stays], column[group[stays]], len(hit))

    def _second_read(self, texts: pa.Array, silent: Ints) -> tuple[Ints, Ints, Ints]:
        """What a second reader said of texts that nobody else could tell; a topic that is gone since says nothing."""
        rows = silent if self.second else silent[:0]
        said = [self.second.get(digest(texts[int(at)].as_py()), "") for at in rows]
        place = np.array([self._place.get(f"{TOPIC}/{one}", -1) for one in said], np.int64)
        rows, place = rows[place >= 0], place[place >= 0]
        return rows, place, np.full(len(rows), CONFIDENCE)

    def _topics(self, texts: pa.Array, hit: Any) -> tuple[Ints, Ints, Ints]:
        return self._of_kind(TOPIC, self.topics, self._thousandths(self.topics, texts, hit), hit)

    def _of_kind(self, kind: str, model: Model, share: Ints, hit: Any) -> tuple[Ints, Ints, Ints]:
        """The classes of one kind that stand: text, place of the name, thousandths."""
        names = [f"{kind}/{one}" for one in model.classes]
        seen = np.zeros(share.shape, bool)
        own = []
        for group, name in enumerate(self.groups.names):
            if name in names:
                seen[:, names.index(name)] = hit[:, group]
            elif name.startswith(f"{kind}/"):
                own.append((np.flatnonzero(hit[:, group]), self._place[name]))
        stands = _standing(share, seen, [one == NONE for one in model.classes], SURE[kind], FAINTEST[kind])
        text, column = np.nonzero(stands)
        place = np.array([self._place.get(name, 0) for name in names], np.int64)
        found = [(text, place[column], share[text, column])]
        # a topic of the shop's own lexicon that no model knows
        found += [(rows, np.full(len(rows), at), np.full(len(rows), WHOLE)) for rows, at in own]
        texts, places, shares = (np.concatenate(part) for part in zip(*found, strict=True))
        return texts, places, shares


def _standing(share: Ints, seen: Any, is_none: list[bool], sure: int, faintest: int) -> Any:
    """Which classes stand: the best if it is sure or the lexicon saw it, else the best that the lexicon saw; and others
    that the lexicon saw and the model does not rule out."""
    asks = np.where(is_none, -1, share)
    best = asks.argmax(axis=1)
    rows = np.arange(len(share))
    seen = seen & (share >= faintest)
    seen_best = np.where(seen, asks, -1).argmax(axis=1)
    is_believed = (asks[rows, best] >= sure) | seen[rows, best]
    stands = seen & (asks >= SECOND)
    stands[rows[is_believed], best[is_believed]] = True
    only_seen = ~is_believed & seen.any(axis=1)
    stands[rows[only_seen], seen_best[only_seen]] = True
    return stands & ~np.array(is_none, bool)


@cache
def shipped_model(kind: str) -> Model:
    """自带的模型 of topics or of objections."""
    file = files("jinpai.text") / "models" / SHIPPED[kind]
    return read_model(file.read_bytes(), str(file))


def own_model(settings_folder: Path) -> Path:
    """自己的模型 where a shop's taught topics lie."""
    return settings_folder / OWN_FOLDER / OWN_MODEL


def shop_reader(settings_folder: Path) -> Reader:
    """店铺的关注点 the reader by a shop's lexicon and, if it taught one, its own model."""
    taught = own_model(settings_folder)
    shipped = shipped_model(TOPIC)
    topics = read_model(taught.read_bytes(), taught) if taught.is_file() else shipped
    second = read_second_topics(settings_folder / OWN_FOLDER)
    return Reader(shop_lexicon(settings_folder), topics, shipped_model(OBJECTION), shipped, second)


def concerns_mark(settings_folder: Path) -> str:
    """关注点指纹 32 hex digits that change when a model does by which the shop's topics are found."""
    told = blake2b(digest_size=16)
    for name in SHIPPED.values():
        told.update((files("jinpai.text") / "models" / name).read_bytes())
    for own in (own_model(settings_folder), settings_folder / OWN_FOLDER / SECOND_READ):
        if own.is_file():
            told.update(own.name.encode() + own.read_bytes())
    return told.hexdigest()
