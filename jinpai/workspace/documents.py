"""设置文件 documents: a shop's TOML files, read with sentences for errors and written whole with their comments."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path

from jinpai.catalogue import nearest
from jinpai.errors import JinpaiError, Words
from jinpai.workspace.disk import disk
from jinpai.workspace.settable import FILES, SETTINGS, Setting

_QUOTING = Words("文字要加引号，每行一个设置", "texts need quotes, one setting a line")


def read_documents(folder: Path) -> dict[str, dict[str, object]]:
    """读设置 file name -> TOML document of every settings file in `folder`; a file may be absent.

    What is not UTF-8 or not TOML is a JinpaiError with the line; so is a file named almost like one of ours.
    """
    found: dict[str, dict[str, object]] = {}
    with disk(folder):
        names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    for name in names:
        if name in FILES:
            found[name] = read_toml(folder / name, _QUOTING)
        elif close := nearest(name.removesuffix(".toml"), [known.removesuffix(".toml") for known in FILES]):
            raise JinpaiError(
                f"{folder / name} 没有用处。是不是要写 {close}.toml？请改名或移走。",
                f"{folder / name} is not read. Did you mean {close}.toml? Rename it or move it away.",
            )
    return found


def read_toml(file: Traversable | Path, quoting: Words) -> dict[str, object]:
    """读 TOML the document in `file`; what cannot be opened, is not UTF-8 or not TOML is a JinpaiError, which ends with
    how texts are quoted."""
    try:
        with disk(file):
            # editors on Windows put a byte-order mark before the text
            return tomllib.loads(file.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise JinpaiError(
            f"{file} 不是 UTF-8 编码。请用记事本另存为 UTF-8。", f"{file} is not UTF-8. Save it as UTF-8."
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise JinpaiError(
            f"{file} 有一行写法不对：{error}。{quoting.zh}。", f"{file} is not valid TOML: {error}; {quoting.en}."
        ) from None


def write_document(file: str, values: Mapping[str, object]) -> str:
    """写设置 the whole text of a settings file: `values` (form of the file) set, everything else as a comment."""
    blocks = [f"# {FILES[file]}。改完存盘即可，下次运行生效。"]
    mine = [one for one in SETTINGS.values() if one.file == file]
    # in TOML a plain value after a table would belong to the table
    plain = [one for one in mine if one.check.read is not None]
    tables = [one for one in mine if one.check.read is None]
    return "\n\n".join([*blocks, *(_block(one, values.get(one.name)) for one in plain + tables)]) + "\n"


def _block(setting: Setting, value: object) -> str:
    comment = "\n".join(f"# {line}" for line in setting.zh.split("\n"))
    if value is None and setting.name == "profiles":
        value = setting.default  # written out, so that people see what they can change
    if value is not None and value not in ({}, []):
        return f"{comment}\n{_entry(setting.name, value)}"
    if setting.check.read is not None:
        value = None if value in ({}, []) else value
        example = f"{setting.name} = {setting.example or inline(setting.default)}"
    else:
        example = setting.example
    return comment + "".join(f"\n# {line}".rstrip() for line in example.split("\n"))


def _entry(name: str, value: object) -> str:
    if name == "hours" and isinstance(value, Mapping):
        return "\n\n".join(_table(f"[{part}]", table) for part, table in value.items() if isinstance(table, Mapping))
    if isinstance(value, Mapping):
        return _table(f"[{name}]", value)
    if isinstance(value, list) and value and all(isinstance(item, Mapping) for item in value):
        return "\n\n".join(_table(f"[[{name}]]", item) for item in value)
    return f"{name} = {inline(value)}"


def _table(head: str, table: Mapping[str, object]) -> str:
    return "\n".join([head, *(f"{_key(key)} = {inline(value)}" for key, value in table.items() if value is not None)])


def _key(key: str) -> str:
    bare = key.isascii() and key.replace("_", "").replace("-", "").isalnum()
    return key if bare else inline(key)


def inline(value: object) -> str:
    """写成一行 a plain value as TOML on one line."""
    if isinstance(value, (bool, str)):
        # JSON's strings are TOML's, but for the delete character
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, (int, float, date)):
        return value.isoformat() if isinstance(value, date) else repr(value)
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(inline(item) for item in value)}]"
    raise TypeError(f"{value!r} cannot be written as TOML")
