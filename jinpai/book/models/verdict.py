"""复核结果 verdict: what a person says of a finding."""

from __future__ import annotations

from django.db import models

from jinpai.book.models.point import OnPoint


class Verdict(OnPoint):
    """复核结果 agree, overturn (it is `right_result` thousandths instead) or na, by whom and why.

    An `agree` on a red line confirms it. Of several on one finding the last holds.
    """

    outcome: str = models.CharField(max_length=12)
    right_result: int | None = models.BigIntegerField(null=True)
    by: str = models.CharField(max_length=200)
    why: str = models.TextField()

    class Meta:
        """给 Django whose table it is, and by what it is looked up."""

        app_label = "book"
        indexes = [models.Index(fields=["shop", "finding"], name="verdict_finding")]
