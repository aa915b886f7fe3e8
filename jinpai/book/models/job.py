"""后台任务 job: long work that somebody asked for, how far it is, and which process has it in hand.

Not a decision but a state: it changes as the work goes on. Instants are ms UTC. Who works on it renews `leased_until`;
a lease that has run out means that the process is gone, and the work is given to the next one.
"""

from __future__ import annotations

from typing import Any

from django.db import models

from jinpai.book.models.recorded import now_ms


class Job(models.Model):  # noqa: DJ008 - nobody prints it
    """任务 of a shop in one workspace: `arguments` are its kind's own, `said` the sentences for people as [zh, en]."""

    at: int = models.BigIntegerField(default=now_ms)
    workspace: str = models.TextField()
    shop: str = models.CharField(max_length=120)
    kind: str = models.CharField(max_length=40)
    by: str = models.CharField(max_length=200)
    arguments: dict[str, Any] = models.JSONField(default=dict)
    state: str = models.CharField(max_length=12, default="waiting")
    not_before: int = models.BigIntegerField(default=0)
    tries: int = models.IntegerField(default=0)
    worker: str = models.CharField(max_length=40, blank=True)
    leased_until: int = models.BigIntegerField(default=0)
    stop_asked: bool = models.BooleanField(default=False)
    step: list[str] = models.JSONField(default=list)
    done: int = models.BigIntegerField(default=0)
    total: int = models.BigIntegerField(default=0)
    said: list[list[str]] = models.JSONField(default=list)
    started_at: int | None = models.BigIntegerField(null=True)
    ended_at: int | None = models.BigIntegerField(null=True)

    class Meta:
        """给 Django whose table it is, and by what it is looked up."""

        app_label = "book"
        indexes = [models.Index(fields=["workspace", "state"], name="job_in_state")]
