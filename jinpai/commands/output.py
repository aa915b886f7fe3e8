"""出口 output: what commands print and write: sentences, text and files, never a traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from jinpai.errors import JinpaiError, Words

if TYPE_CHECKING:
    from rich.console import Console

NARROWEST_SCREEN = 40


def plain_streams() -> None:
    """不怕编码 make standard output and error UTF-8 when redirected, and never fail on a character.

    A console keeps its own encoding (a GBK console would show UTF-8 as garbage) and shows "?" for
    what it cannot write; so does a stream whose encoding was chosen by PYTHONIOENCODING.
    """
    for stream in (sys.stdout, sys.stderr):
        change = getattr(stream, "reconfigure", None)
        if change is None:
            continue
        keep = stream.isatty() or bool(os.environ.get("PYTHONIOENCODING"))
        change(errors="replace") if keep else change(encoding="utf-8", errors="replace")


def is_unicode(stream: object) -> bool:
    """能写中文 whether a stream can hold every character."""
    return str(getattr(stream, "encoding", "") or "").lower().replace("-", "").startswith("utf")


def say(words: Words, lang: str, *, error: bool = False) -> None:
    """说一句 print one sentence, on standard error if it is one or must not mix with data."""
    print(words.to(lang), file=sys.stderr if error else sys.stdout)


def console(*, error: bool = False) -> Console:
    """终端 a rich console: as wide as the terminal, 80 columns when there is none."""
    from rich.console import Console

    stream = sys.stderr if error else sys.stdout
    wide = None if stream.isatty() else max(int(os.environ.get("COLUMNS") or 80), NARROWEST_SCREEN)
    return Console(file=stream, width=wide, soft_wrap=False, emoji=False, markup=False)


def write(path: Path, make: Callable[[Path], None]) -> None:
    """写文件 let `make` write a new file beside `path` and put it in place whole.

    Raises JinpaiError when the folder is missing or the file cannot be replaced (open in Excel).
    """
    if not path.absolute().parent.is_dir():
        raise JinpaiError(
            f"没有文件夹 {path.absolute().parent}，请先建好或换个位置。",
            f"There is no folder {path.absolute().parent}; make it or choose another.",
        )
    if path.is_dir():
        raise JinpaiError(f"{path} 是文件夹，请写明文件名。", f"{path} is a folder; name a file in it.")
    part = path.with_name(f".{path.name}.{os.getpid()}.part{path.suffix}")
    try:
        make(part)
        part.replace(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise JinpaiError(
            f"写不了 {path}：{reason}。如果它正在 Excel 里打开，请先关掉。",
            f"Cannot write {path}: {reason}. If it is open in Excel, close it first.",
        ) from error
    finally:
        part.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """写文本 a text in UTF-8 as a file, newlines as they are."""
    write(path, lambda part: _put(part, text))


def hand_over(path: Path | None, text: str, lang: str) -> None:
    """交付 a text: to a file, saying where on standard error, or to standard output."""
    if path is None:
        sys.stdout.write(text)
        return
    write_text(path, text)
    told(path, lang)


def told(path: Path, lang: str) -> None:
    """写到哪里 say where a file was written, on standard error."""
    say(Words(f"已写到 {path}", f"Written to {path}"), lang, error=True)


class Rendering(Protocol):
    """写法 a module of the room render that writes one kind of answer as CSV and as a workbook."""

    def csv(self, found: dict[str, Any], lang: str) -> str: ...
    def write(self, found: dict[str, Any], path: Path, lang: str) -> None: ...


def hand_over_as(form: str, output: Path | None, found: dict[str, Any], rendering: Rendering, lang: str) -> bool:
    """按格式交付 an answer as json, csv or xlsx; False where `form` is none of these, and nothing was handed over."""
    if form == "json":
        from jinpai.render import json

        hand_over(output, json.text(found, ascii_only=output is None and not is_unicode(sys.stdout)), lang)
    elif form == "xlsx":
        assert output is not None, "a workbook is asked for with its file"
        write(output, lambda part: rendering.write(found, part, lang))
        told(output, lang)
    elif form == "csv":
        from jinpai.render.csv import BOM

        text = rendering.csv(found, lang)
        hand_over(output, BOM + text if output else text, lang)
    else:
        return False
    return True


def _put(part: Path, text: str) -> None:
    with part.open("w", encoding="utf-8", newline="") as out:
        out.write(text)
