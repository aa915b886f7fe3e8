"""没导进来的行 problems: a row that was not imported, or is to be checked, in words; buyers' names masked."""

from __future__ import annotations

from typing import Any

from jinpai.errors import Words
from jinpai.text.mask import mask_nick

COLUMNS = {
    "file": Words("文件", "file"), "state": Words("情况", "state"), "row": Words("行号", "row"), "column": Words("列", "column"),
    "value": Words("内容", "value"), "reason": Words("原因", "reason"),
}  # fmt: skip
LOST, KEPT = Words("没导进来", "not imported"), Words("待核对", "to check")
"""情况 what became of a row: it could not be read, or it was imported under the best reading."""


def row(one: dict[str, Any], lang: str) -> dict[str, Any]:
    """一行 under COLUMNS, in a language."""
    told = {name: (KEPT if one["kept"] else LOST).to(lang) if name == "state" else one[name] for name in COLUMNS}
    if told["column"] == "buyer" and told["value"]:
        told["value"] = mask_nick(str(told["value"]))
    told["reason"] = Words(*one["reason"]).to(lang)
    return told
