"""设置 one setting chooses the engine, and the facts that a build leaves are the same."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jinpai.engine import Engine
from jinpai.errors import JinpaiError, WrongUse
from jinpai.flow import build
from jinpai.spark import SETTING, SparkEngine, engine_for
from jinpai.workspace import Workspace
from tests.oracles.drawn import drawn
from tests.oracles.program import built, reported
from tests.oracles.scenario import scenario
from tests.spark.lake import different


@pytest.mark.parametrize("said", ["", "duckdb", " "])
def test_the_embedded_engine_unless_told(said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTING, said)
    with engine_for(tmp_path) as engine:
        assert type(engine) is Engine


@pytest.mark.parametrize("said", ["polars", "Spark", "spark:/10.0.0.5:7077", "http://10.0.0.5"])
def test_another_word_is_wrong_use(said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTING, said)
    with pytest.raises(WrongUse, match=r"JINPAI_ENGINE 不能是「.*」。请写"):
        engine_for(tmp_path)


@pytest.mark.slow
def test_a_build_on_the_cluster_leaves_the_same_facts(
    master: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, chosen = drawn(1)
    workspace = built(scenario(text), chosen, folder)
    ours, by, rows = tables_of(workspace), writer(workspace), reported(workspace, *ASKED)
    shutil.rmtree(workspace.root / "facts")
    monkeypatch.setenv(SETTING, master)
    build(workspace)
    theirs = tables_of(workspace)
    assert writer(workspace).startswith("parquet-mr"), "Spark did not write these"
    assert not by.startswith("parquet-mr")
    assert ours.keys() == theirs.keys()
    wrong = [one for name in ours for one in different(name, ours[name], theirs[name])]
    assert not wrong, "\n".join(wrong)
    assert reported(workspace, *ASKED) == rows


ASKED = ("main", "2025-11-01", "2025-12-31", ("agent",))


def tables_of(workspace: Workspace) -> dict[str, pa.Table]:
    facts = workspace.facts()
    assert facts is not None
    return {name: pq.read_table(facts.files(name)) for name in facts.tables}


def writer(workspace: Workspace) -> str:
    facts = workspace.facts()
    assert facts is not None
    return str(pq.read_metadata(facts.files("span")[0]).created_by)


@pytest.mark.slow
def test_what_goes_wrong_on_the_cluster_is_a_sentence(master: str, folder: Path) -> None:
    (folder / "no.parquet").write_bytes(b"this is no parquet file")
    with SparkEngine(master) as engine:
        with pytest.raises(JinpaiError, match=r"Spark 没有算完：.+。原来的数据没有动。"):
            engine.read("t", [folder / "no.parquet"])
        with pytest.raises(JinpaiError, match="Spark 没有算完"):
            engine.rows("select 9223372036854775807 + n as n from (select 1 as n) as t")
        with pytest.raises(WrongUse, match="已经连着 Spark"):
            SparkEngine("spark://127.0.0.1:9")
