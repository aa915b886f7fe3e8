"""记录 recorded: what every record of the book has: an instant, and that it is never altered once it stands.

A change of mind is another record. The database refuses alterations as well (the triggers of migration 0001), so that
nobody does by hand what the program would not do.
"""

from __future__ import annotations

import time
from typing import Any, NoReturn

from django.db import models


class AppendOnly(Exception):
    """只增不改 somebody tried to alter or remove a record: a mistake of the program."""


def _refuse() -> NoReturn:
    raise AppendOnly("records of the book are added, never altered or removed")


def now_ms() -> int:
    """现在 the instant in ms UTC."""
    return time.time_ns() // 1_000_000


class Added(models.QuerySet):
    """只增的查询 a query whose rows can be read and added to, and nothing else."""

    def update(self, **_: Any) -> int:
        """不许改 refused."""
        _refuse()

    def delete(self) -> tuple[int, dict[str, int]]:
        """不许删 refused."""
        _refuse()

    def bulk_update(self, *_: Any, **__: Any) -> int:
        """不许改 refused."""
        _refuse()


class Recorded(models.Model):
    """记录 one record: `at` is ms UTC."""

    at: int = models.BigIntegerField(default=now_ms)

    objects = Added.as_manager()

    class Meta:
        """给 Django no table of its own."""

        abstract = True

    def save(self, **how: Any) -> None:
        """记下 once."""
        if self.pk is not None:
            _refuse()
        super().save(force_insert=True, using=how.get("using"))

    def delete(self, **_: Any) -> tuple[int, dict[str, int]]:
        """不许删 refused."""
        _refuse()
