"""信号的定律 every message of a buyer or an agent carries the signals of its text, where they stand, and nothing else does."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from jinpai.flow import build, opened
from jinpai.importing import import_files
from jinpai.sourcing import stale
from jinpai.tables import _distinct, tag
from jinpai.text.matching import matcher, rows
from jinpai.text.signals import read_lexicon
from jinpai.workspace import Workspace
from tests.mutants import kills

TALK = """buyer,agent,sender,sent_at,text
小云,小美,buyer,2025-11-10 10:00:00,能便宜点吗
小云,机器人,auto,2025-11-10 10:00:01,亲，满199减20哦
小云,小美,agent,2025-11-10 10:00:05,亲，满199减20哦
小云,小美,buyer,2025-11-10 10:00:09,满199减20哦
小雨,小美,buyer,2025-11-10 11:00:00,能便宜点吗
"""


def workspace(folder: Path, *, inspection: bool) -> Workspace:
    """A shop of two buyers, built."""
    made = Workspace.create(folder / "店铺 数据")
    made.write_settings(None, {"inspection": inspection})
    (folder / "聊天.csv").write_text(TALK, encoding="utf-8")
    import_files(made, [folder / "聊天.csv"])
    build(made)
    return made


def found(made: Workspace, columns: str = "seq, side, signal, begins, ends, turn") -> list[tuple[object, ...]]:
    with opened(made, "main") as engine:
        return [
            tuple(row.values()) for row in engine.rows(f"select {columns} from tag order by buyer_key, seq, signal")
        ]


@kills("jinpai/tables/tag.py", "where m.sender in ('buyer', 'agent', 'assist')", "")
@kills("jinpai/tables/tag.py", "stays = self._heard[side[row], signal]", "stays = np.ones(len(row), bool)")
def test_tags_stand_where_the_text_says_so_and_robots_carry_none(tmp_path: Path) -> None:
    tags = found(workspace(tmp_path, inspection=True))
    assert (3, "agent", "conditional_concession", 2, 7, 1) in tags
    assert {(one[0], one[2]) for one in tags if one[2] == "bargain"} == {(1, "bargain")}
    # 2 is the robot's; in 4 the buyer says what only an agent can do
    assert not [one for one in tags if one[0] == 2 or (one[0] == 4 and one[2] == "conditional_concession")]
    assert {one[5] for one in tags if one[0] == 4} <= {2}


def test_without_the_setting_nothing_is_tagged(tmp_path: Path) -> None:
    made = workspace(tmp_path, inspection=False)
    with opened(made, "main") as engine:
        assert not engine.has("tag")
    made.write_settings(None, {"inspection": True})
    assert build(made) == ["main"]
    assert found(made)


@kills("jinpai/sourcing.py", "by = (lexicon_mark, criteria_mark", "by = (criteria_mark")
def test_a_shops_own_words_make_the_facts_anew(tmp_path: Path) -> None:
    made = workspace(tmp_path, inspection=True)
    own = made.config / "main" / "lexicons"
    own.mkdir()
    (own / "own.toml").write_text('[rain]\nzh = "下雨"\nrole = "any"\nphrases = ["满199"]\n', encoding="utf-8")
    assert stale(made) == ["main"]
    build(made)
    assert [one[0] for one in found(made) if one[2] == "rain"] == [3, 4]


@kills("jinpai/tables/_distinct.py", "self.first[-1] + more.first[1:]", "more.first[1:]")
@pytest.mark.parametrize("remembered", [_distinct.REMEMBERED, 2])
def test_what_is_remembered_of_earlier_texts_changes_nothing(remembered: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_distinct, "REMEMBERED", remembered)
    reader = tag.Reader(read_lexicon())
    pieces = [["能便宜点吗", None, "在吗"], ["在吗", "多少钱", "能便宜点吗"], [None, None], ["包邮吗", "在吗"], []]
    for piece in pieces:
        texts = pa.chunked_array([pa.array(piece, pa.string())])
        sides = pa.array(["buyer"] * len(piece), pa.string())
        row, signal, begins, ends = reader.read(texts, pa.array([0] * len(piece), pa.int64()).to_numpy())
        told = sorted(zip(row.tolist(), reader.names.take(pa.array(signal)).to_pylist(), begins, ends, strict=True))
        assert told == sorted(rows(matcher(read_lexicon()).match(texts, sides)))
