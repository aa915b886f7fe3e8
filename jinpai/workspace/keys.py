"""密钥的备份 keys: copies of a workspace's key: written for people to keep, taken back, and remembered.

A copy is a small text file with the workspace's id, the key and its fingerprint; whoever has it and the workspace can
read the raw rows. Beside the key lies a note of when copies were made.
"""

from __future__ import annotations

import base64
import json
import time
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from jinpai.errors import JinpaiError, WrongUse
from jinpai.workspace.disk import disk, want_folder, write_whole
from jinpai.workspace.secret import KEY_BYTES, key_file, read_key
from jinpai.workspace.workspace import Workspace

_HEAD = "# 金牌客服的密钥，请收好：有它和工作区就能读原始记录。\n# A key of Jinpai. Keep it safe and apart from the workspace.\n"


@dataclass(frozen=True, slots=True)
class Copied:
    """抄过一份 when (ms UTC) and where to a key was copied."""

    at: int
    to: str


def fingerprint(key: bytes) -> str:
    """密钥指纹 16 hex digits in fours by which people compare keys; the key does not follow from them."""
    told = blake2b(key, digest_size=8, person=b"jinpai print").hexdigest()
    return " ".join(told[at : at + 4] for at in range(0, 16, 4))


def copies(workspace: Workspace) -> list[Copied]:
    """抄过几份 every copy of the key as it is now that was made by `export_key`, oldest first."""
    try:
        told = json.loads(_note(workspace).read_bytes())
        mine = fingerprint(read_key(workspace.id))
        return [Copied(one["at"], one["to"]) for one in told if one["fingerprint"] == mine]
    except (OSError, ValueError, KeyError, TypeError, JinpaiError):
        return []


def export_key(workspace: Workspace, file: Path) -> Path:
    """抄密钥 writes a copy of the key to `file` (a folder: under a name of its own in it), readable by its owner only.

    Not into the workspace, where it would lie beside what it opens; never over a file that is there.
    """
    key = read_key(workspace.id)
    file = file.expanduser().absolute()
    if file.is_dir():
        file /= f"jinpai-{workspace.id[:8]}.key"
    want_folder(file)
    if file.is_relative_to(workspace.root):
        raise WrongUse(
            f"{file} 在工作区里面：密钥和它锁的东西放在一起就等于没锁。请放到别处，例如 U 盘。",
            f"{file} lies inside the workspace: a key beside what it locks locks nothing. Put it elsewhere, on a stick for instance.",
        )
    if file.exists():
        raise JinpaiError(f"{file} 已经有了，不盖掉。请换个文件名。", f"{file} exists and is not overwritten. Choose another name.")  # fmt: skip
    text = f"{_HEAD}workspace {workspace.id}\nfingerprint {fingerprint(key)}\nkey {base64.b64encode(key).decode()}\n"
    write_whole(file, text.encode(), mode=0o600)
    _remember(workspace, key, file)
    return file


def import_key(workspace: Workspace, file: Path) -> bool:
    """放回密钥 puts a copy, or the key file of the old computer, where the key belongs; False when it lies there already.

    A key of another workspace, or one that does not open its raw rows, is a JinpaiError and changes nothing.
    """
    key = _read_copy(workspace, file)
    place = key_file(workspace.id)
    if place.exists() and _lies_there(workspace, key):
        return False
    _try(workspace, key, file)
    if place.exists() and _opens(workspace, None):
        raise JinpaiError(
            f"现在的密钥（{place}）能用，没有换。如果确实要换，请先把它移走。",
            f"The key that lies at {place} works; it was not replaced. If you mean to, move it away first.",
        )
    with disk(place):
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_whole(place, base64.b64encode(key) + b"\n", mode=0o600)
    _remember(workspace, key, file)
    return True


def _lies_there(workspace: Workspace, key: bytes) -> bool:
    try:
        return read_key(workspace.id) == key
    except JinpaiError:
        return False


def _read_copy(workspace: Workspace, file: Path) -> bytes:
    with disk(file):
        text = file.read_bytes()[:4096].decode("utf-8-sig", "replace")
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    told = dict(line.partition(" ")[::2] for line in lines if " " in line)
    plain = told.get("key", lines[0] if len(lines) == 1 else "")
    try:
        key = base64.b64decode(plain, validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise JinpaiError(
            f"{file} 不是密钥文件，或者坏了。请换一份：jinpai keys export 写出的，或原来电脑上的 {key_file(workspace.id).name}。",
            f"{file} is no key file, or is damaged. Use one that jinpai keys export wrote, or {key_file(workspace.id).name} of the old computer.",
        )
    if told.get("workspace", workspace.id) != workspace.id:
        raise JinpaiError(
            f"{file} 是另一个工作区（{told['workspace']}）的密钥，这里是 {workspace.id}。请找这个工作区的那一份。",
            f"{file} is the key of another workspace ({told['workspace']}); this is {workspace.id}. Find the copy of this one.",
        )
    return key


def _try(workspace: Workspace, key: bytes, file: Path) -> None:
    if not _opens(workspace, key):
        raise JinpaiError(
            f"{file} 里的密钥（指纹 {fingerprint(key)}）打不开这个工作区的原始记录，没有放进去。请换一份。",
            f"The key in {file} (fingerprint {fingerprint(key)}) does not open the raw rows here and was not put in place. Use another.",
        )


def _opens(workspace: Workspace, key: bytes | None) -> bool:
    """Whether a key (None: the one in place) opens the raw rows; where there are none, any key will do but no other
    than the one in place."""
    from jinpai.workspace.sealed import FrameReader
    from jinpai.workspace.secret import derived

    try:
        used = derived(key if key is not None else read_key(workspace.id), "raw")
        for raw in workspace.stored()[:1]:
            FrameReader(raw.path, used).first()
    except JinpaiError:
        return False
    return True


def _note(workspace: Workspace) -> Path:
    return key_file(workspace.id).with_suffix(".copies.json")


def _remember(workspace: Workspace, key: bytes, file: Path) -> None:
    made = {"at": time.time_ns() // 1_000_000, "to": str(file.expanduser().absolute()), "fingerprint": fingerprint(key)}
    note = json.dumps([*_noted(workspace), made], ensure_ascii=False, indent=1)
    write_whole(_note(workspace), note.encode(), mode=0o600)


def _noted(workspace: Workspace) -> list[object]:
    try:
        told = json.loads(_note(workspace).read_bytes())
    except (OSError, ValueError):
        return []
    return told if isinstance(told, list) else []
