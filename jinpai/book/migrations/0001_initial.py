"""账本的第一批表 the first tables of the book: review tasks, verdicts, appeals and their decisions."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import jinpai.book.models.recorded
from jinpai.book.migrations._append_only import append_only

TABLES = ("book_reviewtask", "book_verdict", "book_appeal", "book_appealdecision")


class Migration(migrations.Migration):
    """第一批表 as Django wrote it, and the triggers."""

    initial = True
    dependencies = ()
    operations = [
        migrations.CreateModel(
            name="Appeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.BigIntegerField(default=jinpai.book.models.recorded.now_ms)),
                ("shop", models.CharField(max_length=120)),
                ("conversation", models.BigIntegerField()),
                ("criterion", models.CharField(max_length=40)),
                ("finding", models.CharField(max_length=32)),
                ("result", models.BigIntegerField()),
                ("message", models.BigIntegerField(null=True)),
                ("begins", models.BigIntegerField(null=True)),
                ("ends", models.BigIntegerField(null=True)),
                ("agent", models.CharField(max_length=200, null=True)),
                ("criterion_digest", models.CharField(max_length=32)),
                ("scorecard", models.CharField(max_length=32)),
                ("by", models.CharField(max_length=200)),
                ("why", models.TextField()),
            ],
            options={
                "indexes": [models.Index(fields=["shop", "finding"], name="appeal_finding")],
            },
        ),
        migrations.CreateModel(
            name="AppealDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.BigIntegerField(default=jinpai.book.models.recorded.now_ms)),
                ("ruling", models.CharField(max_length=12)),
                ("outcome", models.CharField(max_length=12)),
                ("right_result", models.BigIntegerField(null=True)),
                ("by", models.CharField(max_length=200)),
                ("why", models.TextField()),
                (
                    "appeal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decision", to="book.appeal"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReviewTask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.BigIntegerField(default=jinpai.book.models.recorded.now_ms)),
                ("shop", models.CharField(max_length=120)),
                ("conversation", models.BigIntegerField()),
                ("criterion", models.CharField(max_length=40)),
                ("finding", models.CharField(max_length=32)),
                ("result", models.BigIntegerField()),
                ("message", models.BigIntegerField(null=True)),
                ("begins", models.BigIntegerField(null=True)),
                ("ends", models.BigIntegerField(null=True)),
                ("agent", models.CharField(max_length=200, null=True)),
                ("criterion_digest", models.CharField(max_length=32)),
                ("scorecard", models.CharField(max_length=32)),
                ("how", models.CharField(max_length=12)),
                ("by", models.CharField(max_length=200)),
                ("batch", models.CharField(max_length=16)),
                ("population", models.BigIntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["shop", "finding"], name="task_finding")],
                "constraints": [models.UniqueConstraint(fields=("shop", "finding", "how"), name="task_drawn_once")],
            },
        ),
        migrations.CreateModel(
            name="Verdict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.BigIntegerField(default=jinpai.book.models.recorded.now_ms)),
                ("shop", models.CharField(max_length=120)),
                ("conversation", models.BigIntegerField()),
                ("criterion", models.CharField(max_length=40)),
                ("finding", models.CharField(max_length=32)),
                ("result", models.BigIntegerField()),
                ("message", models.BigIntegerField(null=True)),
                ("begins", models.BigIntegerField(null=True)),
                ("ends", models.BigIntegerField(null=True)),
                ("agent", models.CharField(max_length=200, null=True)),
                ("criterion_digest", models.CharField(max_length=32)),
                ("scorecard", models.CharField(max_length=32)),
                ("outcome", models.CharField(max_length=12)),
                ("right_result", models.BigIntegerField(null=True)),
                ("by", models.CharField(max_length=200)),
                ("why", models.TextField()),
            ],
            options={
                "indexes": [models.Index(fields=["shop", "finding"], name="verdict_finding")],
            },
        ),
        migrations.RunPython(append_only(*TABLES), migrations.RunPython.noop),
    ]
