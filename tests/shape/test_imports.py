"""The rooms stand in a row, and a module sees only its own room and those before it."""

from __future__ import annotations

from tests.shape.source import modules

ROOMS = (
    "errors canon terms period money catalogue workspace coded engine cluster dialect spark text erasure importers template_words templates gathering importing tables "
    "metrics criteria decisions daily counting computing origins sourcing layers renewing increment shelf flow watching standing report today analysis assessment naming explain inspection transcript topics diagnosis spoken conversations conversation revealing unpaid trying problems roster simulate render book desk commands cli __main__"
).split()  # fmt: skip

ONLY_IN = {
    "duckdb": {"jinpai.engine"},
    "pyspark": {"jinpai.spark"},
    "hyperscan": {"jinpai.text.automaton"},
    "django": {"jinpai.book", "jinpai.desk"},
}


def test_every_module_belongs_to_a_room() -> None:
    homeless = sorted({module.path for module in modules() if module.room and module.room not in ROOMS})
    assert not homeless, f"not in the row of rooms (ROOMS in {__file__}): {homeless}"


def test_a_room_imports_only_itself_and_rooms_before_it() -> None:
    wrong = []
    for module in modules():
        for line, name in module.imports():
            parts = name.split(".")
            if parts[0] != "jinpai" or len(parts) < 2 or parts[1] not in ROOMS or module.room not in ROOMS:
                continue
            if ROOMS.index(parts[1]) > ROOMS.index(module.room):
                wrong.append(f"{module.path}:{line} imports {name}, a room after its own")
    assert not wrong, "\n".join(wrong)


def test_the_package_itself_imports_none_of_its_rooms() -> None:
    package = next(module for module in modules() if module.name == "jinpai")
    assert not [name for _, name in package.imports() if name.startswith("jinpai.")]


def _may(module: str, places: set[str] | None) -> bool:
    """Whether a module is one of the places, or in a room that is."""
    return places is None or any(module == place or module.startswith(f"{place}.") for place in places)


def test_engines_are_named_in_one_module_only() -> None:
    wrong = [
        f"{module.path}:{line} imports {name}"
        for module in modules()
        for line, name in module.imports()
        if not _may(module.name, ONLY_IN.get(name.split(".", maxsplit=1)[0]))
    ]
    assert not wrong, "\n".join(wrong)
