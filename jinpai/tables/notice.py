"""平台通知 notice: the platform's events as `message` has them, few among many rows.

Found while messages are made: a search of all of them would cost more than everything told of events.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from jinpai.coded import coded, equals
from jinpai.engine import Walked
from jinpai.tables.message import SCHEMA as MESSAGE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinpai.engine import Engine, Value
    from jinpai.workspace.settings import Settings

READS = ("message",)
ALONG = "message"
COLUMNS = (
    "shop",
    "buyer_key",
    "seq",
    "message_key",
    "sent_at",
    "day",
    "hour",
    "event",
    "agent",
    "file_key",
    "position",
)
ROWS = f"select {', '.join(COLUMNS)}, sender from message where sender = 'system'"
ORDER = ("buyer_key", "seq")
SCHEMA = pa.schema([MESSAGE.field(name) for name in COLUMNS])


def walk(engine: Engine, settings: Settings, values: Mapping[str, Value]) -> Walked:  # noqa: ARG001
    """平台通知 from the messages and events of some buyers to the events."""

    def notices(rows: pa.Table) -> pa.Table:
        return rows.filter(pa.array(equals(coded(rows["sender"]), "system"))).select(COLUMNS)

    return Walked(ROWS, ORDER, notices, SCHEMA)
