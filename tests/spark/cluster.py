"""集群 a real Spark master and two workers on loopback, small enough for any machine, gone when the test is."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.spark.guard import AT_ONCE

GUARD = Path(__file__).with_name("guard.py")
ROOT = Path(__file__).resolve().parents[2]
HERE = "127.0.0.1"
# Short runs: the small compiler is warm sooner. 512m is the least that an executor takes.
JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
DEFAULTS = {
    "spark.driver.host": HERE,
    "spark.driver.bindAddress": HERE,
    "spark.driver.memory": "1g",
    "spark.driver.extraJavaOptions": JAVA,
    "spark.executor.memory": "512m",
    "spark.executor.extraJavaOptions": JAVA,
    "spark.sql.shuffle.partitions": "2",
    "spark.ui.enabled": "false",
    # nobody is waited for who is not there
    "spark.network.timeout": "60s",
}
LOGGING = """
rootLogger.level = {level}
rootLogger.appenderRef.stderr.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %p %c{{1}}: %m%n
"""
SECONDS = 60


def java() -> str | None:
    """Java 17 or newer, or None."""
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=str(Path(home, "bin"))) if home else shutil.which("java")
    if not found:
        return None
    said = subprocess.run([found, "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "(\d+)', said)
    return found if version and int(version[1]) >= 17 else None


@contextmanager
def cluster(
    folder: Path, workers: int = 2, started: list[subprocess.Popen[bytes]] | None = None, **properties: str
) -> Iterator[str]:
    """The URL of a master with so many workers of one core each; `folder` takes logs, work and configuration.

    SPARK_CONF_DIR names the configuration meanwhile, as on a company's machine. `started` gets the processes, the
    master's first; `properties` are more of spark-defaults.conf, with `_` for a dot.
    """
    import pyspark

    home = Path(pyspark.__file__).parent
    conf = folder / "conf"
    told = DEFAULTS | {name.replace("_", "."): value for name, value in properties.items()}
    _write(conf, "".join(f"{name} {value}\n" for name, value in told.items()))
    place = {"SPARK_LOCAL_IP": HERE, "SPARK_LOCAL_DIRS": str(folder / "local"), "SPARK_CONF_DIR": str(conf)}
    # the workers' Python finds what is under test, a mutant's copy too
    place["PYTHONPATH"] = os.pathsep.join(path for path in (str(ROOT), os.environ.get("PYTHONPATH")) if path)
    # the deploy classes say their address when they log what they do
    talk = folder / "talk.properties"
    talk.write_text(LOGGING.format(level="info"), encoding="utf-8")
    command = [
        java() or "java",
        *JAVA.split(),
        "-Xmx128m",
        f"-Dlog4j2.configurationFile={talk}",
        "-cp",
        str(home / "jars" / "*"),
    ]
    running: list[subprocess.Popen[bytes]] = [] if started is None else started

    def start(name: str, *arguments: str) -> Path:
        log = folder / f"{name}.log"
        kind = f"org.apache.spark.deploy.{arguments[0]}"
        told = [kind, "--host", HERE, "--port", "0", "--webui-port", "0", *arguments[1:]]
        with log.open("wb") as out:
            running.append(subprocess.Popen(
                [sys.executable, str(GUARD), *command, *told], stdin=subprocess.PIPE, stdout=out, stderr=out,
                env=os.environ | {"SPARK_HOME": str(home), "SPARK_SCALA_VERSION": "2.13"}, cwd=folder,
            ))  # fmt: skip
        return log

    before = {name: os.environ.get(name) for name in place}
    os.environ.update(place)
    try:
        master = _said(start("master", "master.Master"), r"Starting Spark master at (spark://\S+)", running)
        memory = told["spark.executor.memory"]
        work = ["--cores", "1", "--memory", memory, "--work-dir", str(folder / "work"), master]
        logs = [start(f"worker{number}", "worker.Worker", *work) for number in range(workers)]
        for log in logs:
            _said(log, r"(Successfully registered with master)", running)
        yield master
    finally:
        _leave()
        for process in reversed(running):
            _end(process)
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _write(conf: Path, defaults: str) -> None:
    conf.mkdir(parents=True)
    (conf / "spark-defaults.conf").write_text(defaults, encoding="utf-8")
    (conf / "log4j2.properties").write_text(LOGGING.format(level="error"), encoding="utf-8")


def _said(log: Path, pattern: str, running: list[subprocess.Popen[bytes]]) -> str:
    """Waits until the log says it."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        text = log.read_text(encoding="utf-8", errors="replace")
        if found := re.search(pattern, text):
            return found[1]
        if any(process.poll() is not None for process in running):
            break
        time.sleep(0.1)
    raise RuntimeError(
        f"{log.name} did not say {pattern!r}:\n{log.read_text(encoding='utf-8', errors='replace')[-3000:]}"
    )


def _leave() -> None:
    """Ends this process's connection to Spark and the Java process behind it."""
    from pyspark import SparkContext

    with suppress(Exception):  # the cluster may be gone already
        if SparkContext._active_spark_context is not None:
            SparkContext._active_spark_context.stop()
    gateway = SparkContext._gateway
    if gateway is not None and gateway.proc is not None:
        with suppress(Exception):
            gateway.shutdown()
        _end(gateway.proc)
        SparkContext._gateway = SparkContext._jvm = None


def killed(process: subprocess.Popen[bytes]) -> None:
    """kill −9 of what a process of `started` guards."""
    assert process.stdin is not None
    process.stdin.write(AT_ONCE)
    process.stdin.close()
    process.wait(15)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        process.stdin.close()
    with suppress(subprocess.TimeoutExpired):
        process.wait(15)
        return
    process.kill()
    process.wait()
