"""复核任务 review: which findings were drawn for a person to look at, and how."""

from __future__ import annotations

from django.db import models

from jinpai.book.models.point import OnPoint

HOW = ("uncertain", "random")


class ReviewTask(OnPoint):
    """复核任务 one finding drawn for `by`: because it is `uncertain`, or at `random` out of `population` findings.

    Only the random ones tell how often a criterion is right. `batch` is the draw that it came with.
    """

    how: str = models.CharField(max_length=12)
    by: str = models.CharField(max_length=200)
    batch: str = models.CharField(max_length=16)
    population: int = models.BigIntegerField()

    class Meta:
        """给 Django whose table it is, and by what it is looked up."""

        app_label = "book"
        indexes = [models.Index(fields=["shop", "finding"], name="task_finding")]
        constraints = [models.UniqueConstraint(fields=["shop", "finding", "how"], name="task_drawn_once")]
