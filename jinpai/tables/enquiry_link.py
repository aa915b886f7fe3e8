"""询单合并 enquiry_link: which pre-sales days of a buyer make one enquiry.

With `enquiry_span` of one day every day is its own. With a longer span, further days of the same
unpaid buyer inside the span join the first, and an answer to our own outreach opens none: following
up well must not multiply the denominator. Source: the metrics contract, §5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from jinpai.engine import Walked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinpai.engine import Engine, Value
    from jinpai.workspace.settings import Settings

READS = ("enquiry_day",)
ROWS = "select buyer_key, day, day_number, t0, enquiry_key, opens, paid_before from enquiry_day"
ORDER = ("buyer_key", "t0")
SCHEMA = pa.schema([("buyer_key", pa.int64()), ("day", pa.int64()), ("enquiry_key", pa.int64())])


def walk(engine: Engine, settings: Settings, values: Mapping[str, Value]) -> Walked:  # noqa: ARG001
    """询单合并 from the pre-sales days of some buyers, in order, to a row for each that belongs to an enquiry."""
    span = settings.enquiry_span

    def links(rows: pa.Table) -> pa.Table:
        if span == 1:
            return rows.select(SCHEMA.names).cast(SCHEMA)
        return pa.Table.from_pylist(joined(rows.to_pylist(), span), schema=SCHEMA)

    return Walked(ROWS, ORDER, links, SCHEMA)


def joined(days: list[dict[str, object]], span: int) -> list[dict[str, object]]:
    """合并 days sorted by buyer and t0, joined greedily; a day that neither joins nor opens is left out."""
    rows: list[dict[str, object]] = []
    first: dict[str, object] | None = None
    for day in days:
        if first is not None and first["buyer_key"] != day["buyer_key"]:
            first = None
        inside = first is not None and int(day["day_number"]) < int(first["day_number"]) + span  # type: ignore[call-overload]
        paid = first is not None and int(day["paid_before"] or -1) >= int(first["t0"])  # type: ignore[call-overload]
        if not (inside and not paid):
            first = day if day["opens"] else None
        if first is not None:
            rows.append({"buyer_key": day["buyer_key"], "day": day["day"], "enquiry_key": first["enquiry_key"]})
    return rows
