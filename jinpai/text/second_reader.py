"""二读 second reader: a model that is asked what a text means where the lexicon is not sure; off by default.

    reader = second_reader(workspace, shop)          # None: no second reader is set
    reader.read(texts, {"size": "尺寸", …})           # a choice or None for each text; asks what it does not know yet
    reader.is_new(text, choices)                      # whether it was never answered

Either an OpenAI-compatible endpoint or a model in a folder of this computer. Texts are made anonymous before they
leave. Every answer is kept under the digest of model, choices and anonymous text, so that nothing is asked twice. What cannot be asked (no answer in time, the limit
of calls or of yuan) stays without an answer, and `left` says why.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from jinpai.errors import JinpaiError, Words
from jinpai.text.anonymous import anonymous
from jinpai.workspace.disk import disk
from jinpai.workspace.second_reading import LOOPBACK

if TYPE_CHECKING:
    from jinpai.workspace import Workspace
    from jinpai.workspace.second_reading import SecondReading

KEY = "JINPAI_READER_KEY"
FOLDER, ANSWERS = "reader", "answers.jsonl"
VERSION = 1
"""Raised when the question is put in other words: old answers count no more."""
AT_ONCE = 10
"""Texts in one question."""
_LONGEST = 300
Names = Iterable[str | None]


def _masked(texts: Sequence[str], names: Sequence[Names]) -> list[str]:
    each: Sequence[Names] = names or [()] * len(texts)
    return [anonymous(text, known)[:_LONGEST] for text, known in zip(texts, each, strict=True)]


class Asked(Protocol):
    """问谁 whoever answers: `ask` gives a choice or None for each text, or None when nobody answered at all."""

    name: str

    def ask(self, texts: Sequence[str], choices: Mapping[str, str]) -> list[str | None] | None: ...

    @property
    def left(self) -> Words | None: ...


class SecondReader:
    """二读 one shop's second reader and what it has said so far."""

    def __init__(self, asked: Asked, folder: Path) -> None:
        self._asked, self._file = asked, folder / ANSWERS
        self._answers: dict[str, str | None] | None = None

    @property
    def left(self) -> Words | None:
        """剩下的 why texts stayed without an answer the last time; None when all were read."""
        return self._asked.left

    def is_new(self, text: str, choices: Mapping[str, str], names: Names = ()) -> bool:
        """没问过 whether a text was never answered; nobody is asked."""
        return self._key(_masked([text], [names])[0], choices) not in self._remembered()

    def read(
        self, texts: Sequence[str], choices: Mapping[str, str], names: Sequence[Names] = ()
    ) -> list[str | None]:  # fmt: skip
        """二读 a choice (a key of `choices`, whose values say what it means) for each text; None: it fits none, or was
        not answered. `names`, one entry a text, are nicks that may stand in it."""
        masked = _masked(texts, names)
        keys = [self._key(text, choices) for text in masked]
        if any(key not in self._remembered() for key in keys):
            with self._alone():
                self._ask(dict(zip(keys, masked, strict=True)), choices)
        return [self._remembered().get(key) for key in keys]

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One program asks at a time: two would ask the same things, and miscount what they spend."""
        from filelock import FileLock

        with disk(self._file):
            self._file.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(self._file.with_suffix(".lock")):
            self._answers = None  # what the other has learnt meanwhile
            yield

    def _ask(self, texts: Mapping[str, str], choices: Mapping[str, str]) -> None:
        known = self._remembered()
        waiting = [(key, text) for key, text in texts.items() if key not in known and text.strip()]
        for at in range(0, len(waiting), AT_ONCE):
            part = waiting[at : at + AT_ONCE]
            said = self._asked.ask([text for _, text in part], choices)
            if said is None:
                return
            self._remember({key: one for (key, _), one in zip(part, said, strict=True)})

    def _key(self, masked: str, choices: Mapping[str, str]) -> str:
        told = [VERSION, self._asked.name, sorted(choices.items()), masked]
        return blake2b(json.dumps(told, ensure_ascii=False).encode(), digest_size=16).hexdigest()

    def _remembered(self) -> dict[str, str | None]:
        if self._answers is None:
            self._answers = {}
            with disk(self._file):
                lines = self._file.read_text(encoding="utf-8").splitlines() if self._file.is_file() else []
            for line in lines:
                try:
                    one = json.loads(line)
                    # the first answer stands, so that two programs at once do not change what was built from one
                    self._answers.setdefault(one["of"], one["is"])
                except (ValueError, KeyError, TypeError):
                    continue  # the program was killed while it wrote the last line
        return self._answers

    def _remember(self, fresh: Mapping[str, str | None]) -> None:
        with disk(self._file):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._file.open("a", encoding="utf-8", newline="\n") as out:
                # a line torn by a crash must not swallow the next
                out.write("\n" + "".join(json.dumps({"of": key, "is": one}) + "\n" for key, one in fresh.items()))
                out.flush()
                os.fsync(out.fileno())
        for key, one in fresh.items():
            self._remembered().setdefault(key, one)


def second_reader(workspace: Workspace, shop: str) -> SecondReader | None:
    """二读 the second reader of a shop; None where none is set. A key that is missing or lies open is a JinpaiError."""
    setting = workspace.settings(shop).second_reader
    if setting is None:
        return None
    folder = workspace.root / FOLDER / shop
    return SecondReader(_asked(setting, folder), folder)


def _asked(setting: SecondReading, folder: Path) -> Asked:
    if setting.folder:
        from jinpai.text.second_local import LocalModel

        return LocalModel(Path(setting.folder).expanduser())
    from jinpai.text.second_endpoint import Endpoint

    return Endpoint(setting, _key_of(setting), folder, is_near=urlsplit(setting.url).hostname in LOOPBACK)


def _key_of(setting: SecondReading) -> str:
    """The key of the endpoint: from the environment, else from a file that only its owner can read; else none is sent."""
    if key := os.environ.get(KEY, "").strip():
        return _one_word(key, Words(f"环境变量 {KEY}", KEY))
    if not setting.key_file:
        return ""
    file = Path(setting.key_file).expanduser()
    with disk(file):
        mode, text = file.stat().st_mode, file.read_bytes().decode("utf-8-sig", "replace")
    if os.name != "nt" and mode & 0o077:
        raise JinpaiError(
            f"二读的密钥文件 {file} 别人也能读。请运行 chmod 600 {file}。",
            f"The second reader's key file {file} can be read by others. Run chmod 600 {file}.",
        )
    return _one_word(text.strip(), Words(str(file), str(file)))


def _one_word(key: str, place: Words) -> str:
    if not key or not key.isascii() or len(key.split()) != 1:
        raise JinpaiError(
            f"{place.zh} 里要只有一行密钥。", f"{place.en} should hold the key and nothing else, on one line."
        )
    return key
