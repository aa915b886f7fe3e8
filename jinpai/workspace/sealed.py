"""封存 sealed frames: a file of encrypted pieces that can be appended to, read in a stream, and not altered unseen.

AES-GCM under a key of the file's own. The nonce is a counter and a last-frame flag, so that a piece
that is changed, moved, left out or cut off at the end does not open (the STREAM construction).
Layout: magic, 16-byte file id; frames of <length, last flag, ciphertext>; the footer's place and number.
"""

from __future__ import annotations

import os
import secrets
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from jinpai.errors import JinpaiError
from jinpai.workspace.disk import disk
from jinpai.workspace.secret import derived

_MAGIC = b"JINPAI\x00\x01"
_ID_BYTES = 16
_FRAME = struct.Struct("<IB")
_END = struct.Struct("<QI")
_PURPOSE = "jinpai raw"


def _nonce(number: int, last: bool) -> bytes:
    return struct.pack(">7xIB", number, last)


class FrameWriter:
    """写封存 appends frames to a new file; `finish` writes the last one. Without it the file cannot be read."""

    def __init__(self, file: Path, key: bytes) -> None:
        self._file = file
        file_id = secrets.token_bytes(_ID_BYTES)
        self._head = _MAGIC + file_id
        self._cipher = AESGCM(derived(key, _PURPOSE, file_id))
        self._number = 0
        self._stream: BinaryIO = file.open("xb")
        self._stream.write(self._head)

    def frame(self, name: str, body: bytes, last: bool = False) -> None:
        """一段 appends `body` under `name` (ASCII, at most 255 letters)."""
        plain = bytes([len(name)]) + name.encode("ascii") + body
        sealed = self._cipher.encrypt(_nonce(self._number, last), plain, self._head)
        self._stream.write(_FRAME.pack(len(sealed), last) + sealed)
        self._number += 1

    def finish(self, name: str, body: bytes) -> None:
        """最后一段 appends the last frame and brings the file safely to disk."""
        place, number = self._stream.tell(), self._number
        self.frame(name, body, last=True)
        self._stream.write(_END.pack(place, number))
        self._stream.flush()
        os.fsync(self._stream.fileno())
        self._stream.close()

    def drop(self) -> None:
        """作废 closes and removes a file that did not get its last frame; says nothing when that fails."""
        try:
            self._stream.close()
            self._file.unlink(missing_ok=True)
        except OSError:
            pass  # what is left lies in incoming/ and goes at the next import


class FrameReader:
    """读封存 opens the frames of a file; one that was changed or cut is a JinpaiError."""

    def __init__(self, file: Path, key: bytes) -> None:
        self._file = file
        self._key = key

    def frames(self) -> Iterator[tuple[str, bytes]]:
        """逐段 (name, body) of every frame in order, the last one included."""
        with disk(self._file), self._file.open("rb") as stream:
            cipher, head = self._start(stream)
            number, last = 0, False
            while not last:
                name, body, last = self._one(stream, cipher, head, number)
                yield name, body
                number += 1

    def first(self) -> bytes:
        """第一段 the body of the first frame."""
        return next(body for _, body in self.frames())

    def last(self) -> bytes:
        """最后一段 the body of the last frame, without reading what lies before it."""
        with disk(self._file), self._file.open("rb") as stream:
            cipher, head = self._start(stream)
            size = stream.seek(0, os.SEEK_END)
            stream.seek(max(0, size - _END.size))
            end = stream.read(_END.size)
            place, number = _END.unpack(end) if len(end) == _END.size else (size, 0)
            if place >= size:
                raise self._damaged()
            stream.seek(place)
            _, body, last = self._one(stream, cipher, head, number)
            if not last:
                raise self._damaged()
            return body

    def _start(self, stream: BinaryIO) -> tuple[AESGCM, bytes]:
        head = stream.read(len(_MAGIC) + _ID_BYTES)
        if not head.startswith(_MAGIC) or len(head) != len(_MAGIC) + _ID_BYTES:
            raise self._damaged()
        return AESGCM(derived(self._key, _PURPOSE, head[len(_MAGIC) :])), head

    def _one(self, stream: BinaryIO, cipher: AESGCM, head: bytes, number: int) -> tuple[str, bytes, bool]:
        front = stream.read(_FRAME.size)
        if len(front) != _FRAME.size:
            raise self._damaged()
        length, last = _FRAME.unpack(front)
        sealed = stream.read(length)
        try:
            plain = cipher.decrypt(_nonce(number, bool(last)), sealed, head)
        except (InvalidTag, ValueError):
            raise self._damaged() from None
        return plain[1 : 1 + plain[0]].decode("ascii"), plain[1 + plain[0] :], bool(last)

    def _damaged(self) -> JinpaiError:
        return JinpaiError(
            f"原始记录 {self._file} 打不开：文件坏了，或密钥不是这个工作区的。请从备份拷回，或删掉它再重新导入原文件。",
            f"The raw file {self._file} cannot be opened: it is damaged, or the key is another workspace's. Copy it "
            "back from a backup, or delete it and import the original file again.",
        )
