"""信号 signals: what a message does, written in files that a shop manager can read and edit, one file a theme.

A file `lexicons/<language>/<theme>.toml` holds one `[signal]` after the other; docs/lexicons.md shows every key. A shop's
own folder adds signals, or adds to those that ship: its lists are added, `without` takes phrases or expressions away,
`off = true` switches a signal off, the other keys count instead. `_lists.toml` holds the lists that expressions name.

A guard (`unless`) cancels every hit of its signal with which it shares a clause, the stretch between ，。！？；～, blanks
and line breaks. Everything is checked on reading; a mistake is a JinpaiError with file, signal, key, value and remedy.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from jinpai.catalogue import suggestion
from jinpai.errors import JinpaiError, Words, WrongUse
from jinpai.text.expressions import CLAUSE_ENDS, Expression, NotAnExpression, phrase, read_expression
from jinpai.workspace.documents import read_toml

if TYPE_CHECKING:
    import pyarrow as pa

ROLES = ("buyer", "agent", "any")
KINDS = ("signal", "topic", "objection", "courtesy")
CLAUSE_MARKS = CLAUSE_ENDS + "\n"
"""分句的标点 what ends a clause, in normal form."""
_LISTS = ("phrases", "expressions", "unless", "matches", "does_not_match")
_WORDS = ("zh", "role", "kind", "group")
_OWN = ("without", "off")
_QUOTING = Words('文字要加半角引号，一串文字写成 ["甲", "乙"]；有反斜杠的用单引号',
                 'texts need quotes, a list is ["a", "b"]; with a backslash use single quotes')  # fmt: skip
_ID = re.compile(r"[a-z][a-z0-9_]*")
_LISTS_FILE = "_lists.toml"


@dataclass(frozen=True, slots=True)
class Signal:
    """信号 one signal as written: who can emit it, what it looks like, what cancels it, and its examples.

    `group` joins signals to one topic or one kind of objection; it is the id where nothing is written.
    """

    id: str
    zh: str
    role: str
    kind: str
    group: str
    theme: str
    phrases: tuple[str, ...]
    expressions: tuple[str, ...]
    unless: tuple[str, ...]
    matches: tuple[str, ...]
    does_not_match: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """一条写法 one thing to look for: the signal whose it is, and whether it cancels the signal's hits."""

    signal: int
    is_guard: bool
    expression: Expression


@dataclass(frozen=True)
class Lexicon:
    """词库 all signals by id, in order, and the lists that their expressions name. Not slotted for what is kept."""

    signals: tuple[Signal, ...]
    lists: tuple[tuple[str, tuple[str, ...]], ...]

    @cached_property
    def places(self) -> dict[str, int]:
        """序号 the place of each signal by id."""
        return {one.id: place for place, one in enumerate(self.signals)}

    def __getitem__(self, signal: str) -> Signal:
        if signal not in self.places:
            hint = suggestion(signal, self.places)
            raise WrongUse(f"没有叫「{signal}」的信号。{hint.zh}", f"No signal is named '{signal}'. {hint.en}")
        return self.signals[self.places[signal]]

    @cached_property
    def patterns(self) -> tuple[Pattern, ...]:
        """全部写法 every phrase, expression and guard, without repetitions."""
        lists = dict(self.lists)
        found: dict[tuple[int, bool, str], Pattern] = {}
        for place, signal in enumerate(self.signals):
            expressions = [(False, phrase(one)) for one in signal.phrases]
            expressions += [(False, read_expression(one, lists)) for one in signal.expressions]
            expressions += [(True, read_expression(one, lists, is_guard=True)) for one in signal.unless]
            for is_guard, expression in expressions:
                found.setdefault((place, is_guard, expression.pattern), Pattern(place, is_guard, expression))
        return tuple(found.values())

    @cached_property
    def digest(self) -> str:
        """指纹 32 hex digits that change when anything changes that decides what is found."""
        told = [(one.id, one.role, one.kind, one.group) for one in self.signals]
        looked = [(one.signal, one.is_guard, one.expression.pattern) for one in self.patterns]
        text = json.dumps([told, looked], ensure_ascii=False)
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def signal_table(lexicon: Lexicon) -> pa.Table:
    """信号表 a row a signal: `signal`, `zh`, `role`, `kind`, `group`, `theme`, to join matches with."""
    import pyarrow as pa

    names = {"signal": "id", "zh": "zh", "role": "role", "kind": "kind", "group": "group", "theme": "theme"}
    columns = {name: [getattr(one, key) for one in lexicon.signals] for name, key in names.items()}
    return pa.table(columns, schema=pa.schema([pa.field(name, pa.string(), nullable=False) for name in names]))


def read_lexicon(*folders: Path, language: str = "zh") -> Lexicon:
    """读词库 the signals of a language that ship, then those of `folders` in their order; a missing folder adds none."""
    there = [folder for folder in folders if folder.is_dir()]
    return _read(language, tuple((folder, _contents(folder)) for folder in there))


def _contents(folder: Path) -> tuple[tuple[str, bytes], ...]:
    """What the files of a shop say; one that cannot be read is told when it is read as signals."""
    told = []
    for file in sorted(folder.glob("*.toml")):
        with suppress(OSError):
            told.append((file.name, file.read_bytes()))
    return tuple(told)


@lru_cache(maxsize=4)
def _read(language: str, own: tuple[tuple[Path, tuple[tuple[str, bytes], ...]], ...]) -> Lexicon:
    """The lexicon, read once for the same files: half a second for what ships, and a build asks several times."""
    shipped = files("jinpai.text") / "lexicons" / language
    if not shipped.is_dir():
        raise WrongUse(f"没有 {language} 的词库。", f"There is no lexicon of language {language}.")
    reading = _Reading()
    reading.add(shipped)
    for folder, _ in own:
        reading.add(folder, is_own=True)
    return reading.lexicon()


OWN_FOLDER = "lexicons"
"""词库文件夹 where a shop keeps its own signals, inside its settings."""
COUNTER_EXAMPLES = "反例.toml"
"""反例 the file of a shop that holds sentences only, no words to look for: what is found does not hang on it."""


def shop_lexicon(settings_folder: Path) -> Lexicon:
    """店铺的词库 the signals that ship with those of the shop whose settings lie in `settings_folder`."""
    return read_lexicon(settings_folder / OWN_FOLDER)


def lexicon_mark(settings_folder: Path) -> str:
    """词库指纹 32 hex digits of the files that `shop_lexicon` reads, without reading them as signals."""
    told = hashlib.blake2b(digest_size=16)
    own = settings_folder / OWN_FOLDER
    for folder in (files("jinpai.text") / "lexicons" / "zh", *([own] if own.is_dir() else [])):
        for file in sorted(folder.iterdir(), key=lambda one: one.name):
            # sentences are tests: one more of them is no reason to read every chat again
            if file.name.endswith(".toml") and not (
                folder == own and file.name == COUNTER_EXAMPLES and _sentences_only(file)
            ):
                content = file.read_bytes()
                told.update(f"{file.name} {len(content)} ".encode() + content)
    return told.hexdigest()


def _sentences_only(file: Traversable | Path) -> bool:
    """Whether a file of counter-examples is as the program wrote it."""
    document = read_toml(file, _QUOTING)
    return all(isinstance(keys, dict) and set(keys) <= {"does_not_match"} for keys in document.values())


class _Reading:
    """Signals taken together file by file; each key remembers the file in which it stands."""

    def __init__(self) -> None:
        self.signals: dict[str, dict[str, object]] = {}
        self.lists: dict[str, tuple[str, ...]] = {}

    def add(self, folder: Traversable | Path, *, is_own: bool = False) -> None:
        """All files of a folder."""
        for file in sorted(folder.iterdir(), key=lambda one: one.name):
            if not file.name.endswith(".toml"):
                continue
            document = read_toml(file, _QUOTING)
            if file.name == _LISTS_FILE:
                self.add_lists(str(file), document)
                continue
            before = set(self.signals)
            for id_, keys in document.items():
                if id_ == "theme" and isinstance(keys, str):
                    continue
                place = _Place(str(file), id_)
                if not isinstance(keys, dict):
                    place.refuse("", keys, "一个信号要写成一段 [名字]", "a signal is a table [name]")
                if not is_own and id_ in before:
                    place.refuse(
                        "", None, "这个名字别的文件已经用了，请换一个", "another file has this name; choose another"
                    )
                self.add_signal(place, keys, str(document.get("theme", file.name.removesuffix(".toml"))), is_own=is_own)

    def add_lists(self, file: str, document: Mapping[str, object]) -> None:
        """Lists of words; those of a later file are added to."""
        for name, words in document.items():
            given = _Place(file, name).texts("", words)
            self.lists[name] = tuple(dict.fromkeys((*self.lists.get(name, ()), *given)))

    def add_signal(self, place: _Place, keys: dict[str, object], theme: str, *, is_own: bool) -> None:
        """One signal, or what a shop adds to one."""
        known = self.signals.get(place.signal)
        allowed = (*_WORDS, *_LISTS, *(_OWN if is_own else ()))
        for key in keys:
            if key not in allowed:
                hint = suggestion(key, allowed)
                place.refuse(
                    key, None, f"没有这一项。{hint.zh}".rstrip("。"), f"there is no such key. {hint.en}".rstrip(".")
                )
        if not _ID.fullmatch(place.signal):
            place.refuse("", None, "名字只能用小写字母、数字和下划线", "a name has small letters, digits and _ only")
        made: dict[str, object] = (
            dict(known) if known else {"id": place.signal, "theme": theme, "group": place.signal, "kind": "signal"}
        )
        made |= {key: place.text(key, keys[key]) for key in _WORDS if key in keys}
        taken = place.without(keys, known)
        for key in _LISTS:
            given = place.texts(key, keys.get(key, []))
            there: tuple[str, ...] = made.get(key, ())  # type: ignore[assignment]  # lists are checked on reading
            made[key] = tuple(dict.fromkeys(one for one in (*there, *given) if one not in taken))
        self.signals[place.signal] = made
        place.complete(made, self.lists)
        if keys.get("off") is True:
            del self.signals[place.signal]

    def lexicon(self) -> Lexicon:
        """Everything read."""
        signals = tuple(Signal(**made) for _, made in sorted(self.signals.items()))  # type: ignore[arg-type]
        return Lexicon(signals, tuple(sorted(self.lists.items())))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where something is written, for the sentence about it."""

    file: str
    signal: str

    def refuse(self, key: str, value: object, zh: str, en: str) -> NoReturn:
        """Raises the sentence for a key whose value cannot be."""
        which = f"的 {key}" if key else ""
        stands = "" if value is None else f" = {value!r}"
        raise JinpaiError(
            f"词库 {self.file}：[{self.signal}] {which}{stands} 不行：{zh}。".replace("]  ", "] "),
            f"The lexicon {self.file}: [{self.signal}] {key}{stands} cannot be: {en}.".replace("]  ", "] "),
        )

    def text(self, key: str, value: object) -> str:
        """A text, one of a few where only those count."""
        choices = {"role": ROLES, "kind": KINDS}.get(key)
        if not isinstance(value, str) or not value.strip():
            self.refuse(key, value, "要写带引号的文字", "a text in quotes is wanted")
        if choices and value not in choices:
            self.refuse(key, value, f"只能是 {'、'.join(choices)} 之一", f"one of {', '.join(choices)} is wanted")
        return value

    def texts(self, key: str, value: object) -> tuple[str, ...]:
        """A list of texts."""
        if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
            self.refuse(key, value, '要写成一串文字，如 ["甲", "乙"]', 'a list of texts is wanted, like ["a", "b"]')
        return tuple(value)

    def without(self, keys: Mapping[str, object], known: Mapping[str, object] | None) -> tuple[str, ...]:
        """What a shop takes away, all of which must be there."""
        taken = self.texts("without", keys.get("without", []))
        there = {one for key in _LISTS for one in (known or {}).get(key, ())}  # type: ignore[attr-defined]
        for one in taken:
            if one not in there:
                hint = suggestion(one, sorted(there)[:400])
                self.refuse(
                    "without",
                    one,
                    f"这个信号没有这一条。{hint.zh}".rstrip("。"),
                    f"the signal has no such entry. {hint.en}".rstrip("."),
                )
        if keys.get("off", False) not in (True, False):
            self.refuse("off", keys["off"], "只能写 true 或 false", "true or false is wanted")
        return taken

    def complete(self, made: Mapping[str, object], lists: Mapping[str, tuple[str, ...]]) -> None:
        """A signal has a name, a role and something to look for, all of which can be read."""
        for key, zh, en in (
            ("zh", "请写中文名", "write its Chinese name"),
            ("role", f"请写谁说的：{'、'.join(ROLES)}", f"write whose it is: {', '.join(ROLES)}"),
        ):
            if key not in made:
                self.refuse(key, None, f"没有写，{zh}", f"it is missing; {en}")
        if not made["phrases"] and not made["expressions"]:
            self.refuse(
                "phrases", None, "phrases 和 expressions 至少写一条", "write at least one of phrases or expressions"
            )
        for key in ("phrases", "expressions", "unless"):
            for one in made[key]:  # type: ignore[attr-defined]
                self.readable(key, one, lists)

    def readable(self, key: str, text: str, lists: Mapping[str, tuple[str, ...]]) -> None:
        """A phrase or an expression that will do."""
        try:
            phrase(text) if key == "phrases" else read_expression(text, lists)
        except NotAnExpression as error:
            self.refuse(key, text, error.words.zh.rstrip("。"), error.words.en.rstrip("."))


def examples(lexicon: Lexicon) -> Iterable[tuple[Signal, str, bool]]:
    """例句 every example sentence of every signal, and whether the signal must be found in it."""
    for signal in lexicon.signals:
        yield from ((signal, text, True) for text in signal.matches)
        yield from ((signal, text, False) for text in signal.does_not_match)
