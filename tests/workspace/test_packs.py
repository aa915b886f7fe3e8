"""Packs: small files of one import share a sealed file, and each is still a file of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jinpai import cli, erasure, flow
from jinpai.errors import JinpaiError
from jinpai.importing import import_files
from jinpai.problems import problems
from jinpai.report import report
from jinpai.workspace import Workspace, landing
from jinpai.workspace.withdrawing import chosen, imports, withdraw
from tests.hostile.killing import snapshot
from tests.hostile.many import HEAD, tiny
from tests.mutants import kills

COUNT = 11
BROKEN = 6


@pytest.fixture(autouse=True)
def packs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Packs from the second file on, of four files at most."""
    monkeypatch.setattr(landing, "FEW_FILES", 1)
    monkeypatch.setattr("jinpai.workspace.sealing.MOST_FILES", 4)


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    """Eleven files of one message each, one with a row that cannot be read, and a large one between them."""
    made = tiny(tmp_path / "小文件", COUNT)
    made[BROKEN].write_text(
        f"{HEAD}买家6,小美,buyer,2023-06-01 00:00:06,在吗,m6\n买家6,小美,buyer,昨天,在吗,x\n", encoding="utf-8"
    )
    rows = (
        f"买家{n % 5},小美,agent,2023-06-02 10:{n // 60 % 60:02d}:{n % 60:02d},第 {n} 句,big{n}\n" for n in range(3000)
    )
    (tmp_path / "大文件.csv").write_text(HEAD + "".join(rows), encoding="utf-8")
    return [*made[:5], tmp_path / "大文件.csv", *made[5:]]


@pytest.fixture
def workspace(tmp_path: Path, paths: list[Path]) -> Workspace:
    made = Workspace.create(tmp_path / "店铺 数据")
    import_files(made, paths)
    return made


@pytest.fixture
def single(tmp_path: Path, paths: list[Path], workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """The same files, each in a sealed file of its own."""
    assert workspace.stored()
    made = Workspace.create(tmp_path / "一个一个")
    monkeypatch.setattr(landing, "FEW_FILES", 1_000)
    import_files(made, paths)
    monkeypatch.setattr(landing, "FEW_FILES", 1)
    return made


def contents(workspace: Workspace) -> list[tuple[object, ...]]:
    """Every imported file with its counts and its rows of every table."""
    return [
        (raw.digest, raw.header.file, raw.header.format, raw.counts, [(name, batch.to_pylist()) for name, batch in raw.tables()])
        for raw in workspace.raw_files()
    ]  # fmt: skip


@kills("jinpai/workspace/landing.py", "if self._packs[shop].is_full:", "if False:")
@kills("jinpai/workspace/sealing.py", "self._waiting.size > _SMALL_BYTES else", "self._waiting.size > 1 << 40 else")
def test_a_file_in_a_pack_is_the_file_it_would_be_alone(workspace: Workspace, single: Workspace) -> None:
    assert sorted(len(one.digests) for one in workspace.stored()) == [1, 3, 4, 4]
    assert [one.is_pack for one in single.stored()] == [False] * (COUNT + 1)
    assert contents(workspace) == contents(single)
    assert [(one["file"], one["row"], one["value"]) for one in problems(workspace)] == [("6.csv", 3, "昨天")]
    flow.build(workspace)
    flow.build(single)
    assert snapshot(workspace.root) == snapshot(single.root)


@kills(
    "jinpai/sourcing.py",
    "position = np.arange(first, first + len(batch)) - starts[places]",
    "position = np.arange(first, first + len(batch))",
)
@kills("jinpai/workspace/packs.py", "np.repeat(np.arange(len(self)), self.numbers(table))", "np.zeros(10**6, np.int64)")
def test_source_rows_of_a_pack_are_those_of_single_files(workspace: Workspace, single: Workspace) -> None:
    """Also where a row stands in its file, which tells equal rows apart."""
    flow.build(workspace)
    flow.build(single)
    one, other = snapshot(workspace.root), snapshot(single.root)
    assert one["source_messages/main"] == other["source_messages/main"]
    assert any("'position', 1)" in row for row in one["source_messages/main"])


def test_the_same_files_again_are_known_each(workspace: Workspace, paths: list[Path], tmp_path: Path) -> None:
    assert all(one.already for one in import_files(workspace, paths))
    new = tmp_path / "新.csv"
    new.write_text(f"{HEAD}买家1,小美,buyer,2023-06-05 00:00:06,在吗,n1\n", encoding="utf-8")
    assert [one.already for one in import_files(workspace, [paths[3], new, paths[7], new])] == [True, False, True, True]
    assert len(workspace.raw_files()) == COUNT + 2


@kills("jinpai/workspace/rewriting.py", "place not in places for place", "place in places for place")
def test_one_file_of_a_pack_is_withdrawn_and_can_come_again(
    workspace: Workspace, single: Workspace, paths: list[Path]
) -> None:
    flow.build(workspace)
    [whole] = imports(workspace)
    assert len(whole.files) == COUNT + 1
    for one in (workspace, single):
        [gone] = withdraw(one, chosen(one, "4.csv"))
        assert gone.name == "4.csv"
        flow.build(one)
    assert contents(workspace) == contents(single)
    assert snapshot(workspace.root) == snapshot(single.root)
    assert [one.id for one in imports(workspace)] == [whole.id]
    assert [one.already for one in import_files(workspace, paths)].count(False) == 1
    assert len(workspace.raw_files()) == COUNT + 1
    assert len(withdraw(workspace, chosen(workspace, whole.id))) == COUNT
    assert [raw.name for raw in workspace.raw_files()] == ["4.csv"]
    assert len(list(workspace.root.glob("raw/*/*/*.sealed"))) == 1


@kills("jinpai/erasure/__init__.py", "            fresh.erased(done.gone)\n", "")
@kills("jinpai/workspace/sealing.py", "self._rows.get(table, np.zeros_like(many)) + many", "many")
def test_an_erasure_and_a_retention_leave_what_they_leave_of_single_files(
    workspace: Workspace, single: Workspace, paths: list[Path]
) -> None:
    told = []
    for one in (workspace, single):
        first = erasure.erase(one, erasure.Request("main", "买家3"))
        second = erasure.erase(one, erasure.Request("main", words_before=1_685_635_200_000))
        told.append((first, second, contents(one)))
        flow.build(one)
    assert told[0] == told[1]
    assert told[0][0].files == 2
    assert snapshot(workspace.root) == snapshot(single.root)
    assert {one.revision for one in workspace.stored()} == {1, 2}
    assert all(one.already for one in import_files(workspace, paths))


@kills("jinpai/erasure/__init__.py", "file.digests[place].hex()): one", "file.digests[0].hex()): one")
def test_an_import_obeys_what_was_erased_file_by_file(tmp_path: Path, paths: list[Path]) -> None:
    made = Workspace.create(tmp_path / "店")
    import_files(made, paths[:1])
    erasure.erase(made, erasure.Request("main", "买家0"))
    again = Workspace.create(tmp_path / "又")
    import_files(again, paths[:2])
    done = import_files(made, [path for path in paths if path.name in ("2.csv", "大文件.csv", "3.csv")])
    assert [one.erased for one in done] == [0, 0, 600]
    copies = []
    for path in paths[:4]:
        copies.append(tmp_path / f"又 {path.name}")
        copies[-1].write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert [(one.erased, one.rows) for one in import_files(made, copies)] == [
        (1, {}), (0, {"messages": 1}), (0, {"messages": 1}), (0, {"messages": 1}),
    ]  # fmt: skip


def test_what_the_facts_were_made_from_is_not_in_their_manifest(workspace: Workspace) -> None:
    flow.build(workspace)
    text = (workspace.root / "facts" / "CURRENT").read_text(encoding="utf-8")
    assert "3.csv" not in text
    assert len(text) < 20_000
    workspace.write_settings(None, {"conversation_gap": "10m"})
    workspace.key_file.rename(workspace.key_file.with_suffix(".away"))
    flow.build(workspace)  # other settings need no raw rows, nor the key
    workspace.key_file.with_suffix(".away").rename(workspace.key_file)


@kills("jinpai/origins.py", 'told: Any = facts.meta.get("sources", {})', "told: Any = {}")
def test_facts_of_before_are_read_with_the_list_in_their_manifest(single: Workspace, tmp_path: Path) -> None:
    """As the last version wrote it: nothing is read anew, and a build goes on from it."""
    flow.build(single)
    before = snapshot(single.root)
    as_the_last_version_wrote_it(single)
    assert report(single, by=("agent",))["rows"]
    new = tmp_path / "新.csv"
    new.write_text(f"{HEAD}买家1,小美,buyer,2023-06-05 00:00:06,在吗,n1\n", encoding="utf-8")
    source = sources(single)
    import_files(single, [new])
    flow.build(single)
    assert source < sources(single)
    withdraw(single, chosen(single, "新.csv"))
    flow.build(single)
    assert snapshot(single.root) == before


def sources(workspace: Workspace) -> set[Path]:
    """The source files of messages that the facts name now."""
    facts = workspace.facts()
    assert facts is not None
    return set(facts.files("source_messages"))


def as_the_last_version_wrote_it(workspace: Workspace) -> None:
    """The manifest with a list of sources, and no file for them."""
    import pyarrow.parquet as pq

    current = workspace.root / "facts" / "CURRENT"
    told = json.loads(current.read_bytes())
    [name] = told["tables"].pop("_origins")["main"]
    file = workspace.root / "facts" / "data" / name
    told["meta"]["sources"] = {
        f"main/{row['mark']}": {
            "version": row["version"], "file": row["file"], "format": row["format"], "tables": json.loads(row["tables"]),
        }
        for row in pq.read_table(file).to_pylist()
    }  # fmt: skip
    told["meta"]["shops"]["main"]["made_from"]["raw"] = sorted(one.mark for one in workspace.stored())
    file.unlink()
    current.write_text(json.dumps(told), encoding="utf-8")


# ---- a folder


@kills("jinpai/gathering.py", "elif not is_left_alone(entry.name) and entry.is_file():", "elif entry.is_file():")
def test_a_folder_is_the_files_in_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = Workspace.create(tmp_path / "店")
    tiny(tmp_path / "小 文件", 60)
    (tmp_path / "小 文件" / "desktop.ini").write_text("x", encoding="utf-8")
    (tmp_path / "小 文件" / ".git").mkdir()
    (tmp_path / "小 文件" / ".git" / "config").write_text("x", encoding="utf-8")
    words = ["import", str(tmp_path / "小 文件"), "--workspace", str(made.root), "--lang", "zh"]
    assert cli.main(words) == 0
    assert "60 个文件：聊天消息 60 行" in capsys.readouterr().out
    assert cli.main(words) == 0
    assert "60 个文件以前导入过，没有变化" in capsys.readouterr().out
    assert cli.main(["imports", "--workspace", str(made.root), "--lang", "zh"]) == 0
    assert "还有 40 个文件没有列出" in capsys.readouterr().out
    (tmp_path / "空").mkdir()
    with pytest.raises(JinpaiError, match="没有要导入的文件"):
        import_files(made, [tmp_path / "空"])
