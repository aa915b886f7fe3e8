"""`python -m bench.planted`: faults planted in invented chats, found or not, by criterion, from phrases held out of the lexicons.

Each sentence of the banks is an agent's reply to one of its criterion's occasions, in a short chat of its own, read by the
program's own import, build and inspection. The banks `held_out*.toml` were written by other hands without a look at the
lexicons; those of `seen*.toml` may be looked at, and `--show` prints its misses. Recall: planted faults found. Precision: found
faults that were planted.
"""

from __future__ import annotations

import sys
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from jinpai import flow
from jinpai.criteria import criteria
from jinpai.importing import import_files
from jinpai.inspection import PASSED, turn_on
from jinpai.workspace import Workspace

BANKS = Path(__file__).with_name("banks")
START = 1_762_740_000_000


@dataclass(frozen=True, slots=True)
class Chat:
    """One reply with or without the fault of its criterion; `is_held_out` when no lexicon was written from it."""

    criterion: str
    occasion: str
    reply: str
    is_fault: bool
    is_held_out: bool

    @property
    def buyer(self) -> str:
        return f"{self.criterion}·{self.is_fault}·{self.is_held_out}·{self.reply}"


def chats() -> Iterator[Chat]:
    """Every reply of the banks after one of its occasions, in turn."""
    for file in sorted(BANKS.glob("*.toml")):
        for criterion, bank in tomllib.loads(file.read_text(encoding="utf-8")).items():
            for kind in ("bad", "good"):
                for place, reply in enumerate(bank[kind]):
                    occasion = bank["occasion"][place % len(bank["occasion"])]
                    yield Chat(criterion, occasion, reply, kind == "bad", file.stem.startswith("held_out"))


def messages() -> list[dict[str, Any]]:
    """The chats as canonical rows."""
    made = []
    for number, chat in enumerate(chats()):
        lines = (("buyer", chat.occasion), ("agent", chat.reply), ("buyer", "哦"))
        made += [
            {"shop": "bench", "buyer": chat.buyer, "agent": "小美", "sender": sender, "sent_at": START + number * 60_000 + at * 4_000,
             "kind": "text", "text": text}
            for at, (sender, text) in enumerate(lines)
        ]  # fmt: skip
    return made


def results() -> dict[tuple[str, str], int]:
    """The result of every criterion in every chat to which it applied, by buyer and criterion."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "messages.parquet"
        pq.write_table(pa.Table.from_pylist(messages()), file)
        workspace = Workspace.create(Path(folder) / "workspace", shop="bench")
        turn_on(workspace, None)
        import_files(workspace, [file])
        flow.build(workspace)
        with flow.opened(workspace, "bench") as engine:
            rows = engine.rows("""
                select distinct o.buyer, f.criterion, f.result from finding as f
                inner join original as o on o.buyer_key = f.buyer_key""")
    return {(row["buyer"], row["criterion"]): row["result"] for row in rows}


def share(part: int, whole: int) -> str:
    """A ratio with what it is of."""
    return f"{part / whole:>6.0%} {part:>4}/{whole:<4}" if whole else f"{'-':>6} {part:>4}/{whole:<4}"


Hit = tuple[Chat, int | None]


def table(title: str, hits: list[Hit]) -> None:
    """Prints one bank's precision and recall by criterion, and how many faults it did not apply to."""
    print(f"{'phrases ' + title:<46}precision            recall               not applicable")
    for name in [*dict.fromkeys(chat.criterion for chat, _ in hits), "all"]:
        of = [(chat, hit) for chat, hit in hits if name in (chat.criterion, "all")]
        found = [chat for chat, hit in of if hit is not None and hit < PASSED]
        planted = [hit for chat, hit in of if chat.is_fault]
        right = sum(chat.is_fault for chat in found)
        told = criteria()[name].title.en if name in criteria() else ""
        none = "" if name in criteria() and criteria()[name].hint else share(planted.count(None), len(planted))
        print(f"{name:<4}{told[:38]:<40}{share(right, len(found))}   {share(right, len(planted))}   {none}")


def main() -> None:
    """Prints precision and recall by criterion, of the phrases held out and of those seen."""
    found = results()
    hits = [(chat, found.get((chat.buyer, chat.criterion))) for chat in chats()]
    for is_held_out, title in {True: "held out", False: "seen while the lexicons were written"}.items():
        table(title, [(chat, hit) for chat, hit in hits if chat.is_held_out == is_held_out])
    if "--show" in sys.argv:
        for chat, hit in hits:
            if (hit is not None and hit < PASSED) != chat.is_fault and not chat.is_held_out:
                print(
                    f"  {chat.criterion} {'missed' if chat.is_fault else 'accused wrongly'}: {chat.occasion} | {chat.reply}"
                )


if __name__ == "__main__":
    main()
