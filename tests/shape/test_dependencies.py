"""What the package imports is what pyproject.toml says it needs."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import packages_distributions

from tests.shape.source import ROOT, modules


def declared() -> set[str]:
    """Names of the distributions that the package and its extras (not its tests) depend on."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [one for name, many in project["optional-dependencies"].items() if name != "dev" for one in many]
    return {re.split(r"[\[<>=~! ;]", one)[0].lower().replace("_", "-") for one in [*project["dependencies"], *extras]}


def test_every_import_is_declared() -> None:
    known, owners = declared(), packages_distributions()
    wrong = set()
    for module in modules():
        for line, name in module.imports():
            top = name.split(".")[0]
            if top in sys.stdlib_module_names or top in {"jinpai", "__future__"}:
                continue
            if not known & {owner.lower().replace("_", "-") for owner in owners.get(top, [])}:
                wrong.add(f"{module.path}:{line} imports {top}, which is not in pyproject.toml")
    assert not wrong, "\n".join(sorted(wrong))
