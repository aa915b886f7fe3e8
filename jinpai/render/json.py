"""JSON render a report, or a list of rows, as one JSON object and nothing else."""

from __future__ import annotations

import json
from typing import Any


def text(result: Any, *, ascii_only: bool = False) -> str:
    """JSON 文本 the result as JSON; `ascii_only` escapes Chinese for outputs that cannot hold it."""
    return json.dumps(result, ensure_ascii=ascii_only, indent=2, allow_nan=False, default=str) + "\n"
