"""导入 importers: one export format a file of this folder; the file is the registration.

A format is recognised by what stands in a file, never by its name alone, and gives canonical rows, problems
and counted summaries that add up to the file's data rows.
"""

from __future__ import annotations

from pathlib import Path

from jinpai.catalogue import Catalogue
from jinpai.errors import JinpaiError, Words
from jinpai.importers.probe import Probe
from jinpai.importers.protocol import Context, Importer, Problem, Rows, Summary

__all__ = ["IMPORTERS", "Context", "Importer", "Probe", "Problem", "Rows", "Summary", "identify", "named"]

IMPORTERS: Catalogue[Importer] = Catalogue("jinpai.importers", "importer", Words("导入格式", "import format"))
"""Every format by name: the modules of this folder and the entry points of the group `jinpai.importers`."""


def named(name: str) -> Importer:
    """按名字取 the format of this name; an unknown one is WrongUse with the nearest name."""
    return IMPORTERS.get(name)


def identify(path: str | Path | Probe) -> Importer:
    """认格式 the one format that recognises the file at `path` (or the file already probed).

    None or several: JinpaiError says what was seen, which formats are read, and what to do.
    """
    probe = path if isinstance(path, Probe) else Probe(Path(path))
    if probe.shape == "empty":
        raise JinpaiError(
            f"「{probe.path.name}」是空文件。请重新导出，确认里面有内容。",
            f"'{probe.path.name}' is empty. Export it again and check that there is something in it.",
        )
    found = [importer for importer in IMPORTERS if importer.identify(probe)]
    if len(found) == 1:
        return found[0]
    zh, en = probe.said()
    formats_zh = "、".join(f"{importer.zh}({importer.name})" for importer in IMPORTERS)
    names = ", ".join(importer.name for importer in (found or IMPORTERS))
    if found:
        raise JinpaiError(
            f"「{probe.path.name}」像好几种格式：{names}。请用 --format 指定一种。",
            f"'{probe.path.name}' looks like several formats: {names}. Name one with --format.",
        )
    raise JinpaiError(
        f"不认识「{probe.path.name}」：看到的是{zh}。能读的格式：{formats_zh}。请确认导出的是原文件，没有改过表头。",
        f"'{probe.path.name}' is not recognised: it is {en}. Formats that are read: {names}. "
        "Check that it is the file as exported, with its header unchanged.",
    )
