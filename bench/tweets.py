"""`python -m bench.tweets`: the English lexicon on labelled replies of two companies: what was asked of the customer, and apologies.

The data set's labels are of requests; it has none of apologies, so those can only be read: `--show` prints every reply
with what was found in it, on the screen only.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pyarrow as pa
from python_calamine import CalamineWorkbook

from jinpai.text.matching import matcher
from jinpai.text.signals import read_lexicon

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "twitter_support"
LABELS = {"Request DM": "asks_private_message", "Request username via DM": "asks_order_number",
          "Request email address via DM": "asks_order_number"}  # fmt: skip
"""Column of labels -> the signal that should be there."""


def replies(file: Path) -> list[dict[str, object]]:
    """The rows of a sheet by column."""
    head, *lines = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
    return [dict(zip(map(str, head), line, strict=True)) for line in lines]


def heard(texts: list[str]) -> list[set[str]]:
    """The signals of each text, as an agent's."""
    found = matcher(read_lexicon(language="en")).match(pa.array(texts), pa.array(["agent"] * len(texts)))
    told: list[set[str]] = [set() for _ in texts]
    for place, signal in zip(found["text"].to_pylist(), found["signal"].to_pylist(), strict=True):
        told[place].add(signal)
    return told


def main() -> None:
    """Prints precision and recall of each labelled request, and how many replies apologise."""
    files = sorted(DATA.glob("*outbound.xlsx"))
    if not files:
        raise SystemExit(f"{DATA} is not there: these figures need the public replies")
    for file in files:
        rows = replies(file)
        told = heard([str(row["text"]) for row in rows])
        print(f"{file.stem}: {len(rows)} replies, {sum('apology' in one for one in told)} apologise")
        for signal in sorted({signal for label, signal in LABELS.items() if label in rows[0]}):
            wanted = [any(row.get(label) == 1 for label, one in LABELS.items() if one == signal) for row in rows]
            found = [signal in one for one in told]
            right = sum(is_wanted and is_found for is_wanted, is_found in zip(wanted, found, strict=True))
            print(f"  {signal:<24} precision {right}/{sum(found)}   recall {right}/{sum(wanted)}")
        if "--show" in sys.argv:
            for row, one in zip(rows, told, strict=True):
                print(f"    {'apology' if 'apology' in one else '-':<9}{' '.join(str(row['text']).split())}")


if __name__ == "__main__":
    main()
