"""人员 people who may open the desk, their roles, and the log of what they do."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import jinpai.book.models.recorded
from jinpai.book.migrations._append_only import append_only

TABLES = ("book_membership", "book_deed")


class Migration(migrations.Migration):
    """人员的表 as Django wrote it, and the triggers."""

    dependencies = (("book", "0001_initial"),)

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("name", models.CharField(max_length=80, unique=True)),
                ("lang", models.CharField(default="zh", max_length=2)),
                ("is_active", models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name="Deed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.BigIntegerField(default=jinpai.book.models.recorded.now_ms)),
                ("by", models.CharField(max_length=200)),
                ("shop", models.CharField(blank=True, max_length=120)),
                ("what", models.CharField(max_length=40)),
                ("on", models.TextField(blank=True)),
            ],
            options={
                "indexes": [models.Index(fields=["shop", "at"], name="deed_of_shop")],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.BigIntegerField(default=jinpai.book.models.recorded.now_ms)),
                ("shop", models.CharField(max_length=120)),
                ("role", models.CharField(blank=True, max_length=12)),
                ("agent", models.CharField(max_length=200, null=True)),
                ("by", models.CharField(max_length=200)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="book.person"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["person", "shop"], name="membership_of")],
            },
        ),
        migrations.RunPython(append_only(*TABLES), migrations.RunPython.noop),
    ]
