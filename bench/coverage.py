"""`python -m bench.coverage`: the share of buyers' turns in which the lexicon sees no topic, on the public chats.

Turns that are courtesy alone (thanks, all right) are counted apart. `--show 60` prints the most frequent short turns
without a topic, on the screen only: they are other people's data.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from jinpai.text.matching import matcher
from jinpai.text.signals import Lexicon, read_lexicon

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
SHORT = 24
# The data set's masks, filled with what may have stood there, so that a mask is no word of its own.
MASKS = {"数字": "7", "金额": "99.00", "日期": "11-20", "时间": "10:00", "订单": "1988000000000101", "电话": "13800000001",
         "链接": "http://shop.example/1", "姓名": "", "地址": "", "站点": ""}  # fmt: skip
MASK = re.compile(r"\[(\w{2})x\]")


def jddc() -> Iterator[str]:
    """What buyers said in JD's sessions."""
    with (DATA / "jddc_sessions" / "chat_0.1per_v1.txt").open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            cells = line.rstrip("\n").split("\t")
            if len(cells) == 7 and cells[2] == "0":
                yield MASK.sub(lambda found: MASKS.get(found[1], ""), cells[6])


def taobao() -> Iterator[str]:
    """What buyers said in Taobao windows: before and after the turn that the window is about."""
    with (DATA / "ecd_taobao" / "dialoguecse_edc_train_sample.txt").open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            yield from _window(line)


def _window(line: str) -> Iterator[str]:
    cells = line.rstrip("\n").split("\t")
    if len(cells) < 3:
        return
    before, _, after = cells[2].split("-")
    for said, sides in ((cells[0], before), (cells[1], after)):
        for turn, side in zip(said.split("|"), sides.split("|"), strict=False):
            if side == "0":
                yield turn


def told(lexicon: Lexicon, texts: list[str]) -> dict[str, set[str]]:
    """Distinct text -> the kinds of signals that a buyer's text holds."""
    distinct = sorted(set(texts))
    found = matcher(lexicon).match(pa.array(distinct), pa.array(["buyer"] * len(distinct)))
    kinds = {one.id: one.kind for one in lexicon.signals}
    seen: dict[str, set[str]] = {text: set() for text in distinct}
    for place, signal in zip(found["text"].to_pylist(), found["signal"].to_pylist(), strict=True):
        seen[distinct[place]].add(kinds[signal])
    return seen


def measure(name: str, texts: list[str], lexicon: Lexicon, show: int) -> None:
    """Prints one data set's line, and its uncovered turns if asked."""
    seen = told(lexicon, texts)
    wanted = {"topic", "objection"}
    open_ = [text for text in texts if not seen[text] & wanted and "courtesy" not in seen[text]]
    courtesy = sum(not seen[text] & wanted and "courtesy" in seen[text] for text in texts)
    signals = sum(not seen[text] & wanted and "signal" in seen[text] for text in open_)
    print(f"{name:<16}{len(texts):>8,} turns   topic {1 - (len(open_) + courtesy) / len(texts):>6.1%}   "
          f"courtesy alone {courtesy / len(texts):>6.1%}   no topic {len(open_) / len(texts):>6.1%}"
          f" (of these with another signal {signals / max(len(open_), 1):.1%})")  # fmt: skip
    for text, count in Counter(text for text in open_ if len(text) <= SHORT).most_common(show):
        print(f"  {count:>4}  {text}")


def main() -> None:
    """Prints a line for each data set."""
    show = int(sys.argv[sys.argv.index("--show") + 1]) if "--show" in sys.argv else 0
    lexicon = read_lexicon()
    patterns = len(lexicon.patterns)
    print(f"{len(lexicon.signals)} signals, {patterns} phrases and expressions")
    for name, read in {"jddc_sessions": jddc, "ecd_taobao": taobao}.items():
        measure(name, list(read()), lexicon, show)


if __name__ == "__main__":
    main()
