"""2,000 fuzzed files of every format: each is imported or refused by a sentence, and nothing half-written stays."""

from __future__ import annotations

import faulthandler
from pathlib import Path
from random import Random

import pytest

from jinpai import flow
from jinpai.importers import IMPORTERS, Probe, identify
from jinpai.workspace import Workspace
from tests.hostile.containers import delimited, page, parquet, workbook
from tests.hostile.fuzz import fuzz
from tests.hostile.seeds import SEEDS, Seed
from tests.mutants import kills

FILES, SIZE, SEED = 2_000, 100, 2026


@pytest.mark.slow
@pytest.mark.parametrize("start", range(0, FILES, SIZE))
def test_fuzzed_files_are_imported_or_refused_by_a_sentence(tmp_path: Path, start: int) -> None:
    """And the facts can be built from whatever was imported. A hang ends with the stack of where it hangs."""
    faulthandler.dump_traceback_later(300, exit=True)
    try:
        found = fuzz(tmp_path, SEED, range(start, start + SIZE))
        flow.build(Workspace.open(tmp_path / "店铺 数据"))
    finally:
        faulthandler.cancel_dump_traceback_later()
    assert not found.wrong, "\n".join(found.wrong)
    assert found.imported + found.refused == SIZE
    assert found.imported >= SIZE // 5, "most are refused at the door and try nothing"
    assert found.refused >= SIZE // 5, "most are sound and try nothing"


@kills("jinpai/importers/nine_column.py", "_identify, _read\n", "lambda probe: False, _read\n")
def test_every_format_is_fuzzed(tmp_path: Path) -> None:
    """The seeds themselves are sound files of the formats that they say."""

    class Calm(Random):
        def random(self) -> float:
            return 0.99

    def sound(seed: Seed) -> bytes:
        calm = Calm(1)
        if seed.form == "xlsx":
            return workbook(seed.table, calm)
        if seed.form == "parquet":
            return _plain_parquet(seed)
        text = seed.text or (page if seed.form == "html" else delimited)(seed.table, *([seed.form] if seed.form != "html" else []), calm)  # type: ignore[operator]  # fmt: skip
        return text.encode(seed.encoding)

    seen = set()
    for seed in SEEDS:
        if not seed.mapping:
            path = tmp_path / f"{seed.name}.{seed.form}"
            path.write_bytes(sound(seed))
            assert identify(Probe(path)).name == seed.format, seed.name
            seen.add(seed.format)
    assert seen == {importer.name for importer in IMPORTERS}


def _plain_parquet(seed: Seed) -> bytes:
    class Texts(Random):
        def random(self) -> float:
            return 0.0

    return parquet(seed.table, Texts(1))
