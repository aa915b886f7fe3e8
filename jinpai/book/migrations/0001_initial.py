"""账本的第一批表 the first tables of the book: review tasks, verdicts, appeals and their decisions."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

import jinpai.book.models.recorded

TABLES = ("book_reviewtask", "book_verdict", "book_appeal", "book_appealdecision")


def forbid_alterations(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001
    """只增不改 the database itself refuses to alter or remove a record."""
    postgresql = schema_editor.connection.vendor == "postgresql"
    if postgresql:
        schema_editor.execute(
            "CREATE OR REPLACE FUNCTION book_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'records of the book are added, never altered or removed'; END $$"
        )
    for table in TABLES:
        for act in ("UPDATE", "DELETE"):
            does = (
                "FOR EACH ROW EXECUTE FUNCTION book_append_only()" if postgresql
                else "BEGIN SELECT RAISE(ABORT, 'records of the book are added, never altered or removed'); END"
            )  # fmt: skip
            schema_editor.execute(f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} {does}")


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
        migrations.RunPython(forbid_alterations, migrations.RunPython.noop),
    ]
