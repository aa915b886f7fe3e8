"""内存 executors that run out of memory: the sentence names the setting, nothing is changed, and with more it works.

On the cluster the heap is full in earnest; the quick tests have more ways in which Spark words it.
"""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from jinpai.cluster import quieten_bridge, short_of_memory
from jinpai.errors import JinpaiError
from jinpai.workspace import Workspace
from tests.hostile.killing import Snapshot, snapshot
from tests.mutants import kills
from tests.spark.cluster import cluster
from tests.spark.test_weather import build, wanted, workspace

__all__ = ["wanted", "workspace"]
SECONDS = 600
LITTLE, ENOUGH = "512m", "2g"
BUFFER = {"spark_shuffle_file_buffer": "400m", "spark_sql_shuffle_partitions": "1"}
"""What a task holds while it hands rows on, 32 KiB by default: so a shop of seven messages is too much for 512m."""
ABORTED = "Job aborted due to stage failure: Task 0 in stage 0.0 failed 4 times, most recent failure: Lost task 0.3"
TOLD = {
    f"{ABORTED} in stage 0.0 (TID 3) (127.0.0.1 executor 2): java.lang.OutOfMemoryError: Java heap space\n\nDriver "
    "stacktrace:": "执行器的内存不够（java.lang.OutOfMemoryError: Java heap space）。.*调大 spark.executor.memory，或给",
    "org.apache.spark.shuffle.MetadataFetchFailedException: Missing an output location for shuffle 0 partition 0\n"
    "Command exited with code 52": "执行器的内存不够（exited with code 52）。.*调大 spark.executor.memory，或给",
    "ExecutorLostFailure (executor 3 exited caused by one of the running tasks) Reason: Command exited with code 137": (
        "多半是内存不够，也可能是有人停了它（exited with code 137）。.*memory / spark.executor.memoryOverhead，或给"
    ),
    "Traceback (most recent call last):\n  File x\nMemoryError\n": "Python 的内存不够。.*调大 spark.executor.pyspark.memory",
    'Exception in thread "serve-Arrow" java.lang.OutOfMemoryError: Java heap space': "驱动端.*调大 spark.driver.memory，再来",
}


@pytest.mark.parametrize("told", TOLD)
def test_whose_memory_was_short_is_told_from_what_spark_says(told: str) -> None:
    with pytest.raises(JinpaiError, match=rf"^Spark 没有算完：.*{TOLD[told]}") as said:
        raise short_of_memory(told) or AssertionError
    assert "Nothing was changed. Raise spark." in said.value.words.en


@pytest.mark.parametrize(
    "told",
    [
        "ValueError: code 520",
        "Command exited with code 1",
        "No MemoryError here",
        "Failed to connect: Connection refused",
    ],
)
def test_what_is_no_lack_of_memory_is_not_said_to_be(told: str) -> None:
    assert short_of_memory(told) is None


@kills("jinpai/cluster.py", "record.module not in _BRIDGE", "True")
def test_a_connection_that_breaks_in_the_middle_is_raised_and_not_logged_beside(
    caplog: pytest.LogCaptureFixture,
) -> None:
    from py4j.java_gateway import GatewayClient, GatewayParameters
    from py4j.protocol import is_error

    quieten_bridge()
    with socket.create_server(("127.0.0.1", 0)) as java:
        threading.Thread(target=hang_up_in_the_middle, args=(java,), daemon=True).start()
        client = GatewayClient(gateway_parameters=GatewayParameters(port=java.getsockname()[1]))
        answer = client.send_command("c\nt\nnothing\ne\n")
    assert is_error(answer)[0]
    assert [record.getMessage() for record in caplog.records] == []


def hang_up_in_the_middle(java: socket.socket) -> None:
    """A driver that dies while it is asked: the command is read and the connection reset."""
    asked, _ = java.accept()
    asked.recv(1024)
    asked.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    asked.close()


@pytest.mark.slow
@pytest.mark.xdist_group("spark")
@kills("jinpai/cluster.py", r'code:? 52\b|Lost task.*?OutOfMemoryError"', r'code:? 53\b"')
def test_a_build_whose_executors_run_out_of_memory_says_so_and_works_with_more(
    workspace: Workspace, wanted: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:  # fmt: skip
    before, files, started = snapshot(workspace.root), kept(workspace), time.monotonic()
    said = told(workspace, tmp_path / LITTLE, monkeypatch, LITTLE)
    record_property("measured", f"{time.monotonic() - started:.0f} s until a build without memory said so")
    assert "Spark 没有算完：执行器的内存不够" in said
    assert "请在 spark-defaults.conf 里调大 spark.executor.memory，或给集群加工作节点" in said
    assert "Traceback" not in said
    assert kept(workspace) == files, "a file is left, or the pointer has moved"
    assert snapshot(workspace.root) == before
    assert "没有算完" not in told(workspace, tmp_path / ENOUGH, monkeypatch, ENOUGH)
    assert snapshot(workspace.root) == wanted


@pytest.mark.slow
@pytest.mark.xdist_group("spark")
@kills("jinpai/cluster.py", " -XX:+ExitOnOutOfMemoryError", "")
def test_a_driver_whose_memory_is_full_ends_and_that_is_said(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = snapshot(workspace.root)
    (tmp_path / "cluster").mkdir()
    # what the driver packs for its executors takes a buffer that its heap has no room for
    little = {"spark_driver_memory": LITTLE, "spark_executor_memory": ENOUGH,
              "spark_io_compression_codec": "zstd", "spark_io_compression_zstd_bufferSize": "600m"}  # fmt: skip
    with cluster(tmp_path / "cluster", 1, **little) as master, build(workspace, monkeypatch, master) as under_way:
        try:
            said, _ = under_way.communicate(timeout=SECONDS / 5)
        finally:
            under_way.kill()
    assert under_way.returncode > 0
    assert "Spark 没有算完：驱动端（运行 jinpai 的电脑）的 Java 退出了" in said
    assert "请在 spark-defaults.conf 里调大 spark.driver.memory，再来一次。" in said
    assert "Traceback" not in said
    assert snapshot(workspace.root) == before


def told(workspace: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch, memory: str) -> str:
    """What a build says on a cluster whose executors have so much memory."""
    folder.mkdir()
    properties = BUFFER | {"spark_executor_memory": memory}
    with cluster(folder, 1, **properties) as master, build(workspace, monkeypatch, master) as under_way:
        said, _ = under_way.communicate(timeout=SECONDS)
    assert bool(under_way.returncode) == (memory == LITTLE), said
    return said


def kept(workspace: Workspace) -> dict[Path, bytes]:
    """Every file of the facts, the pointer too."""
    return {file: file.read_bytes() for file in (workspace.root / "facts").rglob("*") if file.is_file()}
