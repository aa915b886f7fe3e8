"""星火 Spark: the engine for shops that one machine cannot hold. The only file that names PySpark.

Runs the SQL of the tables translated from DuckDB's dialect, so that rows and types are the same.
Which engine computes is one setting, the environment variable JINPAI_ENGINE; see docs/spark.md.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from jinpai import __version__, cluster
from jinpai.cluster import Lookout, expect_answer, master_by_default, short_of_memory
from jinpai.coded import plain_words
from jinpai.dialect import translated
from jinpai.engine import Along, Engine, Value, Walked, bound, stretches
from jinpai.errors import JinpaiError, WrongUse

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

SETTING = "JINPAI_ENGINE"
EMBEDDED = "duckdb"
_MASTERS = ("local", "spark://", "k8s://", "yarn")
FIXED = {
    # a sum that does not fit is an error, as in DuckDB, and never another number
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.execution.arrow.useLargeVarTypes": "false",
    # Spark 4 loses its way in what it infers of a union of kept tables ("key not found: buyer_key#…")
    "spark.sql.constraintPropagation.enabled": "false",
}
"""What equal rows, and any rows at all, depend on; everything else is the cluster's own business (spark-defaults.conf)."""
_SHORT = 1 << 20
"""So many bytes of Arrow rows are sent to the executors again rather than kept by them."""
_TALKATIVE = ("rdd.MapPartitionsRDD", "sql.catalyst.util.SparkStringUtils")
"""Loggers of Spark that warn of what is meant: tables let go at the end, and long plans."""


def engine_for(folder: Path, memory_limit: str | None = None) -> Engine:
    """引擎 the engine that the setting asks for: DuckDB, or Spark on the master that it names.

    `folder` is for DuckDB's temporary files. Another word than duckdb, spark or a master is WrongUse.
    """
    asked = os.environ.get(SETTING, "").strip() or EMBEDDED
    if asked == EMBEDDED:
        return Engine(folder, memory_limit)
    if asked == "spark":
        return SparkEngine(None)
    if asked.startswith(_MASTERS):
        return SparkEngine(asked)
    raise WrongUse(
        f"{SETTING} 不能是「{asked}」。请写 duckdb、spark 或 Spark 主节点的地址，例如 spark://10.0.0.5:7077。",
        f"{SETTING} cannot be '{asked}'. Write duckdb, spark, or a Spark master, for example spark://10.0.0.5:7077.",
    )


class SparkEngine(Engine):
    """星火引擎 the same doings as Engine, on Spark: a session of its own, whose tables lie with the executors.

    `master` is a Spark master's URL; None takes that of spark-defaults.conf, else this machine alone.
    A table is computed once and kept by the executors, on disk where memory is short; an executor
    that is lost takes its part of the tables along, and the computation ends in a JinpaiError. A table
    with a `path` is written there too, to one Parquet file on a disk that all executors share.
    """

    walks_along = False

    def __init__(self, master: str | None = None) -> None:  # no database of DuckDB's is opened
        self._session = _session(master).newSession()
        for name, value in FIXED.items():
            self._session.conf.set(name, value)
        self._names: set[str] = set()
        self._kept: set[int] = set()

    def __exit__(self, *_: object) -> None:
        from py4j.protocol import Py4JNetworkError

        with suppress(ConnectionError, Py4JNetworkError):  # with the driver's Java everything is gone already
            held = self._held()
            for number in self._kept & set(held):
                held[number].unpersist(False)
            for name in self._names:
                self._session.catalog.dropTempView(name)
        self._kept.clear()
        self._names.clear()

    def _name(self, name: str, frame: DataFrame) -> None:
        frame.createOrReplaceTempView(name)
        self._names.add(name)

    def _frame(self, sql: str, values: Mapping[str, Value] | None = None) -> DataFrame:
        return self._session.sql(translated(sql), args=bound(sql, values))

    def _keep(self, name: str, frame: DataFrame, path: Path | None = None) -> None:
        """Computes the rows now: a table that others read must not be computed again for each."""
        from pyspark import StorageLevel

        before = set(self._held())
        kept = frame.localCheckpoint(eager=True, storageLevel=StorageLevel.MEMORY_AND_DISK)
        self._kept |= set(self._held()) - before
        self._name(name, kept)
        if path is not None:
            _write(kept, path)

    def _held(self) -> Mapping[int, Any]:
        """What the executors hold at present, by number."""
        return dict(self._session.sparkContext._jsc.getPersistentRDDs())  # noqa: SLF001

    def read(self, name: str, files: Iterable[Path]) -> None:
        """读表 make `name` a view over Parquet files, which every executor finds under the same path."""
        with _cluster():
            self._name(name, self._session.read.parquet(*(_pattern(_address(file)) for file in files)))

    def take(self, name: str, rows: pa.Table, path: Path | None = None) -> None:
        """收表 make `name` a table with the rows of an Arrow table, which go from here to the executors.

        With `path` they go to one Parquet file, which the executors read.
        """
        if path is not None:
            self.gather(name, rows.schema, [rows], path)
            return
        with _cluster():
            # in one piece: PySpark 4.3 takes an empty piece for the end of the table and drops what follows
            frame = self._session.createDataFrame(plain_words(rows).combine_chunks())
            # a short one goes along with each query
            self._keep(name, frame) if rows.nbytes > _SHORT else self._name(name, frame)

    def make(self, name: str, sql: str, values: Mapping[str, Value] | None = None, path: Path | None = None) -> None:
        """算表 make table `name` from a query."""
        with _cluster():
            self._keep(name, self._frame(sql, values), path)

    def walk(
        self, name: str, walked: Walked, values: Mapping[str, Value] | None = None, path: Path | None = None,
        along: Along = MappingProxyType({}),  # noqa: ARG002
    ) -> None:  # fmt: skip
        """逐段算 make `name` of `walked`'s function over its rows, whole keys at a time, wherever their keys lie.

        The executors call the function, in Python: what it is made of must be importable there.
        """
        from pyspark.sql.functions import col
        from pyspark.sql.pandas.types import from_arrow_schema

        order = [col(column).asc_nulls_last() for column in walked.order]
        with _cluster():
            rows = self._frame(walked.rows, values).repartition(walked.order[0]).sortWithinPartitions(*order)
            self._keep(name, rows.mapInArrow(_whole_keys(walked), from_arrow_schema(walked.schema)), path)

    def view(self, name: str, sql: str) -> None:
        """视图 make view `name` of a query without parameters."""
        with _cluster():
            self._name(name, self._frame(sql))

    def arrow(self, sql: str, values: Mapping[str, Value] | None = None) -> pa.Table:
        """取表 the rows of a query as an Arrow table, which come from the executors to here."""
        with _cluster():
            return self._frame(sql, values).toArrow()

    def rows(self, sql: str, values: Mapping[str, Value] | None = None) -> list[dict[str, Any]]:
        """取行 the rows of a query as dictionaries."""
        found: list[dict[str, Any]] = self.arrow(sql, values).to_pylist()
        return found

    def repeats(self, column: str, rows: str, values: Mapping[str, Value] | None = None) -> bool:
        """有没有重复 whether a column says a number twice; the executors count, for the driver could not hold them all."""
        return bool(self.rows(f"select 1 as found from {rows} group by {column} having count(*) > 1 limit 1", values))

    def has(self, name: str) -> bool:
        """有没有 whether there is a table or view `name`."""
        return name in self._names

    def scratch(self, name: str) -> Path | None:  # noqa: ARG002
        """临时文件 None: a table that is not kept stays with the executors."""
        return None


def _whole_keys(walked: Walked) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """What an executor does with its part of the rows; it is sent there with all that it holds."""
    made, key, schema, version = walked.made, walked.order[0], walked.schema, __version__

    def walk(arriving: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import jinpai

        if jinpai.__version__ != version:
            raise RuntimeError(f"No module named 'jinpai' {version}: there is {jinpai.__version__}")
        for stretch in stretches(arriving, key):
            yield from made(stretch).cast(schema).to_batches()

    return walk


def _write(frame: DataFrame, path: Path) -> None:
    """One Parquet file. Spark writes folders; this one lies beside the file, so that the last step is a rename."""
    folder = path.with_name(f"{path.stem}.spark")
    try:
        frame.coalesce(1).write.mode("overwrite").option("compression", "zstd").parquet(_address(folder))
        written = sorted(folder.glob("part-*.parquet"))
        if len(written) != 1:
            raise _not_shared(folder)
        written[0].replace(path)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _address(path: Path) -> str:
    """A local path as Hadoop writes it, whatever file system it takes by default."""
    plain = path.absolute().as_posix()
    return f"file:{plain}" if plain.startswith("/") else f"file:/{plain}"


def _pattern(address: str) -> str:
    r"""Where files are read, `[` and `*` in the name of a folder are no pattern."""
    return "".join(f"\\{letter}" if letter in "\\[]{}*?" else letter for letter in address)


# ---- the cluster

_LOOKOUT: list[Lookout] = []
"""瞭望 of this process's connection, once there is one."""


def _session(master: str | None) -> SparkSession:
    """This process's connection to the cluster: made once, and left open for the next shop."""
    with _installed():
        from pyspark import SparkContext
        from pyspark.sql import SparkSession

        running = SparkContext._active_spark_context  # noqa: SLF001
        if running is not None and master not in (None, running.master):
            raise WrongUse(
                f"这个进程已经连着 Spark {running.master}，不能再连 {master}。",
                f"This process is connected to Spark {running.master} already and cannot connect to {master}.",
            )
        if running is None:
            expect_answer(master or master_by_default() or "")
            cluster.quieten_bridge()
        build = SparkSession.builder.appName("jinpai").config("spark.ui.showConsoleProgress", "false")
        build = build.config(cluster.DRIVER_OPTIONS, cluster.driver_options())
        made = (build if master is None else build.master(master)).getOrCreate()
        context = made.sparkContext
        # PySpark would take whatever `python3` is first on the path over there
        here = context.getConf().get("spark.pyspark.python", sys.executable)
        context.pythonExec = os.environ.get("PYSPARK_PYTHON") or here
        java: Any = context._jvm  # noqa: SLF001
        logging = java.org.apache.logging.log4j
        for name in _TALKATIVE:
            logging.core.config.Configurator.setLevel(f"org.apache.spark.{name}", logging.Level.ERROR)
        if running is None:
            _LOOKOUT[:] = [Lookout(context)]
            _LOOKOUT[0].start()
        return made


@contextmanager
def _installed() -> Iterator[None]:
    """What is missing on this machine, or a master that does not answer, is said in a sentence."""
    from importlib.util import find_spec

    if find_spec("pyspark") is None:
        raise JinpaiError(
            "没有装 PySpark。请运行 python -m pip install 'jinpai[spark]'。",
            "PySpark is not installed. Run python -m pip install 'jinpai[spark]'.",
        )
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise JinpaiError(
            "Spark 要用 Java，这台电脑上没有。请装 Java 17 或更新的版本，例如 apt-get install default-jre-headless。",
            "Spark needs Java, and there is none. Install Java 17 or newer, for example apt-get install default-jre-headless.",
        )
    with _cluster():
        yield


@contextmanager
def _cluster() -> Iterator[None]:
    """What goes wrong out there is said in a sentence; a mistake in the SQL stays what it is."""
    from py4j.protocol import Py4JError
    from pyspark.errors import AnalysisException, PySparkException

    try:
        yield
    except AnalysisException:
        raise
    except (PySparkException, Py4JError, ConnectionError) as error:
        if "No module named 'jinpai'" in str(error):
            raise _not_installed() from error
        said, said_en = _first_words(error), _first_words(error)
        if _LOOKOUT and _LOOKOUT[0].has_called_off:
            _LOOKOUT[0].has_called_off = False
            said, said_en = _LOOKOUT[0].words()
        elif _driver_is_gone(error):
            raise cluster.driver_has_ended() from error
        elif short := short_of_memory(_all_words(error)):
            raise short from error
        raise JinpaiError(
            f"Spark 没有算完：{said}。原来的数据没有动。请看 Spark 的日志，排除以后再来一次。",
            f"Spark did not finish: {said_en}. Nothing was changed. See the logs of Spark, then try again.",
        ) from error


def _driver_is_gone(error: Exception) -> bool:
    """Whether the driver's Java has ended; it is forgotten then, so that the next build starts another."""
    from py4j.protocol import Py4JError, Py4JJavaError
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    process = getattr(SparkContext._gateway, "proc", None)  # noqa: SLF001
    if process is None or isinstance(error, Py4JJavaError) or not isinstance(error, (ConnectionError, Py4JError)):
        return False
    with suppress(subprocess.TimeoutExpired):
        process.wait(5)  # it takes a moment from Java's last word to its end
    if process.poll() is None:
        return False
    _LOOKOUT.clear()
    SparkContext._active_spark_context = SparkContext._gateway = SparkContext._jvm = None  # noqa: SLF001
    SparkSession._instantiatedSession = None  # noqa: SLF001
    return True


def _all_words(error: Exception) -> str:
    """What an error says with its causes, and why executors were lost where it is of that."""
    said = f"{error}\n{getattr(error, '_stackTrace', '')}"
    return said + (_LOOKOUT[0].losses(said) if _LOOKOUT else "")


def _first_words(error: Exception) -> str:
    """The line of an error that says what happened: a Java error begins with it, one of Python's ends with it."""
    java = getattr(error, "java_exception", None)
    lines = [line for line in str(java or error).splitlines() if line.strip()]
    traced = [place for place, line in enumerate(lines) if line.endswith("Traceback (most recent call last):")]
    if traced:
        # what Python said over there stands after its traceback
        lines = [line for line in lines[traced[-1] + 1 :] if not line[0].isspace()]
    return lines[0].strip().rstrip(".")[:300] if lines else type(error).__name__


def _not_shared(folder: Path) -> JinpaiError:
    return JinpaiError(
        f"Spark 算出的文件没有出现在 {folder}。工作区要放在每台机器都以同一路径挂载的共享盘上。",
        f"The file that Spark computed is not in {folder}. The workspace must lie on a disk that every machine mounts "
        "under the same path.",
    )


def _not_installed() -> JinpaiError:
    return JinpaiError(
        f"Spark 的工作节点上没有 jinpai {__version__}。请在每台机器装上同一版本，或用 spark.archives 发过去（见 docs/spark.md）。",
        f"The workers of Spark lack jinpai {__version__}. Install this version on every machine, or send it along with "
        "spark.archives (see docs/spark.md).",
    )
