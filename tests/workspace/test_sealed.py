"""Sealed files: what comes back is what was put in, or a sentence."""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinpai.errors import JinpaiError
from jinpai.workspace.sealed import FrameReader, FrameWriter
from tests.mutants import kills

KEY = bytes(range(32))
BODIES = [b"first", b"", b"third" * 100]
HEAD_BYTES = 24


def sealed(folder: Path, bodies: list[bytes] = BODIES, key: bytes = KEY) -> Path:
    file = folder / f"{len(list(folder.iterdir()))}.sealed"
    writer = FrameWriter(file, key)
    for body in bodies:
        writer.frame("messages", body)
    writer.finish("footer", b"end")
    return file


def pieces(data: bytes) -> list[bytes]:
    """The frames of a sealed file, each with its front, as they lie on disk."""
    found, at = [], HEAD_BYTES
    while at < len(data) - 12:
        length = 5 + int.from_bytes(data[at : at + 4], "little")
        found.append(data[at : at + length])
        at += length
    return found


def refused(file: Path, data: bytes) -> None:
    file.write_bytes(data)
    with pytest.raises(JinpaiError, match=file.name):
        list(FrameReader(file, KEY).frames())


@given(st.lists(st.binary(max_size=50), max_size=5))
def test_what_was_put_in_comes_back(bodies: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = sealed(Path(folder), bodies)
        assert list(FrameReader(file, KEY).frames()) == [*(("messages", body) for body in bodies), ("footer", b"end")]
        assert FrameReader(file, KEY).last() == b"end"


def test_nothing_can_be_read_without_the_key(tmp_path: Path) -> None:
    file = sealed(tmp_path)
    assert b"third" not in file.read_bytes()
    with pytest.raises(JinpaiError, match="密钥"):
        list(FrameReader(file, bytes(32)).frames())


def test_every_changed_byte_is_noticed(tmp_path: Path) -> None:
    file = sealed(tmp_path, [b"one", b"two"])
    data = file.read_bytes()
    for at in range(len(data) - 12):  # what follows only says where the last frame is
        refused(file, data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])


@kills("jinpai/workspace/sealed.py", '">7xIB", number, last)', '">7xIB", 0, last)')
def test_frames_in_another_order_are_noticed(tmp_path: Path) -> None:
    file = sealed(tmp_path)
    data = file.read_bytes()
    *frames, last = pieces(data)
    for order in itertools.permutations(frames):
        if list(order) != frames:
            refused(file, data[:HEAD_BYTES] + b"".join([*order, last]) + data[-12:])


@kills("jinpai/workspace/sealed.py", '">7xIB", number, last)', '">7xIB", number, False)')
def test_a_file_cut_off_is_noticed_wherever_it_is_cut(tmp_path: Path) -> None:
    file = sealed(tmp_path)
    data = file.read_bytes()
    for end in range(len(data) - 12):
        refused(file, data[:end])
    # even where the cut lies between frames and the last one left is made to look like the end
    first = pieces(data)[0]
    refused(file, data[:HEAD_BYTES] + first[:4] + b"\x01" + first[5:])


def test_frames_of_another_file_are_noticed(tmp_path: Path) -> None:
    one, other = sealed(tmp_path), sealed(tmp_path)
    data, strange = one.read_bytes(), pieces(other.read_bytes())
    refused(one, data[:HEAD_BYTES] + b"".join(strange) + data[-12:])


def test_the_last_frame_is_not_found_in_what_is_no_sealed_file(tmp_path: Path) -> None:
    file = sealed(tmp_path)
    data = file.read_bytes()
    for wrong in (b"", b"text", data[:-1], data + b"x", data[:HEAD_BYTES], data[:-12] + bytes(12)):
        file.write_bytes(wrong)
        with pytest.raises(JinpaiError, match="备份"):
            FrameReader(file, KEY).last()
