"""指标库 metrics: one family a file; a file's `metric` is its registration, there is no list to edit."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from jinpai.catalogue import Catalogue
from jinpai.errors import Words
from jinpai.metrics.definition import Metric
from jinpai.period import Window

_FAMILIES = Catalogue[Metric]("jinpai.metrics", "metric", Words("指标", "metric"))
_ORDER = ("conversion", "sales", "response", "workload", "satisfaction", "inspection", "platform")
STANDARD_WINDOWS = ("same_day", "next_day", "24h", "7d")


@cache
def catalogue() -> dict[str, Metric]:
    """全部指标 every metric by name: the families in the order people read them, then others."""
    import importlib
    import pkgutil

    family: dict[str, str] = {}
    for module in pkgutil.iter_modules(__path__):
        for metric in getattr(importlib.import_module(f"{__name__}.{module.name}"), "metric", ()):
            family[metric.name] = module.name
    place = {name: number for number, name in enumerate(_ORDER)}
    found = [replace(metric, family=family.get(metric.name, metric.family)) for metric in _FAMILIES]
    told = {name: number for number, name in enumerate(family)}
    found.sort(key=lambda one: (place.get(one.family, len(place)), one.family, told.get(one.name, 0)))
    return {metric.name: metric for metric in found}


def windows(chosen: Window) -> list[Window]:
    """统计期 the windows a report without a choice of metrics shows: the standard ones and the chosen one."""
    names = [*STANDARD_WINDOWS, *([chosen.name] if chosen.name not in STANDARD_WINDOWS else [])]
    return [Window.parse(name) for name in names]


def choose(names: list[str] | None, chosen: Window) -> list[tuple[Metric, Window | None]]:
    """选指标 the metrics (and windows) that a report shows: those named, else all.

    A windowed metric may be named bare (its window is the chosen one) or with any window behind an
    underscore, `conversion_3d`. An unknown name is WrongUse with a suggestion.
    """
    if names is None:
        every: list[Window | None] = [*windows(chosen)]
        return [
            (metric, window) for metric in catalogue().values() for window in (every if metric.windowed else [None])
        ]
    return [_named(name.strip(), chosen) for name in names if name.strip()]


def _named(name: str, chosen: Window) -> tuple[Metric, Window | None]:
    known = catalogue()
    if name in known:
        return known[name], chosen if known[name].windowed else None
    for metric in known.values():
        if metric.windowed and name.startswith(metric.name + "_"):
            from jinpai.errors import JinpaiError

            try:
                return metric, Window.parse(name.removeprefix(metric.name + "_"))
            except JinpaiError:
                continue
    return _FAMILIES.get(name), None
