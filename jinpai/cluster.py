"""集群 cluster: whether there is anybody out there: a master that answers, and executors for the work that waits.

Spark itself waits for both, the second for ever. Here either ends in a sentence within a bounded time. Where memory was
short, the sentence names the setting.
"""

from __future__ import annotations

import logging
import os
import re
import socket
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from jinpai.errors import JinpaiError, Words

PATIENCE = "spark.jinpai.patience"
"""耐心 the property in spark-defaults.conf: seconds that work waits while there is no executor at all."""
PATIENCE_SECONDS = 120.0
DRIVER_OPTIONS = "spark.driver.extraJavaOptions"
_ANSWER_SECONDS = 10.0
_LOOK_SECONDS = 2.0
_LAG = 10_000
"""Milliseconds in which Spark takes down what it knows of the executors it lost."""
_LOST = re.compile(r"ExecutorLost|FetchFailed|Checkpoint block", re.IGNORECASE)
"""What an error says whose cause is, or may be, an executor that is gone: with it went rows and tables."""


_BRIDGE = ("java_gateway", "clientserver")
"""The modules of Py4J, between Python and the driver's Java."""


class _Shortage(NamedTuple):
    """One way to run out of memory: how Spark tells it, what happened, and the settings that give more."""

    told: re.Pattern[str]
    what: Words
    settings: str
    others: Words = Words("，或给集群加工作节点", ", or give the cluster more workers")


_SHORTAGES = (
    _Shortage(
        re.compile(r"code:? 52\b|Lost task.*?OutOfMemoryError", re.DOTALL),
        Words("执行器的内存不够", "an executor ran out of memory"),
        "spark.executor.memory",
    ),
    # whoever kills with signal 9 gives no reason: the kernel, YARN and Kubernetes where memory is short, or a person
    _Shortage(
        re.compile(
            r"code:? 137\b|OOMKilled|killed by external signal|exceeding (physical|virtual) memory", re.IGNORECASE
        ),
        Words(
            "执行器被强行结束了，多半是内存不够，也可能是有人停了它",
            "an executor was killed, most often for want of memory, though somebody may have stopped it",
        ),
        "spark.executor.memory / spark.executor.memoryOverhead",
    ),
    _Shortage(
        re.compile(r"^(MemoryError|pyarrow\.lib\.ArrowMemoryError)\b", re.MULTILINE),
        Words("执行器里 Python 的内存不够", "the Python of an executor ran out of memory"),
        "spark.executor.pyspark.memory",
    ),
    _Shortage(
        re.compile(r"OutOfMemoryError"),
        Words(
            "驱动端（运行 jinpai 的电脑）的内存不够", "the driver, on the machine that runs jinpai, ran out of memory"
        ),
        "spark.driver.memory",
        Words("", ""),
    ),
)
_DETAIL = re.compile(r"java\.lang\.OutOfMemoryError: [^\n]{1,100}|exited with (?:exit )?code:? \d+")


def master_by_default() -> str | None:
    """默认主节点 the master that spark-defaults.conf names; None without one."""
    return _by_default("spark.master")


def driver_options() -> str:
    """驱动端的 Java 选项 those of spark-defaults.conf, and that Java ends where its memory does.

    Spark's own threads do not: the one that hands out work is gone, and whoever asked waits without an end.
    """
    return f"{_by_default(DRIVER_OPTIONS) or ''} -XX:+ExitOnOutOfMemoryError".strip()


def _by_default(name: str) -> str | None:
    home, folder = os.environ.get("SPARK_HOME"), os.environ.get("SPARK_CONF_DIR")
    place = Path(folder) if folder else Path(home, "conf") if home else None
    file = place / "spark-defaults.conf" if place else None
    if file is None or not file.is_file():
        return None
    text = file.read_text(encoding="utf-8", errors="replace")
    found = re.search(rf"^\s*{re.escape(name)}[\s=:]+(\S.*?)\s*$", text, re.MULTILINE)
    return found[1] if found else None


def expect_answer(master: str, seconds: float = _ANSWER_SECONDS) -> None:
    """要有人应 that a standalone master takes connections; of several addresses one is enough. Else a JinpaiError."""
    if not master.startswith("spark://"):
        return
    why = ""
    for place in master.removeprefix("spark://").split(","):
        host, _, port = place.rpartition(":")
        try:
            with socket.create_connection((host.strip("[]"), int(port)), timeout=seconds):
                return
        except (OSError, ValueError, OverflowError) as error:
            why = str(error.strerror or error) if isinstance(error, OSError) else f"{error}"
    raise JinpaiError(
        f"连不上 Spark 主节点 {master}：{why}。请检查地址和端口、它是否在运行、防火墙是否放行。数据没有动。",
        f"The Spark master {master} cannot be reached: {why}. Check address and port, whether it runs, and the firewall. "
        "Nothing was changed.",
    )


def quieten_bridge() -> None:
    """不重复报错 that Py4J writes no traceback of its own, even by the root logger: what it tells is raised as well."""
    for name in ("", *(f"py4j.{module}" for module in _BRIDGE)):
        logging.getLogger(name).addFilter(_is_news)


def _is_news(record: logging.LogRecord) -> bool:
    return record.module not in _BRIDGE


class Lookout:
    """瞭望 looks after a connection to a cluster: work that waits too long with no executor there is called off."""

    def __init__(self, context: Any) -> None:
        self._context = context
        self._seconds = _seconds(str(context.getConf().get(PATIENCE, "")))
        self.has_called_off = False
        self._told: set[str] = set()

    def start(self) -> None:
        """开始 in a thread of its own, for as long as the connection lasts; Spark on this machine needs none."""
        if not str(self._context.master).startswith("local"):
            threading.Thread(target=self._look, name="jinpai-lookout", daemon=True).start()

    def _look(self) -> None:
        alone_since: float | None = None
        while True:
            time.sleep(_LOOK_SECONDS)
            try:
                scala = self._context._jsc.sc()  # noqa: SLF001
                if scala.isStopped():
                    return
                # the driver is one of them
                waits = scala.getExecutorMemoryStatus().size() <= 1 and self._context.statusTracker().getActiveJobsIds()
            except Exception:  # noqa: BLE001  whatever ends the connection ends the watch
                return
            if not waits:
                alone_since = None
                continue
            alone_since = alone_since or time.monotonic()
            if time.monotonic() - alone_since > self._seconds:
                self.has_called_off = True
                self._context.cancelAllJobs()
                alone_since = None

    def losses(self, said: str) -> str:
        """丢失的原因 why executors were lost since this was last asked, where an error is of a loss; it seldom says why."""
        if not _LOST.search(said):
            return ""
        new: list[str] = []
        with suppress(Exception):  # the connection may be gone too, and the error as it stands must do
            scala = self._context._jsc.sc()  # noqa: SLF001
            scala.listenerBus().waitUntilEmpty(_LAG)
            known = scala.statusStore().executorList(False)
            every = [known.apply(number) for number in range(known.size())]
            why = {one.id(): str(one.removeReason().get()) for one in every if one.removeReason().isDefined()}
            new = [reason for one, reason in why.items() if one not in self._told]
            self._told |= set(why)
        return "\n".join(new)

    def words(self) -> Words:
        """说法 why it was called off."""
        return Words(
            f"{self._seconds:g} 秒里集群没有给出一个执行器（没有空闲的核或内存，或工作节点都断了）",
            f"the cluster gave no executor in {self._seconds:g} s (no free cores or memory, or all workers are gone)",
        )


def _seconds(said: str) -> float:
    try:
        return float(said.strip().removesuffix("s") or PATIENCE_SECONDS)
    except ValueError:
        return PATIENCE_SECONDS


def driver_has_ended() -> JinpaiError:
    """驱动端没了 the sentence for a driver whose Java is gone: it ends at once where its memory does, and cannot say so."""
    return JinpaiError(
        "Spark 没有算完：驱动端（运行 jinpai 的电脑）的 Java 退出了，多半是内存不够。原来的数据没有动。"
        "请在 spark-defaults.conf 里调大 spark.driver.memory，再来一次。",
        "Spark did not finish: the driver's Java, on the machine that runs jinpai, has ended, most often for want of memory. "
        "Nothing was changed. Raise spark.driver.memory in spark-defaults.conf, then try again.",
    )


def short_of_memory(said: str) -> JinpaiError | None:
    """内存不够 the sentence where what Spark said of a failure tells that memory was short, and whose; else None."""
    short = next((one for one in _SHORTAGES if one.told.search(said)), None)
    if short is None:
        return None
    found = _DETAIL.search(said)
    detail, detail_en = (f"（{found[0]}）", f" ({found[0]})") if found else ("", "")
    return JinpaiError(
        f"Spark 没有算完：{short.what.zh}{detail}。原来的数据没有动。"
        f"请在 spark-defaults.conf 里调大 {short.settings}{short.others.zh}，再来一次。",
        f"Spark did not finish: {short.what.en}{detail_en}. Nothing was changed. "
        f"Raise {short.settings} in spark-defaults.conf{short.others.en}, then try again.",
    )
