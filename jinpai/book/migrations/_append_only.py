"""只增不改 append-only: the triggers by which the database itself refuses to alter or remove records."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

REFUSED = "records of the book are added, never altered or removed"


def append_only(*tables: str) -> Callable[[Any, Any], None]:
    """只增不改 what a migration runs for these tables, on SQLite and PostgreSQL."""

    def forbid(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001
        postgresql = schema_editor.connection.vendor == "postgresql"
        if postgresql:
            schema_editor.execute(
                "CREATE OR REPLACE FUNCTION book_append_only() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$"
            )
        does = (
            "FOR EACH ROW EXECUTE FUNCTION book_append_only()" if postgresql
            else f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        )  # fmt: skip
        for table in tables:
            for act in ("UPDATE", "DELETE"):
                schema_editor.execute(f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} {does}")

    return forbid
