"""辅导计划 coaching: who is to learn what from which day on, and how it ended."""

from __future__ import annotations

from django.db import models

from jinpai.book.models.recorded import Recorded


class CoachingPlan(Recorded):
    """辅导计划 for one agent and one point: a habit or a reason of lost orders (`diagnosis.coaching.points`).

    `starts` is a shop day, yyyymmdd; `said` is what the agent is asked to do, as the supervisor wrote it.
    """

    shop: str = models.CharField(max_length=120)
    agent: str = models.CharField(max_length=200)
    kind: str = models.CharField(max_length=12)
    name: str = models.CharField(max_length=40)
    starts: int = models.IntegerField()
    said: str = models.TextField()
    by: str = models.CharField(max_length=200)

    class Meta:
        """给 Django whose table it is, and by what it is looked up."""

        app_label = "book"
        indexes = [models.Index(fields=["shop", "at"], name="coaching_of_shop")]


class CoachingEnd(Recorded):
    """辅导的结束 the one end of a plan: `how` is done or withdrawn, `said` what is to be remembered."""

    plan = models.OneToOneField(CoachingPlan, on_delete=models.PROTECT, related_name="end")
    how: str = models.CharField(max_length=12)
    said: str = models.TextField(blank=True)
    by: str = models.CharField(max_length=200)

    class Meta:
        """给 Django whose table it is."""

        app_label = "book"
