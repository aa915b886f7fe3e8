"""辅导计划 who is to learn what, and how it ended."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import jinpai.book.models.recorded
from jinpai.book.migrations._append_only import append_only


class Migration(migrations.Migration):
    """辅导计划的表 as Django wrote it, and the triggers."""

    dependencies = (("book", "0004_jobs"),)

    operations = (
        migrations.CreateModel(
            name="CoachingPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.BigIntegerField(default=jinpai.book.models.recorded.now_ms)),
                ("shop", models.CharField(max_length=120)),
                ("agent", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=12)),
                ("name", models.CharField(max_length=40)),
                ("starts", models.IntegerField()),
                ("said", models.TextField()),
                ("by", models.CharField(max_length=200)),
            ],
            options={"indexes": [models.Index(fields=["shop", "at"], name="coaching_of_shop")]},
        ),
        migrations.CreateModel(
            name="CoachingEnd",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.BigIntegerField(default=jinpai.book.models.recorded.now_ms)),
                ("how", models.CharField(max_length=12)),
                ("said", models.TextField(blank=True)),
                ("by", models.CharField(max_length=200)),
                (
                    "plan",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="end", to="book.coachingplan"
                    ),
                ),
            ],
        ),
        migrations.RunPython(append_only("book_coachingplan", "book_coachingend"), migrations.RunPython.noop),
    )
