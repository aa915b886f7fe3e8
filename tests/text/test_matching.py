"""Matching: the rows that the slow way gives, in raw offsets, whatever way texts are cut into columns."""

from __future__ import annotations

import pickle
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jinpai.text.matching import Matcher, matcher, rows, schema
from jinpai.text.signals import Lexicon, read_lexicon
from tests.mutants import kills
from tests.text import oracle

LEXICON = """
[own_bargain]
zh = "讲价"
role = "buyer"
phrases = ["便宜", "便宜点", "能少"]
expressions = ["(能|可以).{0,3}(少|便宜)点?", "^少{2,3}$", '打\\d{1,2}折']
unless = ["不.{0,2}便宜"]

[own_chat]
zh = "加微信"
role = "agent"
expressions = ["加[我你]?{微信}", "[^不]加v$"]
unless = ["^平台", "不能", "别，"]

[own_thanks]
zh = "谢谢"
role = "any"
kind = "courtesy"
phrases = ["谢谢", "3q", "[微笑]"]
"""
PIECES = ["便宜", "點", "能", "可以", "少", "不", "加", "我", "薇信", "ＶＸ", "Ｖ", "平台", "不能", "谢谢", "3Q", "[微笑]", "打9折", "打１2折",
          "，", "。", " ", "\n", "~", "亲", "①", "㏕", "😊", "\u200b", "宜", "？"]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=9).map("".join)


@pytest.fixture(scope="module")
def lexicon(tmp_path_factory: pytest.TempPathFactory) -> Lexicon:
    folder = tmp_path_factory.mktemp("词库 一")
    (folder / "own.toml").write_text(LEXICON, encoding="utf-8")
    found = read_lexicon(folder)
    own = tuple(one for one in found.signals if one.theme == "own")
    return Lexicon(own, found.lists)


def found(lexicon: Lexicon, texts: list[str | None], senders: list[str | None] | None = None) -> list[oracle.Row]:
    return list(rows(matcher(lexicon).match(pa.array(texts, pa.string()), senders and pa.array(senders, pa.string()))))


@kills("jinpai/text/matching.py", "(start + apart)[1:] >= reach[:-1]", "(start + apart)[1:] > reach[:-1]")
@kills("jinpai/text/matching.py", "order = np.lexsort((start, key))", "order = np.lexsort((end, key))")
@settings(max_examples=300, deadline=None)
@given(st.lists(TEXTS | st.none(), max_size=4))
def test_the_rows_are_those_of_the_slow_way(lexicon: Lexicon, texts: list[str | None]) -> None:
    assert found(lexicon, texts) == oracle.match(lexicon, texts)


@kills("jinpai/text/matching.py", "(end[place] > first)", "(end[place] >= first)")
@kills("jinpai/text/matching.py", "= np.cumsum(marks) - marks", "= np.cumsum(marks)")
@pytest.mark.parametrize(
    ("text", "told"),
    [("能便宜點吗", [("own_bargain", 0, 4)]), ("便宜便宜", [("own_bargain", 0, 2), ("own_bargain", 2, 4)]),
     ("不太便宜，能少吗", [("own_bargain", 5, 7)]), ("不太便宜 能少吗", [("own_bargain", 5, 7)]), ("不太便宜能少吗", []),
     ("可以。便宜点", [("own_bargain", 3, 6)]), ("ＧＯ㏕\u200b加 ＶＸ", []), ("加ＶＸ", [("own_chat", 0, 3)]), ("加㏕", []),
     ("平台，加vx", [("own_chat", 3, 6)]), ("平台加vx", []), ("别，加vx", [("own_chat", 2, 5)]), ("加vx\n不能", [("own_chat", 0, 3)]), (" 少少 ", [("own_bargain", 1, 3)]),
     ("谢谢 [微笑]", [("own_thanks", 0, 2), ("own_thanks", 3, 7)])],
)  # fmt: skip
def test_spans_and_guards(lexicon: Lexicon, text: str, told: list[tuple[str, int, int]]) -> None:
    """What counts, example by example: overlap is one, a guard rules its clause, no hit leaves its sentence or line."""
    assert [row[1:] for row in found(lexicon, [text])] == told


@kills("jinpai/text/matching.py", "for role in ROLES[:2]", "for role in ROLES[1::-1]")
@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(TEXTS, st.sampled_from(["buyer", "agent", "system", None])), max_size=5))
def test_a_signal_is_heard_from_its_role_only(lexicon: Lexicon, said: list[tuple[str, str | None]]) -> None:
    texts, senders = [one[0] for one in said], [one[1] for one in said]
    assert found(lexicon, texts, senders) == oracle.match(lexicon, texts, [one or "" for one in senders])


def test_columns_may_be_cut_anywhere(lexicon: Lexicon, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["能便宜点吗", None, "", "加薇信", "谢谢", "不能", "加vx", "便宜"]
    whole = found(lexicon, texts)
    assert [row[0] for row in whole] == [0, 3, 4, 6, 7]
    chunked = pa.chunked_array([texts[:3], [], texts[3:]], pa.string())
    monkeypatch.setattr("jinpai.text.matching._ROWS", 3)
    assert list(rows(Matcher(lexicon).match(chunked))) == whole


def test_nothing_gives_a_table_without_rows(lexicon: Lexicon) -> None:
    empty = matcher(lexicon).match(pa.array([], pa.string()), pa.array([], pa.string()))
    assert empty.schema == schema()
    assert not empty.num_rows


def test_threads_and_other_processes_find_the_same(lexicon: Lexicon) -> None:
    one = matcher(lexicon)
    texts = pa.array(["能便宜点吗，谢谢", "加我微信"] * 500)
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda _: one.match(texts), range(8)))
    assert all(table.equals(told[0]) for table in told)
    assert pickle.loads(pickle.dumps(one)).match(texts).equals(told[0])


def test_a_damaged_database_is_made_anew(lexicon: Lexicon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JINPAI_CACHE_DIR", str(tmp_path / "缓存 一"))
    texts = pa.array(["能便宜点吗"])
    told = Matcher(lexicon).match(texts)
    (kept,) = (tmp_path / "缓存 一").iterdir()
    size = kept.stat().st_size
    assert Matcher(lexicon).match(texts).equals(told)
    for damage in (b"", b"not a database", kept.read_bytes()[: size // 2]):
        kept.write_bytes(damage)
        assert Matcher(lexicon).match(texts).equals(told)
        assert kept.stat().st_size == size


def test_only_the_newest_databases_are_kept(lexicon: Lexicon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JINPAI_CACHE_DIR", str(tmp_path))
    for number in range(12):
        (tmp_path / f"signals-{number:02}.hs").write_bytes(b"")
    Matcher(lexicon).match(pa.array(["加vx"]))
    kept = {file.name for file in tmp_path.iterdir()}
    assert len(kept) == 8
    assert max(kept, key=lambda name: (tmp_path / name).stat().st_size).startswith("signals-")


def test_a_cache_that_cannot_be_written_costs_only_time(
    lexicon: Lexicon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("JINPAI_CACHE_DIR", str(tmp_path / "file"))
    assert Matcher(lexicon).match(pa.array(["加vx"])).num_rows == 1


def test_without_hyperscan_a_sentence_says_so(lexicon: Lexicon, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "hyperscan", None)
    with pytest.raises(Exception, match="hyperscan 没有装上") as caught:
        Matcher(lexicon).match(pa.array(["加vx"]))
    assert type(caught.value).__name__ == "JinpaiError"


@kills("jinpai/text/normal.py", 'joined = TOKEN.sub(_OPAQUE, "\\n".join(["", *column.to_pylist(), ""]))', 'joined = "\\n".join(["", *column.to_pylist(), ""])')  # fmt: skip
def test_the_code_of_a_token_says_nothing() -> None:
    """It is chance, and another under each key: 2b is no insult, and 38 no price."""
    texts = pa.array([f"我的[手机 {code:04x}]，寄[地址 {code:04x}]" for code in range(1 << 16)])
    found = matcher(read_lexicon()).match(texts)
    each = Counter(zip(*(found[name].to_pylist() for name in ("signal", "start", "end")), strict=True))
    assert each, "a phone in a text does say something"
    assert set(each.values()) == {1 << 16}
