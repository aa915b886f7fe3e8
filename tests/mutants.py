"""变异 mutants: one-line changes that a law is there to catch, and the proof that it catches them.

    @kills("jinpai/flow.py", "old part of a line", "new part")
    def test_law(): ...

`make mutants` applies each change to a copy of the repository and runs that one test there, which must fail.
`make mutants ONLY=word` takes those whose test or file has the word in its name.
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).resolve().parent.parent
COPIED = (
    "jinpai",
    "tests",
    "docs",
    "bench",
    "pyproject.toml",
    "Makefile",
    "README.md",
    "README.zh-CN.md",
    "CHANGELOG.md",
)
SECONDS = 900
Test = TypeVar("Test", bound=Callable[..., object])


def kills(file: str, old: str, new: str) -> Callable[[Test], Test]:
    """Records that the test must fail when `old`, which stands once in `file`, reads `new`."""

    def record(test: Test) -> Test:
        test.kills = [*getattr(test, "kills", []), (file, old, new)]
        return test

    return record


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change and the test that must notice it."""

    test: str
    file: str
    old: str
    new: str

    def apply(self, root: Path) -> None:
        """Changes the file under `root`."""
        path = root / self.file
        text = path.read_text(encoding="utf-8")
        if text.count(self.old) != 1:
            raise ValueError(f"{self.file}: {self.old!r} stands there {text.count(self.old)} times, not once")
        path.write_text(text.replace(self.old, self.new), encoding="utf-8", newline="\n")


def recorded(root: Path = ROOT) -> list[Mutant]:
    """Every mutant that a test names, read from the source so that nothing need be imported."""
    found: list[Mutant] = []
    for path in sorted((root / "tests").rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for names, node in _functions(tree, ()):
            for call in node.decorator_list:
                if isinstance(call, ast.Call) and getattr(call.func, "id", getattr(call.func, "attr", "")) == "kills":
                    file, old, new = (ast.literal_eval(argument) for argument in call.args)
                    test = "::".join([path.relative_to(root).as_posix(), *names, node.name])
                    found.append(Mutant(test, file, old, new))
    return found


def _functions(node: ast.AST, names: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], ast.FunctionDef]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef):
            yield names, child
        elif isinstance(child, ast.ClassDef):
            yield from _functions(child, (*names, child.name))


def _copy(into: Path) -> Path:
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, into / name, ignore=shutil.ignore_patterns("__pycache__", "pictures"))
        elif source.exists():
            shutil.copy2(source, into / name)
    return into


def _run(root: Path, tests: list[str], *, quiet: bool = True, seconds: float | None = SECONDS) -> int:
    """Exit code of pytest on these tests in a copy; -1 when it took too long."""
    # The copy is first on the path, before the installed package; no bytecode, for a mutant may keep size and second.
    environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1", "JINPAI_MUTANT": "1"}
    command = [sys.executable, "-m", "pytest", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", f"--rootdir={root}"]
    command += [f"--basetemp={root / 'tmp'}", *tests]
    try:
        done = subprocess.run(command, cwd=root, env=environment, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return -1
    if done.returncode not in ({0, 1} if quiet else {0}):
        sys.stderr.write(done.stdout.decode("utf-8", "replace")[-2000:])
    return done.returncode


VERDICTS = {0: "SURVIVED", 1: "killed", -1: "killed (too slow)"}


def judge(mutant: Mutant) -> tuple[str, float]:
    """What became of one mutant, and the seconds that took. Only a test that ran and failed is a kill."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="jinpai-mutant-", ignore_cleanup_errors=True) as folder:
        root = _copy(Path(folder))
        mutant.apply(root)
        verdict = VERDICTS.get(_run(root, [mutant.test]), "BROKEN")
    return verdict, time.monotonic() - started


def main(only: str = "") -> int:
    """Prints a line a mutant; 1 when one survives or cannot be run."""
    mutants = [mutant for mutant in recorded() if only in mutant.test or only in mutant.file]
    if not mutants:
        print("No test names a mutant" + (f" with {only!r} in its name." if only else "."))
        return 1
    tests = sorted({mutant.test for mutant in mutants})
    with tempfile.TemporaryDirectory(prefix="jinpai-mutant-", ignore_cleanup_errors=True) as folder:
        if _run(_copy(Path(folder)), tests, quiet=False, seconds=None) != 0:
            print("The tests must pass before anything is broken: run make test.")
            return 1
    bad = 0
    with ThreadPoolExecutor(max_workers=2) as pool:
        for mutant, (verdict, seconds) in zip(mutants, pool.map(judge, mutants), strict=True):
            bad += not verdict.startswith("killed")
            print(f"{verdict:<18} {seconds:5.1f} s  {mutant.file}: {mutant.old.strip()} → {mutant.new.strip()}")
            print(f"{'':28}{mutant.test}", flush=True)
    print(f"{len(mutants)} mutants, {bad} not killed")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
