"""试案例 trying: the dialogues of case files, inspected as a shop's chats are, and those that come out otherwise than they say."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinpai.criteria import OWN_FOLDER, shop_criteria
from jinpai.criteria.dialogues import Dialogue, canonical, read_dialogues
from jinpai.errors import JinpaiError

if TYPE_CHECKING:
    from jinpai.workspace.settings import Settings

WANTED = ("finding", "original")
_FINDINGS = """
select f.*, o.buyer, o.text
from finding as f
inner join original as o on o.buyer_key = f.buyer_key and o.seq = f.seq
"""


@dataclass(frozen=True, slots=True)
class Tried:
    """试过的对话 a dialogue with what was found: the result in thousandths (None: does not apply) and its quote."""

    dialogue: Dialogue
    result: int | None
    quote: str | None

    @property
    def is_right(self) -> bool:
        """相符 whether it came out as its file says."""
        wanted = self.dialogue
        return self.result == wanted.result and wanted.quote in (None, self.quote)


def tried(dialogues: Sequence[Dialogue], settings: Settings) -> list[Tried]:
    """试对话 every dialogue as one buyer of a shop with these settings, however many talk at once."""
    found = findings(dialogues, settings)
    results = []
    for one in dialogues:
        row = found.get((one.buyer, one.criterion), {"result": None, "quote": None})
        results.append(Tried(one, row["result"], row["quote"]))
    return results


def findings(dialogues: Iterable[Dialogue], settings: Settings) -> dict[tuple[str, str], dict[str, Any]]:
    """所有结果 every finding by buyer and criterion, with its quote."""
    import pyarrow as pa

    from jinpai import computing
    from jinpai.canon import TABLES
    from jinpai.engine import Engine
    from jinpai.tables import closure, source
    from jinpai.text.private import Private

    chosen = replace(settings, inspection=True, parallel_limit=0)
    with tempfile.TemporaryDirectory(prefix="jinpai-") as folder, Engine(Path(folder)) as engine:
        computing.arrange(engine, chosen, {})
        for name, rows in canonical(dialogues, chosen.shop).items():
            numbered = [{"row": number} | row for number, row in enumerate(rows, 2)]
            batch = pa.RecordBatch.from_pylist(numbered, schema=TABLES[name].schema)
            # no private data leave the dialogues, and no secret is needed
            made = source.batches(name, chosen.shop, "0" * 32, [batch], Private(b"dialogue" * 4))
            engine.take(f"source_{name}", pa.Table.from_batches(list(made)))
        computing.compute(engine, chosen, closure([*WANTED, "orders", "refund_row"]))
        told = engine.rows(_FINDINGS)
    return {(row["buyer"], row["criterion"]): row | {"quote": _quote(row)} for row in told}


def _quote(row: dict[str, Any]) -> str:
    text = row["text"] or ""
    return text if row["begins"] is None else text[row["begins"] : row["ends"]]


def own_dialogues(settings: Settings) -> list[Dialogue]:
    """店铺的案例 the dialogues beside the shop's own criteria; a file that belongs to none is a JinpaiError."""
    folder, known = settings.folder / OWN_FOLDER, shop_criteria(settings.folder)
    found: list[Dialogue] = []
    for file in sorted(folder.glob("*.md")) if folder.is_dir() else []:
        if file.stem not in known or not known[file.stem].is_own:
            raise JinpaiError(
                f"{file}：旁边没有 {file.stem}.toml。案例文件和质检项同名，如 S1.toml 和 S1.md。",
                f"{file}: there is no {file.stem}.toml beside it. A case file is named like its criterion: S1.toml and S1.md.",
            )
        found += read_dialogues(file)
    return found
