"""名录 catalogue: a folder of named things; the file is the registration, there is no list to edit."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Generic, Protocol, TypeVar

from jinpai.errors import Words, WrongUse


class Named(Protocol):
    """有名字的东西 anything a catalogue can hold: its name is what people write."""

    @property
    def name(self) -> str: ...


T = TypeVar("T", bound=Named)


def nearest(name: str, names: Iterable[str]) -> str | None:
    """最像的名字 the known name most like `name`, or None; letter case and `-` for `_` do not matter."""
    folded = {known.casefold().replace("-", "_"): known for known in names}
    found = difflib.get_close_matches(name.strip().casefold().replace("-", "_"), folded, n=1, cutoff=0.6)
    return folded[found[0]] if found else None


def suggestion(name: str, names: Iterable[str]) -> Words:
    """你是不是要写 the remedy for an unknown name: the nearest known one, else every known one."""
    known = list(names)
    best = nearest(name, known)
    if best is not None:
        return Words(f"是不是要写 {best}？", f"Did you mean {best}?")
    if not known:
        return Words("目前一个都没有。", "There is none yet.")
    return Words(f"可以写：{'、'.join(known)}。", f"Known: {', '.join(known)}.")


class Catalogue(Generic[T]):
    """名录 every thing named `attribute` in the modules of `package`, and in entry points of the same group.

    A module's attribute is one thing or a tuple of them; a module without it, or whose name begins
    with `_`, adds nothing. Modules are imported at the first look. Two things of one name are a
    mistake in the program (RuntimeError); asking for an unknown name is WrongUse with a suggestion.
    """

    def __init__(self, package: str, attribute: str, noun: Words) -> None:
        self.package = package
        self.attribute = attribute
        self.noun = noun

    @cached_property
    def things(self) -> dict[str, T]:
        """全部 name -> thing, sorted by name."""
        found: dict[str, T] = {}
        for thing in [*self._own(), *self._third_party()]:
            if thing.name in found:
                raise RuntimeError(f"two things in {self.package} are named {thing.name!r}; rename one of them")
            found[thing.name] = thing
        return dict(sorted(found.items()))

    def _own(self) -> Iterator[T]:
        package = importlib.import_module(self.package)
        for module in pkgutil.iter_modules(package.__path__):
            if not module.name.startswith("_"):
                yield from self._of(importlib.import_module(f"{self.package}.{module.name}"))

    def _third_party(self) -> Iterator[T]:
        from importlib.metadata import entry_points  # costs more to import than the rest of the program's help

        for point in entry_points(group=self.package):
            loaded = point.load()
            yield from self._of(loaded) if hasattr(loaded, self.attribute) else (loaded,)

    def _of(self, module: object) -> Iterator[T]:
        found = getattr(module, self.attribute, ())
        yield from found if isinstance(found, (tuple, list)) else (found,)

    def get(self, name: str) -> T:
        """按名字取 the thing named `name`; an unknown name is WrongUse and says the nearest."""
        if name in self.things:
            return self.things[name]
        hint = suggestion(name, self.things)
        raise WrongUse(
            f"没有叫「{name}」的{self.noun.zh}。{hint.zh}", f"No {self.noun.en} is named '{name}'. {hint.en}"
        )

    def __iter__(self) -> Iterator[T]:
        return iter(self.things.values())

    def __len__(self) -> int:
        return len(self.things)

    def __contains__(self, name: object) -> bool:
        return name in self.things
