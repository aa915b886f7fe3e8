"""导入说明 importing: what became of imported files, in sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from jinpai.errors import Words
from jinpai.render.counted import counted, table_name

if TYPE_CHECKING:
    from jinpai.importing import Imported

MOST_LINES = 50


def told(done: Sequence[Imported]) -> list[Words]:
    """导入说明 a sentence for each file; of many files one for all together, and what people must know of single ones."""
    if len(done) <= MOST_LINES:
        return [words for one in done for words in (imported(one), *one.notes)]
    new = [one for one in done if not one.already]
    known = len(done) - len(new)
    lines = (
        [
            Words(
                f"{len(new):,} 个文件：{_sum(new).zh or '没有数据行'}",
                f"{len(new):,} files: {_sum(new).en or 'no rows'}",
            )
        ]
        if new
        else []
    )
    if known:
        lines.append(
            Words(f"{known:,} 个文件以前导入过，没有变化", f"{known:,} files were imported before, nothing changed")
        )
    notes = list(dict.fromkeys(words for one in done for words in one.notes))
    if len(notes) > MOST_LINES:
        rest = len(notes) - MOST_LINES
        notes[MOST_LINES:] = [Words(f"……还有 {rest:,} 个文件也是这样", f"… and {rest:,} more files like these")]
    return [*lines, *notes]


def to_look_at(done: Sequence[Imported]) -> list[Words]:
    """要看一眼 how many rows were not imported, and how many under a reading that somebody should check."""
    failed, review = sum(one.problems for one in done), sum(one.review for one in done)
    lines = []
    if failed:
        lines.append(Words(f"有 {failed:,} 行没导进来", f"{failed:,} rows were not imported"))
    if review:
        lines.append(
            Words(
                f"有 {review:,} 行导进来了，但读法要人核对",
                f"{review:,} rows were imported but should be checked",
            )
        )
    return lines


def imported(one: Imported) -> Words:
    """导入一句 what became of one file: format, rows by table, problems, summary rows."""
    name = Path(str(one.file)).name
    if one.already:
        return Words(f"{name}：以前导入过，没有变化", f"{name}: imported before, nothing changed")
    sum_ = _sum([one])
    return Words(f"{name}（{one.format}）：{sum_.zh or '没有数据行'}", f"{name} ({one.format}): {sum_.en or 'no rows'}")


def _sum(files: Sequence[Imported]) -> Words:
    rows: Counter[str] = Counter()
    for one in files:
        rows.update(one.rows)
    return counted([
        *((table_name(table), many) for table, many in rows.items()),
        (Words("没导进来", "not imported"), sum(one.problems for one in files)),
        (Words("待核对", "to check"), sum(one.review for one in files)),
        (Words("跳过的汇总、提示等", "left out (totals, notices)"), sum(one.summary for one in files)),
        (Words("因删除记号没导入", "kept out by an erasure"), sum(one.erased for one in files)),
        (Words("超过保留期、只留数字不留文字", "past keeping, without their words"), sum(one.worn for one in files)),
    ])  # fmt: skip
