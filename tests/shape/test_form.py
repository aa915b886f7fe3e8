"""Sizes, names and docstrings of the package."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.shape.source import Module, modules

LONGEST_MODULE = 400
LONGEST_FUNCTION = 50
FORBIDDEN = {"manager", "handler", "service", "helper", "util", "impl", "base"}
FORBIDDEN |= {word + "s" for word in FORBIDDEN}
# Names of the trade that contain such a word.
ALLOWED = {"service_share"}
MAY_PRINT = {"cli", "commands", "render"}

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def definitions(module: Module) -> Iterator[tuple[Definition, bool]]:
    """Every function and class, and whether it belongs to the public face: reached without a `_` on the way."""

    def walk(node: ast.AST, *, public: bool) -> Iterator[tuple[Definition, bool]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, Definition):
                seen = public and not child.name.startswith("_")
                yield child, seen
                yield from walk(child, public=seen and isinstance(child, ast.ClassDef))
            else:
                yield from walk(child, public=public)

    private = any(part.startswith("_") for part in module.name.split("."))
    yield from walk(module.tree, public=not private)


def is_stated_only(node: Definition) -> bool:
    """A method of a protocol, whose body is `...`: the protocol's docstring speaks for it."""
    return ast.unparse(node.body[-1]) == "..."


def test_no_module_is_longer_than_a_few_screens() -> None:
    long = [
        f"{m.path}: {len(m.text.splitlines())} lines" for m in modules() if len(m.text.splitlines()) > LONGEST_MODULE
    ]
    assert not long, f"more than {LONGEST_MODULE} lines: {long}"


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{module.path}:{node.lineno} {node.name}: {node.end_lineno - node.lineno + 1} lines"
        for module in modules()
        for node, _ in definitions(module)
        if not isinstance(node, ast.ClassDef) and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]
    assert not long, f"more than {LONGEST_FUNCTION} lines: {long}"


def test_what_is_public_has_a_docstring() -> None:
    bare = [f"{m.path}:{node.lineno} {node.name}" for m in modules() for node, public in definitions(m)
            if public and not ast.get_docstring(node) and not is_stated_only(node)]  # fmt: skip
    bare += [module.path for module in modules() if not ast.get_docstring(module.tree) and module.text.strip()]
    assert not bare, f"no docstring: {bare}"


def test_docstrings_begin_with_the_chinese_term() -> None:
    wrong = []
    for module in modules():
        named = [(node.name, node.lineno, ast.get_docstring(node)) for node in module.tree.body
                 if isinstance(node, Definition) and not node.name.startswith("_")]  # fmt: skip
        for name, line, text in [("(module)", 1, ast.get_docstring(module.tree)), *named]:
            words = (text or "").split("\n")[0].split()[:2]
            # An abbreviation like CSV is the Chinese term too.
            if text and not re.search(r"[\u4e00-\u9fff]|^[A-Z]{3,}\b", " ".join(words)):
                wrong.append(f"{module.path}:{line} {name}: {' '.join(words)}…")
    assert not wrong, "docstrings whose first words are not the Chinese term:\n" + "\n".join(wrong)


def words_of(name: str) -> set[str]:
    """The words of a name, `first_name` and `FirstName` alike."""
    return set(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().split("_"))


def test_names_say_what_a_thing_is() -> None:
    wrong = []
    for module in modules():
        named = [(1, part) for part in module.name.split(".")] + [(n.lineno, n.name) for n, _ in definitions(module)]
        wrong += [f"{module.path}:{line} {name}" for line, name in named if FORBIDDEN & words_of(name)]
        # A number or a chart may well have a base; a class or a module called so says nothing.
        values = [(node.lineno, node.arg) for node in ast.walk(module.tree) if isinstance(node, ast.arg)]
        values += [(node.lineno, node.id) for node in ast.walk(module.tree)
                   if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]  # fmt: skip
        wrong += [f"{module.path}:{line} {name}" for line, name in values
                  if name not in ALLOWED and (FORBIDDEN - {"base", "bases"}) & words_of(name)]  # fmt: skip
    assert not wrong, f"names that say nothing ({', '.join(sorted(FORBIDDEN))}): {wrong}"


def test_only_the_rim_prints() -> None:
    wrong = [
        f"{module.path}:{node.lineno}"
        for module in modules()
        if module.room not in MAY_PRINT
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert not wrong, f"print( outside {sorted(MAY_PRINT)}: {wrong}"
