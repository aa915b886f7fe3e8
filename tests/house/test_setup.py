"""What a newcomer is told: by make when something is missing, and by the READMEs, which name only what there is."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.lacking import lacking
from tests.shape.source import ROOT, files

PAGES = [path for path in files(".md") if path.name != "CHANGELOG.md"]
named = pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """make with the repository's Makefile in an empty folder."""
    if shutil.which("make") is None:
        lacking("make", "install GNU make")
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy2(ROOT / name, folder)
    return subprocess.run(["make", *arguments], cwd=folder, capture_output=True, encoding="utf-8", check=False)


def test_an_old_python_is_refused_in_one_sentence(tmp_path: Path) -> None:
    done = make(tmp_path, "demo", "PYTHON=")
    assert done.returncode != 0
    assert "Jinpai needs Python 3.11 or newer" in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_make_alone_says_what_can_be_made(tmp_path: Path) -> None:
    done = make(tmp_path)
    assert done.returncode == 0
    assert "make demo" in done.stdout
    assert "make test" in done.stdout


@named
def test_pages_name_only_targets_that_exist(path: Path) -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    asked = set(re.findall(r"(?:`|^)make ([a-z][\w-]*)", path.read_text(encoding="utf-8"), re.MULTILINE))
    assert asked <= targets


@named
def test_pages_name_only_commands_and_options_that_exist(path: Path) -> None:
    from typer.main import get_command

    from jinpai.cli import app

    verbs = {name: {word for option in verb.params for word in getattr(option, "opts", ())}
             for name, verb in get_command(app).commands.items()}  # fmt: skip
    wrong = []
    for line in re.findall(r"(?:`|^)(?:\$ )?(jinpai [a-z][^`\n]*)", path.read_text(encoding="utf-8"), re.MULTILINE):
        verb, *words = line.split()[1:]
        options = {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)}
        if verb not in verbs or not options <= verbs[verb]:
            wrong.append(line)
    assert not wrong
