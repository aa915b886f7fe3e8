"""探测 probe: what a file is, judged by its bytes before its name, and its first lines or its sheets.

Source: formats, §7 case 1: a table named .csv may be a workbook, one named .xls may be a web page.
"""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Iterator
from functools import cached_property, lru_cache
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import Literal

from jinpai.errors import JinpaiError
from jinpai.importers.sheets import Sheet, csv_sheet, html_sheets, whole_lines
from jinpai.importers.workbooks import workbook_sheets

Shape = Literal["empty", "workbook", "zip", "parquet", "web page", "text"]
_HEAD_BYTES = 65_536
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SHAPES_ZH = {"empty": "空文件", "workbook": "Excel 工作簿", "zip": "压缩包", "parquet": "Parquet",
              "web page": "网页", "text": "文本"}  # fmt: skip


def header_name(cell: object) -> str:
    """表头名 a header cell as it is compared: no blanks, `=`, quotes, BOM; full-width brackets made half-width.

    `宝贝标题␠`, `="订单编号"`, `金额(元)` and `金额(元)` with either kind of bracket meet their plain forms.
    """
    return _cleaned("" if cell is None else str(cell))


@lru_cache(4096)
def _cleaned(cell: str) -> str:
    text = unicodedata.normalize("NFKC", cell)
    return "".join(part for part in text if not part.isspace() and part not in "=\"'\ufeff\u200b")


class Probe:
    """探测到的文件 one file: its shape, its encoding, its lines or its sheets; each looked at once, when asked.

    A workbook's sheets are kept in memory; a text is read as a stream.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.size = path.stat().st_size
            with path.open("rb") as file:
                self.head = file.read(_HEAD_BYTES)
        except OSError as error:
            raise JinpaiError(
                f"打不开文件「{path}」：{error.strerror or error}。请检查路径，或先在别的软件里关掉它。",
                f"Cannot open '{path}': {error.strerror or error}. Check the path, or close it in other programs.",
            ) from None

    @cached_property
    def shape(self) -> Shape:
        """形状 by the first bytes, whatever the name says."""
        if not self.head.strip(b"\0 \t\r\n\xef\xbb\xbf"):
            return "empty"
        if self.head.startswith(b"PK\x03\x04"):
            return "workbook" if self._has_workbook() else "zip"
        if self.head.startswith(b"\xd0\xcf\x11\xe0"):
            return "workbook"
        if self.head.startswith(b"PAR1"):
            return "parquet"
        start = self.head[:2048].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
        if start.startswith((b"<html", b"<!doctype html", b"<table", b"<meta")):
            return "web page"
        return "text"

    def _has_workbook(self) -> bool:
        import zipfile

        try:
            with zipfile.ZipFile(self.path) as archive:
                return any(name.startswith("xl/workbook") for name in archive.namelist())
        except (zipfile.BadZipFile, NotImplementedError, ValueError):
            raise JinpaiError(
                f"「{self.path.name}」像是 Excel 文件，但已损坏或没下载完。请重新导出或重新下载。",
                f"'{self.path.name}' looks like a workbook but is damaged or not fully downloaded. Export it again.",
            ) from None

    @cached_property
    def encoding(self) -> str:
        """编码 of a text: its byte order mark, else strict UTF-8, else GB18030; checked to the last byte.

        A file that is neither is a JinpaiError naming the first wrong byte.
        """
        marked = [encoding for mark, encoding in _MARKS if self.head.startswith(mark)]
        wrong: int | None = 0
        for encoding in marked or ("utf-8", "gb18030"):
            wrong = self.first_wrong_byte(encoding)
            if wrong is None:
                return encoding
        assert wrong is not None
        raise JinpaiError(
            f"「{self.path.name}」既不是 UTF-8 也不是 GBK/GB18030 编码（第 {wrong + 1} 个字节读不出）。"
            "请用记事本打开，另存为 UTF-8 再导入。",
            f"'{self.path.name}' is neither UTF-8 nor GBK/GB18030 (byte {wrong + 1} cannot be read). "
            "Open it in a text editor and save it as UTF-8.",
        )

    def first_wrong_byte(self, encoding: str) -> int | None:
        """读不出的字节 position of the first byte that is not of `encoding`, None when all are."""
        decoder = codecs.getincrementaldecoder(encoding)("strict")
        position = 0
        with self.path.open("rb") as file:
            while True:
                block = file.read(1 << 20)
                try:
                    decoder.decode(block, final=not block)
                except UnicodeDecodeError as error:
                    return position + error.start
                if not block:
                    return None
                position += len(block)

    def text(self) -> TextIOWrapper:
        """打开文本 the file as text in its encoding, line ends as they stand; the caller closes it."""
        return self.path.open(encoding=self.encoding, newline="", errors="strict")

    def lines(self) -> Iterator[str]:
        """逐行 its lines without their ends (CRLF, LF or CR), streamed."""
        with self.path.open(encoding=self.encoding, newline=None) as file:
            for line in whole_lines(file, self.path):
                yield line.removesuffix("\n")

    @cached_property
    def first_lines(self) -> tuple[str, ...]:
        """前几行 the first 30 lines of a text; of anything else none."""
        return tuple(islice(self.lines(), 30)) if self.shape == "text" else ()

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        """工作表 the tables of a workbook, a web page or a delimited text; of anything else none.

        The header is the first row that is not blank. Blank sheets are left out.
        """
        if self.shape == "workbook":
            return tuple(workbook_sheets(self.path))
        if self.shape == "web page":
            with self.text() as file:
                return tuple(html_sheets(file.read()))
        if self.shape == "text":
            found = csv_sheet(self.path, self.encoding)
            return () if found is None else (found,)
        return ()

    def said(self) -> tuple[str, str]:
        """看到了什么 the shape and the beginning of the file, in Chinese and in English, for an error sentence."""
        if self.shape == "parquet":
            return "一个 Parquet 文件", "a Parquet file"
        start = next((sheet.header for sheet in self.sheets if len(sheet.header) > 1), ())
        if start:
            seen = "、".join(start[:6]) + ("…" if len(start) > 6 else "")
            return f"{_SHAPES_ZH[self.shape]}，表头是「{seen}」", f"{self.shape} with the header '{seen}'"
        line = next((line.strip() for line in self.first_lines if line.strip()), "")[:40]
        if line:
            return f"{_SHAPES_ZH[self.shape]}，开头是「{line}」", f"{self.shape} that begins '{line}'"
        return _SHAPES_ZH[self.shape], str(self.shape)
