"""设置 one setting chooses the engine, and the facts that a build leaves are the same."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jinpai.engine import Engine, Walked
from jinpai.errors import JinpaiError, WrongUse
from jinpai.flow import build, opened
from jinpai.importing import import_files
from jinpai.layers import BUYERS, ORDERS, REFUNDS, sums
from jinpai.spark import SETTING, SparkEngine, engine_for
from jinpai.workspace import Workspace
from tests.oracles.drawn import drawn
from tests.oracles.program import built, reported, write_files
from tests.oracles.scenario import scenario
from tests.spark.lake import different


def on_the_cluster(test: Callable[..., None]) -> Callable[..., None]:
    """A slow test that shares its cluster with the others of this folder."""
    return pytest.mark.slow(pytest.mark.xdist_group("spark")(test))


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


@on_the_cluster
def test_a_build_on_the_cluster_leaves_the_same_facts(
    master: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, chosen = drawn(1)
    data = scenario(text)
    last = max(data["messages"], key=lambda row: row["sent_at"]) | {"sender": "buyer", "message_id": None}
    data["messages"] += [last | {"buyer": f"路人{number}"} for number in range(6)]
    workspace = built(data, chosen, folder)
    assert not writer(workspace).startswith("parquet-mr")
    ours, rows = tables_of(workspace), reported(workspace, *ASKED)
    shutil.rmtree(workspace.root / "facts")
    monkeypatch.setenv(SETTING, master)
    build(workspace)
    assert writer(workspace).startswith("parquet-mr"), "Spark did not write these"
    assert not unlike(ours, tables_of(workspace))
    assert reported(workspace, *ASKED) == rows

    # what comes later is a layer on Spark's facts, which the embedded engine makes
    news = last | {"buyer": "后来的人", "sent_at": last["sent_at"] + 60_000}
    (folder / "later").mkdir()
    import_files(workspace, write_files({"messages": [news]}, folder / "later"))
    build(workspace)
    assert len(workspace.facts().files("span")) == 2
    grown = tables_of(workspace)
    monkeypatch.setenv(SETTING, "duckdb")
    shutil.rmtree(workspace.root / "facts")
    build(workspace)
    assert not unlike(tables_of(workspace), grown)


def unlike(ours: dict[str, pa.Table], theirs: dict[str, pa.Table]) -> list[str]:
    assert ours.keys() == theirs.keys()
    return [one for name in ours for one in different(name, ours[name], theirs[name])]


ASKED = ("main", "2025-11-01", "2025-12-31", ("agent",))


def tables_of(workspace: Workspace) -> dict[str, pa.Table]:
    with opened(workspace, "main") as engine:
        names = set(workspace.facts().tables) - {BUYERS.name, ORDERS.name, REFUNDS.name, "daily"}
        told = {name: engine.arrow(f"select * from {name}") for name in names}
        return told | {"daily": engine.arrow(sums(["daily"]))}


def writer(workspace: Workspace) -> str:
    return str(pq.read_metadata(workspace.facts().files("span")[0]).created_by)


@on_the_cluster
def test_what_goes_wrong_on_the_cluster_is_a_sentence(
    master: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_rows: pa.Table) -> pa.Table:
        raise ValueError("这里坏了")

    walked = Walked("select * from two", ("k",), broken, pa.schema([("k", pa.int64())]))
    (folder / "no.parquet").write_bytes(b"this is no parquet file")
    with SparkEngine(master) as engine:
        with pytest.raises(JinpaiError, match=r"Spark 没有算完：.+。原来的数据没有动。"):
            engine.read("t", [folder / "no.parquet"])
        with pytest.raises(JinpaiError, match="Spark 没有算完"):
            engine.rows("select 9223372036854775807 + n as n from (select 1 as n) as t")
        engine.take("two", pa.table({"k": [1, 2]}))
        with pytest.raises(JinpaiError, match="Spark 没有算完：ValueError: 这里坏了。"):
            engine.walk("three", walked)
        monkeypatch.setattr("jinpai.spark.__version__", "0.0.9")
        with pytest.raises(JinpaiError, match=r"工作节点上没有 jinpai 0\.0\.9。"):
            engine.walk("three", walked)
        with pytest.raises(WrongUse, match="已经连着 Spark"):
            SparkEngine("spark://127.0.0.1:9")
