"""What all tests share: how hard the laws try, the demo shop, and what a machine may lack."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.demo import Demo, made_once

# Shrinking through a SQL engine takes minutes, so the everyday profile leaves it out; and it draws the same examples
# for everybody, so that a red run is red for the next person too. `--hypothesis-profile=wide` goes looking.
settings.register_profile(
    "fast",
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile(
    "wide", max_examples=1000, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("fast")

# Keys of the workspaces that tests make: out of the way of the keys of whoever runs them, and the same for all
# workers, which inherit the setting.
IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ
if not IS_WORKER:
    os.environ["JINPAI_KEY_DIR"] = tempfile.mkdtemp(prefix="jinpai-keys-")

# Started in the background (nohup, a build server), a process is told to ignore Ctrl-C, and so are all that it starts;
# the tests of Ctrl-C would wait for ever.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_unconfigure() -> None:
    """Removes the keys once everything has run."""
    if not IS_WORKER:
        shutil.rmtree(os.environ["JINPAI_KEY_DIR"], ignore_errors=True)


# What `make test-fast` leaves out, all of it here or marked `slow` in its own file. In it stay, in seconds: shape, importers
# and their golden files, text, criteria, what is drawn and written, and of the workspace what does not build a shop's facts.
# Out is what runs the whole program for every case: laws and oracles build facts for each example, the book and the
# command line start processes, the diagnosis draws shops by the dozen, the desk serves HTTP, Spark starts Java, hostile kills and fills disks. Of the
# folders that stay, a file whose tests build facts over and over (measured: most of its tests over 0.3 s) is out by name,
# and so are the thousands of examples of the lexicons, which take a minute: after a change of a word list, run that file.
SLOW_FOLDERS = {"laws", "oracles", "desk", "browser", "spark", "hostile", "cli", "book", "topics", "house", "diagnosis"}
SLOW_FILES = {
    *(
        f"workspace/test_{name}.py"
        for name in "backup engine erasure naming packs retention shelf sources withdrawing workspace".split()
    ),
    *(f"criteria/test_{name}.py" for name in "policy settled".split()),
    *(f"text/test_{name}.py" for name in "lexicons second_reader signals".split()),
    "simulate/test_demo.py",
    "render/test_html.py",
}
SLOW_FIXTURES = {"demo", "demo_shop"}


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Where slow tests are not wanted, their folders are not even read."""
    is_left_out = collection_path.name in SLOW_FOLDERS and collection_path.parent == Path(__file__).parent
    return True if is_left_out and "not slow" in config.option.markexpr else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks as slow what runs the whole program."""
    here = Path(__file__).parent
    for item in items:
        place = item.path.relative_to(here)
        if (
            place.parts[0] in SLOW_FOLDERS
            or place.as_posix() in SLOW_FILES
            or SLOW_FIXTURES & set(getattr(item, "fixturenames", ()))
        ):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demo shop with what the command said and took; made once in a run. Read it, do not change it."""
    return made_once(tmp_path_factory)


@pytest.fixture(scope="session")
def demo_shop(demo: Demo) -> Path:
    """The workspace of the demo shop, imported and built. Read it, do not change it."""
    return demo.workspace


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints what tests measured (`record_property("measured", sentence)`) above the closing line."""
    lines = [
        str(value)
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", "") == "call"
        for name, value in report.user_properties
        if name == "measured"
    ]
    if lines:
        terminalreporter.section("measured")
        for line in sorted(lines):
            terminalreporter.write_line(line)
