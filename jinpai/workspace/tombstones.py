"""删除记号 tombstones: what was erased and may not come back, without saying what it was.

raw/<erasure>/erased.json, landed together with the rewritten files. A buyer's id and an order's number stand there
only as a keyed hash: who has not the workspace's key can neither read them nor try them out.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from jinpai.errors import JinpaiError
from jinpai.workspace.disk import disk, write_whole

_FILE = "erased.json"
_HASH_BYTES = 16
PURPOSE = "erasure"
"""What the hashes' key is derived for."""


@dataclass(frozen=True, slots=True)
class Tombstones:
    """删除记号 what later imports of one shop obey: hashes of buyers and orders; instants (ms UTC, 0: none) before
    which rows, or the words in them, are out of keeping."""

    buyers: frozenset[str] = frozenset()
    orders: frozenset[str] = frozenset()
    rows_before: int = 0
    words_before: int = 0

    def __bool__(self) -> bool:
        return self != Tombstones()

    def __or__(self, other: Tombstones) -> Tombstones:
        return Tombstones(
            self.buyers | other.buyers, self.orders | other.orders,
            max(self.rows_before, other.rows_before), max(self.words_before, other.words_before),
        )  # fmt: skip


def spelt(value: str) -> str:
    """同一写法 an id as it is compared: composed (NFC), without blanks at its ends."""
    return unicodedata.normalize("NFC", value).strip()


def hashed(key: bytes, shop: str, kind: str, value: str) -> str:
    """记号 the keyed hash of a shop's buyer or order (`kind`), 32 hex digits."""
    text = "\x1f".join((kind, shop, spelt(value)))
    return blake2b(text.encode("utf-8", "replace"), key=key, digest_size=_HASH_BYTES).hexdigest()


def read_tombstones(root: Path) -> dict[str, Tombstones]:
    """读删除记号 shop -> everything erased from it so far; a damaged file is a JinpaiError."""
    found: dict[str, Tombstones] = {}
    with disk(root / "raw"):
        paths = sorted((root / "raw").glob(f"*/{_FILE}"))
    for path in paths:
        with disk(path):
            text = path.read_bytes()
        try:
            for shop, one in json.loads(text).items():
                told = Tombstones(
                    frozenset(one["buyers"]), frozenset(one["orders"]), one["rows_before"], one["words_before"]
                )
                found[shop] = found.get(shop, Tombstones()) | told
        except (ValueError, KeyError, TypeError, AttributeError):
            raise JinpaiError(
                f"删除记号 {path} 坏了。请从备份拷回来；没有它，删掉的买家会随旧文件再导进来。",
                f"The tombstones {path} are damaged. Copy them back from a backup; without them an old file would bring "
                "erased buyers back.",
            ) from None
    return found


def write_tombstones(folder: Path, shop: str, stones: Tombstones) -> None:
    """写删除记号 adds those of one shop to the folder of an import or erasure that has not landed yet."""
    file = folder / _FILE
    told = json.loads(file.read_bytes()) if file.exists() else {}
    told[shop] = {
        "buyers": sorted(stones.buyers), "orders": sorted(stones.orders),
        "rows_before": stones.rows_before, "words_before": stones.words_before,
    }  # fmt: skip
    write_whole(file, json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode())


def hashes(key: bytes, shop: str, kind: str, values: Iterable[str]) -> frozenset[str]:
    """一批记号 the keyed hashes of several ids."""
    return frozenset(hashed(key, shop, kind, one) for one in values)
