"""后台任务 long work that was asked for, and how far it is."""

from __future__ import annotations

from django.db import migrations, models

import jinpai.book.models.recorded


class Migration(migrations.Migration):
    """任务的表 as Django wrote it; a job changes as it goes on, so that nothing forbids it."""

    dependencies = (("book", "0003_invitations"),)

    operations = (
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.BigIntegerField(default=jinpai.book.models.recorded.now_ms)),
                ("workspace", models.TextField()),
                ("shop", models.CharField(max_length=120)),
                ("kind", models.CharField(max_length=40)),
                ("by", models.CharField(max_length=200)),
                ("arguments", models.JSONField(default=dict)),
                ("state", models.CharField(default="waiting", max_length=12)),
                ("not_before", models.BigIntegerField(default=0)),
                ("tries", models.IntegerField(default=0)),
                ("worker", models.CharField(blank=True, max_length=40)),
                ("leased_until", models.BigIntegerField(default=0)),
                ("stop_asked", models.BooleanField(default=False)),
                ("step", models.JSONField(default=list)),
                ("done", models.BigIntegerField(default=0)),
                ("total", models.BigIntegerField(default=0)),
                ("said", models.JSONField(default=list)),
                ("started_at", models.BigIntegerField(null=True)),
                ("ended_at", models.BigIntegerField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["workspace", "state"], name="job_in_state")],
            },
        ),
    )
