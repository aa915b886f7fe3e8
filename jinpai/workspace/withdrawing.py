"""撤回 withdrawing: taking back what was imported by mistake, as if it had never been imported.

What is withdrawn is named in raw/<withdrawal>/withdrawn.json, which one rename makes visible: from that instant the files
named do not count. They are removed after it, and the list with them; killed in between, the next writer removes them.
A file withdrawn can be imported again: it then lies in another import's folder.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from jinpai.catalogue import nearest
from jinpai.errors import JinpaiError, WrongUse
from jinpai.workspace.disk import disk, write_whole

if TYPE_CHECKING:
    from jinpai.workspace.raw import RawFile
    from jinpai.workspace.workspace import Workspace

_FILE = "withdrawn.json"
_MOST_COMPARED = 10_000


@dataclass(frozen=True, slots=True)
class Import:
    """一次导入 the files that one `jinpai import` brought in and that are still there; `at` ms UTC."""

    id: str
    at: int
    files: tuple[RawFile, ...]


def imports(workspace: Workspace) -> list[Import]:
    """导入记录 every import of which something is there, the oldest first."""
    found: dict[str, list[RawFile]] = {}
    begun: dict[str, int] = {}
    for one in workspace.stored():
        # what lies in one sealed file came with one import
        id, first = one.files()[0].came_with, int(one.index.numbers("imported_at").min())
        found.setdefault(id, []).extend(one.files())
        begun[id] = min(begun.get(id, first), first)
    made = [Import(id, begun[id], tuple(sorted(files, key=_place))) for id, files in found.items()]
    return sorted(made, key=lambda one: (one.at, one.id))


def _place(raw: RawFile) -> tuple[str, str]:
    return raw.name, raw.shop


def chosen(workspace: Workspace, word: str, shop: str | None = None) -> Import:
    """要撤回的 what `word` names: an import's id, a file's name as it was imported, or the path of a file of the same
    bytes; of a file only that file. `shop` narrows a file to one shop. None, or more than one, is a sentence."""
    key = None if shop is None else workspace.shop(shop)
    every = imports(workspace)
    found = [one for one in every if one.id == word] or _of_file(every, word)
    found = [part for one in found if (part := _of_shop(one, key)).files]
    if not found:
        raise _nothing(every, word)
    if len(found) > 1:
        told = "、".join(f"{one.id}（{one.files[0].header.file}，{one.files[0].shop}）" for one in found)
        told_en = ", ".join(f"{one.id} ({one.files[0].header.file}, {one.files[0].shop})" for one in found)
        raise WrongUse(
            f"「{word}」导入过 {len(found)} 次：{told}。请写导入编号、写出文件的完整路径，或加 --shop。",
            f"'{word}' was imported {len(found)} times: {told_en}. Write the import's id, the file's whole path, or add --shop.",
        )
    return found[0]


def _of_file(every: Sequence[Import], word: str) -> list[Import]:
    """The files that `word` names, one entry for each import and content: by content where there is such a file."""
    path = Path(word)
    digest = _digest(path) if path.is_file() else None
    name = unicodedata.normalize("NFC", path.name)
    same = [(one, raw) for one in every for raw in one.files if raw.digest == digest] if digest else []
    named = [(one, raw) for one in every for raw in one.files if unicodedata.normalize("NFC", raw.name) == name]
    found: dict[tuple[str, str], list[tuple[Import, RawFile]]] = {}
    for one, raw in same or named:
        found.setdefault((one.id, raw.digest), []).append((one, raw))
    return [Import(pairs[0][0].id, pairs[0][0].at, tuple(raw for _, raw in pairs)) for pairs in found.values()]


def _digest(path: Path) -> str:
    told = blake2b(digest_size=16)
    with disk(path), path.open("rb") as stream:
        while block := stream.read(1 << 20):
            told.update(block)
    return told.hexdigest()


def _of_shop(one: Import, shop: str | None) -> Import:
    return one if shop is None else Import(one.id, one.at, tuple(raw for raw in one.files if raw.shop == shop))


def _nothing(every: Sequence[Import], word: str) -> JinpaiError:
    best = nearest(
        word, [name for one in every for name in (one.id, *(raw.name for raw in one.files[:_MOST_COMPARED]))]
    )
    zh, en = (f"是不是要写 {best}？", f"Did you mean {best}?") if best else (
        "导入过哪些：jinpai imports", "What was imported: jinpai imports")  # fmt: skip
    return JinpaiError(
        f"没有导入过「{word}」，什么也没撤。{zh}", f"'{word}' was not imported; nothing was withdrawn. {en}"
    )


def withdraw(workspace: Workspace, wanted: Import) -> list[RawFile]:
    """撤回 takes exactly these files back, at one instant; the facts follow by a build. What was withdrawn comes back,
    less what somebody else took away meanwhile."""
    places = {(raw.shop, raw.digest) for raw in wanted.files}
    with workspace.rewriting() as under_way:
        files = [
            raw for raw in workspace.raw_files() if raw.came_with == wanted.id and (raw.shop, raw.digest) in places
        ]
        if files:
            under_way.withdraw(files)
    return files


# ---- the list of what does not count


def write_withdrawn(folder: Path, root: Path, paths: Iterable[Path]) -> None:
    """写撤回清单 names files of raw/ in a folder that has not landed yet."""
    names = sorted(path.relative_to(root / "raw").as_posix() for path in paths)
    write_whole(folder / _FILE, json.dumps(names, ensure_ascii=False, indent=1).encode())


def read_withdrawn(root: Path) -> set[Path]:
    """撤回了的文件 every raw file that does not count any more; a damaged list is a JinpaiError."""
    return {path for file in _lists(root) for path in _named(file)}


def forget_withdrawn(root: Path) -> None:
    """清掉撤回清单 removes the lists whose files are all gone. Under the writer lock."""
    for file in _lists(root):
        if not any(path.exists() for path in _named(file)):
            with suppress(OSError):  # it goes next time
                file.unlink()
                file.parent.rmdir()


def _lists(root: Path) -> list[Path]:
    with disk(root / "raw"):
        return sorted((root / "raw").glob(f"*/{_FILE}"))


def _named(file: Path) -> list[Path]:
    with disk(file):
        text = file.read_bytes()
    try:
        return [file.parents[1] / name for name in json.loads(text)]
    except (ValueError, TypeError):
        raise JinpaiError(
            f"撤回清单 {file} 坏了。请从备份拷回来；没有它，撤回的文件会再算进来。",
            f"The list of what was withdrawn, {file}, is damaged. Copy it back from a backup; without it the files withdrawn "
            "would count again.",
        ) from None
