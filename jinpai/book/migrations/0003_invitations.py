"""邀请和二次验证 invitations and second factors, and what ends a person's sessions."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import jinpai.book.models.recorded
from jinpai.book.migrations._append_only import append_only

TABLES = ("book_invitation", "book_invitationend", "book_secondfactor", "book_recoverycode", "book_usedcode")


class Migration(migrations.Migration):
    """邀请和二次验证的表 as Django wrote it, and the triggers."""

    dependencies = (("book", "0002_people"),)

    operations = [
        migrations.AddField(
            model_name="person",
            name="epoch",
            field=models.BigIntegerField(default=0),
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.BigIntegerField(default=jinpai.book.models.recorded.now_ms)),
                ("shop", models.CharField(max_length=120)),
                ("role", models.CharField(blank=True, max_length=12)),
                ("agent", models.CharField(max_length=200, null=True)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("ends", models.BigIntegerField()),
                ("by", models.CharField(max_length=200)),
                (
                    "person",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="book.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="InvitationEnd",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.BigIntegerField(default=jinpai.book.models.recorded.now_ms)),
                ("how", models.CharField(max_length=12)),
                ("by", models.CharField(max_length=200)),
                (
                    "invitation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="end", to="book.invitation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SecondFactor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.BigIntegerField(default=jinpai.book.models.recorded.now_ms)),
                ("secret", models.CharField(blank=True, max_length=200)),
                ("by", models.CharField(max_length=200)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="second_factors", to="book.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.BigIntegerField(default=jinpai.book.models.recorded.now_ms)),
                ("digest", models.CharField(max_length=64)),
                (
                    "factor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recovery_codes",
                        to="book.secondfactor",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="UsedCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.BigIntegerField(default=jinpai.book.models.recorded.now_ms)),
                ("code", models.CharField(max_length=64)),
                (
                    "factor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="used_codes", to="book.secondfactor"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="invitation",
            index=models.Index(fields=["shop", "at"], name="invitation_of_shop"),
        ),
        migrations.AddConstraint(
            model_name="usedcode",
            constraint=models.UniqueConstraint(fields=("factor", "code"), name="code_used_once"),
        ),
        migrations.RunPython(append_only(*TABLES), migrations.RunPython.noop),
    ]
