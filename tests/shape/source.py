"""The source as the shape tests read it: modules with their syntax trees, and the files of the repository."""

from __future__ import annotations

import ast
import importlib.util
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = {".venv", ".git", "__pycache__", "artefacts", "demo-shop", "build", "dist", "node_modules"}


def docs_module(name: str) -> ModuleType:
    """docs/`name`.py, which belongs to no package, as a module."""
    spec = importlib.util.spec_from_file_location(f"docs_{name}", ROOT / "docs" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@dataclass(frozen=True, slots=True)
class Module:
    """One Python file: its name with dots, its path below the repository, its text and its tree."""

    name: str
    path: str
    text: str
    tree: ast.Module

    @property
    def room(self) -> str:
        """The part of jinpai it belongs to: `flow` for jinpai/flow.py, `text` for jinpai/text/mask.py."""
        parts = self.name.split(".")
        return parts[1] if len(parts) > 1 else ""

    def imports(self) -> Iterator[tuple[int, str]]:
        """Line and dotted name of everything imported anywhere in it, relative names made whole."""
        package = self.name if self.path.endswith("__init__.py") else self.name.rpartition(".")[0]
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for name in node.names:
                    yield node.lineno, name.name
            elif isinstance(node, ast.ImportFrom):
                start = ".".join(package.split(".")[: len(package.split(".")) - node.level + 1]) if node.level else ""
                origin = ".".join(part for part in (start, node.module) if part)
                for name in node.names:
                    yield node.lineno, f"{origin}.{name.name}"


def files(*suffixes: str, below: str = ".") -> list[Path]:
    """Files of the repository with one of these endings, without what is made or installed."""
    return sorted(
        path
        for path in (ROOT / below).rglob("*")
        if path.suffix in suffixes and not LEFT_OUT & set(path.relative_to(ROOT).parts)
        and not any(part.startswith(".") for part in path.relative_to(ROOT).parts[:-1])
    )  # fmt: skip


@cache
def modules(below: str = "jinpai") -> tuple[Module, ...]:
    """Every Python module below a folder."""
    found = []
    for path in files(".py", below=below):
        relative = path.relative_to(ROOT)
        parts = list(relative.with_suffix("").parts)
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        text = path.read_text(encoding="utf-8")
        found.append(Module(name, relative.as_posix(), text, ast.parse(text, filename=str(path))))
    return tuple(found)
