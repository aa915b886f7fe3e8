"""二读的关注点 second topics: what a second reader said that a text asks, by the text's digest.

They lie in `config/<shop>/topics/second_read.tsv`, a digest and a topic a line. A build looks here and asks nobody, so
that the same files give the same facts. Digests, not words: what a buyer wrote stays where an erasure finds it.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path

from jinpai.errors import JinpaiError
from jinpai.workspace.disk import disk, write_whole

SECOND_READ = "second_read.tsv"
CONFIDENCE = 500
"""Thousandths that a second reader's word is given: it gives none itself."""


def digest(text: str) -> str:
    """指纹 32 hex digits of a text as facts hold it."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def read_second_topics(folder: Path) -> dict[str, str]:
    """读二读的关注点 digest -> topic, from a shop's folder of topics; a line that is none is a JinpaiError."""
    file = folder / SECOND_READ
    if not file.is_file():
        return {}
    found: dict[str, str] = {}
    with disk(file):
        lines = file.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        key, tab, topic = line.partition("\t")
        if not (tab and len(key) == 32 and topic):
            raise JinpaiError(
                f"{file} 第 {number} 行不是“指纹、制表符、关注点”：「{line[:40]}」。请删掉这一行，或删掉整个文件重新二读。",
                f"{file} line {number} is not a digest, a tab and a topic: '{line[:40]}'. Delete the line, or the file and read again.",
            )
        found[key] = topic
    return found


def keep_second_topics(folder: Path, said: Mapping[str, str]) -> None:
    """记二读的关注点 adds digests and their topics to those of before, the whole file at once."""
    told = read_second_topics(folder) | dict(said)
    with disk(folder):
        folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / SECOND_READ, "".join(f"{key}\t{topic}\n" for key, topic in sorted(told.items())).encode())
