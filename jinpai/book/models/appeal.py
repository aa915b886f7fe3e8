"""申诉 appeal: an agent contests a point; somebody else than who set it decides."""

from __future__ import annotations

from django.db import models

from jinpai.book.models.point import OnPoint
from jinpai.book.models.recorded import Recorded


class Appeal(OnPoint):
    """申诉 by the agent whose point it is, and why."""

    by: str = models.CharField(max_length=200)
    why: str = models.TextField()

    class Meta:
        """给 Django whose table it is, and by what it is looked up."""

        app_label = "book"
        indexes = [models.Index(fields=["shop", "finding"], name="appeal_finding")]


class AppealDecision(Recorded):
    """申诉结果 the one decision on an appeal: `ruling` is uphold, overturn or na; `outcome` what follows for the finding, as in
    a verdict."""

    appeal = models.OneToOneField(Appeal, on_delete=models.PROTECT, related_name="decision")
    ruling: str = models.CharField(max_length=12)
    outcome: str = models.CharField(max_length=12)
    right_result: int | None = models.BigIntegerField(null=True)
    by: str = models.CharField(max_length=200)
    why: str = models.TextField()

    class Meta:
        """给 Django whose table it is, and by what it is looked up."""

        app_label = "book"
