"""Text files: UTF-8, composed characters, no trailing blanks, and nothing of anyone's own machine."""

from __future__ import annotations

import re
import unicodedata

from tests.shape.source import ROOT, files

WRITTEN = (".py", ".md", ".toml", ".sql", ".txt", ".html", ".css", ".js", ".json")
# Samples of what a shop back office exports may be in another encoding and end in tabs: their names say so.
OTHER_ENCODING = re.compile(r"gbk|gb18030|utf16", re.IGNORECASE)
# A path of somebody's machine.
HOME = re.compile(r"(?<![\w.~-])/(?:home|work|root|Users)/\w")


def test_files_are_utf8_in_composed_form_without_trailing_blanks() -> None:
    wrong = []
    for path in files(*WRITTEN, ".csv"):
        name = path.relative_to(ROOT).as_posix()
        if OTHER_ENCODING.search(path.name):
            continue
        try:
            text = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            wrong.append(f"{name}: not UTF-8, byte {error.start}")
            continue
        if not unicodedata.is_normalized("NFC", text):
            wrong.append(f"{name}: not NFC")
        if path.suffix in WRITTEN:
            lines = text.split("\n")
            wrong += [f"{name}:{n}: trailing blank" for n, line in enumerate(lines, 1) if line != line.rstrip()]
            if text and not text.endswith("\n"):
                wrong.append(f"{name}: the last line has no end")
    assert not wrong, "\n".join(wrong)


def test_nothing_names_a_place_on_somebodys_machine() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in files(*WRITTEN, ".csv")
        if not OTHER_ENCODING.search(path.name)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if HOME.search(line)
    ]
    assert not wrong, "\n".join(wrong)
