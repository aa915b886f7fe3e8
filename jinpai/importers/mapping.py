"""对照表 mapping: a small TOML file that says which column of any table is which canonical column.

Read and checked whole before a row is read; a mistake is a JinpaiError with file, key, value and remedy.
docs/mapping.md shows every key; examples/*.toml are mappings of public data.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping as Dict
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from jinpai.canon import TABLES, Table
from jinpai.errors import JinpaiError, Words
from jinpai.importers.canonical import ALLOWED
from jinpai.importers.mapping_keys import Keys
from jinpai.importers.mapping_rows import KEYS as ROW_KEYS
from jinpai.importers.mapping_rows import RowRules, row_rules
from jinpai.importers.times import is_readable
from jinpai.period import parse_day
from jinpai.workspace.documents import read_toml

UNITS = ("元", "分")
ORDER = "order"


@dataclass(frozen=True, slots=True)
class Cut:
    """一格取什么 where a value comes from: a column, part of it by a pattern, or a column of the message answered."""

    column: str
    pattern: re.Pattern[str] | None = None
    is_answered: bool = False
    unit: str | None = None


Cuts = tuple[Cut, ...]
"""依次试 the first that has a value counts."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """对照表 how one kind of file becomes rows of `table`.

    `columns`, `constants` and `values` go by canonical column, `said_by` by sender and canonical column. `header` holds
    the names of a file without a header row, `header_row` the number of the row with the names (0: found). `answers` is
    (a message's own number, the number of the one it answers). `first_day` (yyyymmdd) is set where times are made up.
    """

    name: str
    table: Table
    columns: Dict[str, Cuts]
    constants: Dict[str, str]
    values: Dict[str, Dict[str, str]]
    said_by: Dict[str, Dict[str, Cuts]]
    answers: tuple[str, str] | None
    required: tuple[str, ...]
    header: tuple[str, ...]
    header_row: int
    sheet: str | None
    encoding: str | None
    delimiter: str | None
    is_quoted: bool
    time_formats: tuple[str, ...]
    zone: ZoneInfo | None
    first_day: int | None
    unit: str
    split: str | None
    rows: RowRules


def read_mapping(path: Path) -> Mapping:
    """读对照表 the mapping in the file at `path`."""
    quoting = Words('文字、中文名字都要加半角引号；制表符写 "\\t"',
                    'texts and names that are not ASCII need quotes; a tab is written "\\t"')  # fmt: skip
    return _Document(path, read_toml(path, quoting)).mapping()


_KEYS = (
    "table name columns constants values said_by answers required header header_row sheet encoding delimiter quote "
    "time_format time_zone no_time first_day money split"
).split() + list(ROW_KEYS)


class _Document(Keys):
    """The TOML document of one mapping, read and checked whole."""

    def __init__(self, path: Path, found: dict[str, object]) -> None:
        super().__init__(path, found)
        self.table = TABLES["messages"]

    def mapping(self) -> Mapping:
        """The whole document, checked."""
        self.known("", self.found, _KEYS)
        if "table" not in self.found:
            self.refuse(
                "table", None, f"请写上这是哪张表：{'、'.join(TABLES)}", f"say which table it is: {', '.join(TABLES)}"
            )
        self.table = TABLES[self.choice("table", tuple(TABLES)) or "messages"]
        mapping = Mapping(
            self.text("name") or self.path.stem, self.table, self.columns("columns", self.found.get("columns", {})),
            self.constants(), self.values(), self.said_by(), self.answers(), self.required(), self.names("header"),
            self.whole("header_row"), self.text("sheet"), self.encoding(), self.delimiter(), self.quote(),
            self.time_formats(), self.zone(), self.first_day(), self.choice("money", UNITS) or "元", self.text("split"),
            row_rules(self.found, self.table, self.refuse),
        )  # fmt: skip
        self.check(mapping)
        return mapping

    def columns(self, where: str, value: object) -> dict[str, Cuts]:
        """Canonical column -> where its value comes from."""
        table = self.inner(where, value)
        self.known(where, table, [column.name for column in self.table.columns])
        return {name: self.cuts(f"{where}.{name}", said) for name, said in table.items()}

    def cuts(self, key: str, said: object) -> Cuts:
        """A column's name, a table that says more, or a list of these."""
        if isinstance(said, list) and said:
            return tuple(cut for one in said for cut in self.cuts(key, one))
        if isinstance(said, str) and said.strip():
            return (Cut(said),)
        if not isinstance(said, dict):
            self.refuse(key, said, "要写文件里的列名", "the name of a column of the file is wanted")
        self.known(key, said, ["column", "pattern", "answered", "unit"])
        column = said.get("column", said.get("answered"))
        if not isinstance(column, str) or not column or len({"column", "answered"} & said.keys()) != 1:
            self.refuse(key, said, "要写一个 column（或 answered）", "one column (or answered) is wanted")
        unit = said.get("unit")
        if unit is not None and unit not in UNITS:
            self.refuse(f"{key}.unit", unit, "只能是 元 或 分", "元 or 分 is wanted")
        return (Cut(column, self.pattern(key, said.get("pattern")), "answered" in said, unit),)

    def pattern(self, key: str, said: object) -> re.Pattern[str] | None:
        """A pattern with one group."""
        if said is None:
            return None
        try:
            found = re.compile(said) if isinstance(said, str) else None
        except re.error as error:
            self.refuse(f"{key}.pattern", said, f"写法不对（{error}）", f"it is not written rightly ({error})")
        if found is None or found.groups != 1:
            self.refuse(
                f"{key}.pattern",
                said,
                "要有一对括号，括住要取的部分",
                "one pair of brackets around what is taken is wanted",
            )
        return found

    def constants(self) -> dict[str, str]:
        """Canonical column -> the value where the file has none."""
        table = self.inner("constants", self.found.get("constants", {}))
        self.known("constants", table, [column.name for column in self.table.columns])
        for name, value in table.items():
            if not isinstance(value, str) or not value:
                self.refuse(f"constants.{name}", value, "要写带引号的文字", "a text in quotes is wanted")
            self.allowed(f"constants.{name}", name, value)
        return {name: str(value) for name, value in table.items()}

    def values(self) -> dict[str, dict[str, str]]:
        """Canonical column -> what stands in the file -> the canonical word."""
        tables = self.inner("values", self.found.get("values", {}))
        self.known("values", tables, [column.name for column in self.table.columns])
        found: dict[str, dict[str, str]] = {}
        for name, table in tables.items():
            found[name] = {}
            for said, word in self.inner(f"values.{name}", table).items():
                if not isinstance(word, str):
                    self.refuse(f"values.{name}.{said}", word, "要写带引号的文字", "a text in quotes is wanted")
                self.allowed(f"values.{name}.{said}", name, word)
                found[name][said] = word
        return found

    def allowed(self, key: str, column: str, word: str) -> None:
        """A column of a few words takes no other."""
        words = ALLOWED.get((self.table.name, column))
        if words:
            self.one_of(key, word, words)

    def said_by(self) -> dict[str, dict[str, Cuts]]:
        """Sender -> canonical column -> where its value comes from in that sender's rows."""
        tables = self.inner("said_by", self.found.get("said_by", {}))
        if tables and self.table.name != "messages":
            self.refuse("said_by", None, "只有 messages 表有发送方", "only the table messages has senders")
        self.known("said_by", tables, ALLOWED["messages", "sender"])
        return {sender: self.columns(f"said_by.{sender}", table) for sender, table in tables.items()}

    def answers(self) -> tuple[str, str] | None:
        """(own number, number of the message answered)."""
        if "answers" not in self.found:
            return None
        table = self.inner("answers", self.found["answers"])
        self.known("answers", table, ["id", "to"])
        own, to = table.get("id"), table.get("to")
        if not isinstance(own, str) or not isinstance(to, str) or not own or not to:
            self.refuse("answers", table, "要写 id 和 to 两个列名", "the names of two columns, id and to, are wanted")
        return own, to

    def required(self) -> tuple[str, ...]:
        """Canonical columns without which a row is a problem."""
        names = self.names("required")
        self.known("required", dict.fromkeys(names), [column.name for column in self.table.columns])
        return names

    def encoding(self) -> str | None:
        """A text's encoding, by the name Python knows it under."""
        name = self.text("encoding")
        try:
            return codecs.lookup(name).name if name is not None else None
        except LookupError:
            self.refuse(
                "encoding",
                name,
                "没有这种编码，常用的是 utf-8、gb18030、utf-16",
                "no such encoding; common: utf-8, gb18030, utf-16",
            )

    def delimiter(self) -> str | None:
        """One character between cells."""
        value = self.text("delimiter")
        if value is not None and (len(value) != 1 or not value.isascii() or value in '"\r\n'):
            self.refuse(
                "delimiter",
                value,
                '要写一个半角字符，如 "," ";" "|" "\\t"',
                'one ASCII character is wanted, like "," ";" "|" "\\t"',
            )
        return value

    def quote(self) -> bool:
        """Whether cells may stand in quotes."""
        value = self.found.get("quote", True)
        if not isinstance(value, bool):
            self.refuse(
                "quote",
                value,
                "要写 true（格子可以用引号括起来）或 false",
                "true (cells may be quoted) or false is wanted",
            )
        return value

    def time_formats(self) -> tuple[str, ...]:
        """The ways in which times are written, besides those that are always read."""
        value = self.found.get("time_format", [])
        formats = [value] if isinstance(value, str) else value
        if not isinstance(formats, list) or not all(isinstance(one, str) and is_readable(one) for one in formats):
            self.refuse("time_format", value, "要写 %Y-%m-%d %H:%M:%S 这样的格式，或 unix_s（1970 年起的秒数）、unix_ms（毫秒数）",
                        "a format like %Y-%m-%d %H:%M:%S is wanted, or unix_s, unix_ms")  # fmt: skip
        return tuple(formats)

    def zone(self) -> ZoneInfo | None:
        """The zone of times without offset; None is the shop's."""
        name = self.text("time_zone")
        try:
            return ZoneInfo(name) if name is not None else None
        except (KeyError, ValueError, OSError):
            self.refuse(
                "time_zone",
                name,
                "没有这个时区，要写 Asia/Shanghai、UTC 这样的名字",
                "no such zone; write a name like Asia/Shanghai or UTC",
            )

    def first_day(self) -> int | None:
        """The day on which made-up times begin."""
        chosen = self.choice("no_time", (ORDER,))
        value = self.found.get("first_day")
        if (chosen is None) != (value is None):
            self.refuse("no_time", chosen, "no_time 和 first_day 要一起写", "no_time and first_day go together")
        try:
            return None if value is None else parse_day(value if isinstance(value, str) else str(value))
        except JinpaiError:
            self.refuse("first_day", value, '要写一个日期，如 "2018-01-01"', 'a day is wanted, like "2018-01-01"')

    def check(self, mapping: Mapping) -> None:
        """What must hold between keys."""
        given = {*mapping.columns, *mapping.constants, *({"sent_at"} if mapping.first_day is not None else ())}
        lacking = [column.name for column in self.table.columns if column.required and column.name not in given]
        if lacking:
            hint = Words("时间没有的话写 no_time 和 first_day", "without times, write no_time and first_day")
            raise JinpaiError(
                f"对照表 {self.path} 的 [columns] 缺少必需的列：{'、'.join(lacking)}。请写上文件里对应的列名，或写进 [constants]"
                + (f"；{hint.zh}。" if "sent_at" in lacking else "。"),
                f"In the mapping {self.path}, [columns] lacks columns that are needed: {', '.join(lacking)}. Name the file's "
                "columns, or put them into [constants]" + (f"; {hint.en}." if "sent_at" in lacking else "."),
            )
        if mapping.first_day is not None and (self.table.name != "messages" or "sent_at" in mapping.columns):
            self.refuse("no_time", ORDER, "只用于没有时间列的聊天表", "this is for chats without a column of times")
        if mapping.split is not None and self.table.name != "messages":
            self.refuse("split", mapping.split, "只有聊天表的内容可以拆开", "only the text of chats is split")
        if mapping.header and mapping.header_row:
            self.refuse("header_row", mapping.header_row, "有 header 就不要写 header_row", "it does not go with header")
        if mapping.header and mapping.rows.header_rows > 1:
            self.refuse(
                "header_rows", mapping.rows.header_rows, "有 header 就不要写 header_rows", "it does not go with header"
            )
        if (key := mapping.rows.once_per or mapping.rows.first_row) is not None and key not in mapping.columns:
            self.refuse(mapping.rows.named(), key, f"[columns] 里没有 {key}", f"there is no {key} in [columns]")
        many = [*mapping.columns.values(), *(cuts for one in mapping.said_by.values() for cuts in one.values())]
        if mapping.answers is None and any(cut.is_answered for cuts in many for cut in cuts):
            self.refuse(
                "answers", None, "用了 answered 就要写 [answers] 的 id 和 to", "answered needs id and to in [answers]"
            )
