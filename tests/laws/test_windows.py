"""统计期的定律 a wider window never loses an enquiry that is mature in both."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinpai.metrics import catalogue
from jinpai.metrics.definition import bound
from jinpai.metrics.parts import with_profiles
from jinpai.period import Window
from jinpai.workspace.settings import Settings
from tests.mutants import kills

from .reckoning import RULES, counted, file, settings, wide
from .shop import Drawn, shops

pytestmark = pytest.mark.slow

# each ends no later than the next, whatever the hour of t0; an hour from 23:30 ends after its day does
WIDER = ("24h", "next_day", "3d", "7d", "30d")
NARROW_TO_WIDE = [[Window.parse(name) for name in (first, *WIDER)] for first in ("1h", "same_day")]
SETTINGS = st.sampled_from(
    [settings(**RULES), settings(window="same_day", after_sales_days=0), settings(window="3d", enquiry_span=3)]
)
NUMERATORS = [catalogue()[name] for name in ("ordered", "paid", "deposit", "conversion", "conversion_with_unpaid", "order_rate",
    "unpaid_rescue", "payment_rate")]  # fmt: skip


@kills(
    "jinpai/metrics/definition.py",
    'return "day_ends_at" if window.days == 1 else "next_ends_at"',
    'return "next_ends_at" if window.days == 1 else "day_ends_at"',
)
@kills(
    "jinpai/metrics/conversion.py",
    '_PAID = "{mature} and paid_at < {end}"',
    '_PAID = "{mature} and paid_at < {end} and paid_at >= {end} - 86400000"',
)
@kills(
    "jinpai/metrics/conversion.py",
    '_ORDERED = f"{{mature}} and {_NEW} and ordered_at < {{end}}"',
    '_ORDERED = f"{{mature}} and {_NEW} and ordered_at < {{end}} and ordered_at >= {{end}} - 86400000"',
)
@kills(
    "jinpai/metrics/conversion.py",
    '"{mature} and deposit_at < {end}"',
    '"{mature} and coalesce(deposit_at >= {end}, true)"',
)
@wide(10)
@given(shops(), SETTINGS, st.sampled_from(NARROW_TO_WIDE))
def test_a_wider_window_never_loses_a_mature_enquiry(shop: Drawn, chosen: Settings, windows: list[Window]) -> None:
    parts = [bound(with_profiles(metric.numerator, chosen), window) for metric in NUMERATORS for window in windows]
    parts += [bound(catalogue()["mature_enquiries"].numerator, window) for window in windows]
    told = ", ".join(f"{part.expression} as p{number}" for number, part in enumerate(parts))
    with counted([file(shop.rows)], chosen) as (engine, values):
        rows = engine.rows(
            f"select enquiry_key, {told} from enquiry_by where scope = 'shop' group by enquiry_key", values
        )
    for row in rows:
        found = [row[f"p{number}"] for number in range(len(parts))]
        widths = len(windows)
        mature = found[-widths:]
        assert mature == sorted(mature, reverse=True)
        for number, metric in enumerate(NUMERATORS):
            grown = [one for one, is_mature in zip(found[number * widths :], mature, strict=False) if is_mature]
            assert grown == sorted(grown), (metric.name, found)
        assert max(found) <= 1
