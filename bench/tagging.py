"""`python -m bench.tagging`: messages tagged a second by one core, beside a loop of Python's `re` over the same lexicon.

`MESSAGES=1000000` says how many distinct texts; they are put together from what the invented shop's people say. The loop
has one compiled expression a signal and finds spans, without guards and without the union of overlapping stretches: it is
given less to do. It runs over a sample, in the same run.
"""

from __future__ import annotations

import os
import re
import time
from random import Random

import pyarrow as pa

from jinpai.simulate.bank import phrases
from jinpai.text.matching import matcher
from jinpai.text.normal import normal, normal_block
from jinpai.text.signals import Lexicon, read_lexicon

MESSAGES = int(os.environ.get("MESSAGES", "300000"))
SAMPLE = 2000


def messages(count: int, seed: int = 1) -> list[str]:
    """Distinct texts of one to three phrases, a number in each."""
    random = Random(seed)
    said = [re.sub(r"\{\w+\}", "这款", phrase) for section in phrases().values() for phrase in section]
    return [
        f"{'，'.join(random.choices(said, k=random.choice((1, 1, 1, 2))))}{number % 977 if number % 3 else ''}"
        for number in range(count)
    ]


def loop(lexicon: Lexicon, texts: list[str]) -> float:
    """What one would write first: every signal's expression searched in every text."""
    compiled = []
    for place in range(len(lexicon.signals)):
        one = [part.expression.pattern for part in lexicon.patterns if part.signal == place and not part.is_guard]
        compiled.append(re.compile("|".join(sorted(one, key=len, reverse=True)), re.MULTILINE))
    started = time.perf_counter()
    found = 0
    for text in map(normal, texts):
        found += sum(1 for one in compiled for _ in one.finditer(text))
    speed = len(texts) / (time.perf_counter() - started)
    print(f"{'re, a loop':<28}{speed:>12,.0f} messages/s   {found / len(texts):.2f} spans a message")
    return speed


def main() -> None:
    """Prints messages a second and their ratio."""
    lexicon = read_lexicon()
    texts = pa.array(messages(MESSAGES))
    started = time.perf_counter()
    one = matcher(lexicon)
    one.match(texts.slice(0, 1))
    print(
        f"{len(lexicon.signals)} signals, {len(lexicon.patterns):,} patterns, ready after {time.perf_counter() - started:.1f} s"
    )
    started = time.perf_counter()
    for first in range(0, len(texts), 1 << 15):
        normal_block(texts.slice(first, 1 << 15))
    print(f"{'normal form alone':<28}{len(texts) / (time.perf_counter() - started):>12,.0f} messages/s")
    started = time.perf_counter()
    table = one.match(texts)
    speed = len(texts) / (time.perf_counter() - started)
    print(
        f"{'one pass, spans and guards':<28}{speed:>12,.0f} messages/s   {table.num_rows / len(texts):.2f} rows a message"
    )
    slow = loop(lexicon, texts.slice(0, SAMPLE).to_pylist())
    print(f"ratio {speed / slow:.0f}")


if __name__ == "__main__":
    main()
