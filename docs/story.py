"""Pages whose commands are run: what stands below a command in the page is what it really prints.

Four kinds of fenced blocks: `csv NAME` is put into a file of that name, `console` holds `$ jinpai …` lines and what
they print, `python` is run in the same folder, and `text` right after it is what that printed.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

BLOCK = re.compile(r"^```(csv|console|python|text)(?: ([^\n]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def told(page: str) -> str:
    """The page with every output as it comes out today."""
    with tempfile.TemporaryDirectory(prefix="jinpai-story-", ignore_cleanup_errors=True) as name:
        folder = Path(name) / "story"
        folder.mkdir()
        environment = {**os.environ, "JINPAI_KEY_DIR": str(Path(name) / "keys"), "COLUMNS": "100", "PYTHONUTF8": "1"}
        return BLOCK.sub(teller(folder, environment), page)


def teller(folder: Path, environment: dict[str, str]) -> Callable[[re.Match[str]], str]:
    """Runs one block after the other; what a `python` block printed waits for its `text` block."""
    spoken: list[str] = []
    names: dict[str, object] = {}

    def tell(block: re.Match[str]) -> str:
        kind, label, body = block[1], block[2], block[3]
        if kind == "csv":
            (folder / label).write_text(body, encoding="utf-8", newline="\n")
        elif kind == "console":
            return "```console\n" + "".join(consoled(body, folder, environment)) + "```"
        elif kind == "python":
            spoken.append(executed(body, folder, environment, names))
        elif spoken:
            return f"```text\n{spoken.pop()}```"
        return block[0]

    return tell


def tidy(text: str, folder: Path) -> str:
    """Output without trailing blanks, without the folder it happened in, and with one token for the key's own."""
    text = re.sub(r"(\[手机 )[0-9a-f]{4}(?=\])", r"\g<1>7f3a", text)
    text = text.replace(f"{folder}{os.sep}", "").replace(str(folder), ".")
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def consoled(body: str, folder: Path, environment: dict[str, str]) -> Iterator[str]:
    """The `$` lines of a console block, each with what it prints."""
    for line in body.splitlines():
        if not line.startswith("$ "):
            continue
        command = shlex.split(line.removeprefix("$ "))
        if command[0] != "jinpai":
            raise ValueError(f"a story runs jinpai only, not {command[0]!r}")
        done = subprocess.run(
            [sys.executable, "-m", "jinpai.cli", *command[1:]],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{line}\n{done.stdout}")
        yield f"{line}\n{tidy(done.stdout, folder)}"


def executed(body: str, folder: Path, environment: dict[str, str], names: dict[str, object]) -> str:
    """What a piece of Python prints when run in the folder."""
    printed, before, key = io.StringIO(), Path.cwd(), os.environ.get("JINPAI_KEY_DIR")
    os.chdir(folder)
    os.environ["JINPAI_KEY_DIR"] = environment["JINPAI_KEY_DIR"]
    try:
        with contextlib.redirect_stdout(printed):
            exec(compile(body, "story", "exec"), names)  # noqa: S102
    finally:
        os.chdir(before)
        if key is None:
            del os.environ["JINPAI_KEY_DIR"]
        else:
            os.environ["JINPAI_KEY_DIR"] = key
    return tidy(printed.getvalue(), folder)
