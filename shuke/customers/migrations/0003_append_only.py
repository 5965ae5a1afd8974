"""The database itself refuses to change or delete what people decided or answered."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_TABLES = ("customers_decision", "customers_decisionrecord", "customers_label")


def protect(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Creates the triggers of the engine in use."""
    del apps
    if editor.connection.vendor == "postgresql":
        editor.execute(
            "create function customers_refuse() returns trigger language plpgsql as"
            " $$ begin raise exception 'decisions are append-only'; end $$"
        )
    for table in _TABLES:
        if editor.connection.vendor == "postgresql":
            editor.execute(
                f"create trigger {table}_append_only before update or delete on {table}"
                " for each row execute function customers_refuse()"
            )
            continue
        for event in ("update", "delete"):
            editor.execute(
                f"create trigger {table}_no_{event} before {event} on {table}"
                " begin select raise(abort, 'decisions are append-only'); end"
            )


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_decisions")]
    operations = [migrations.RunPython(protect)]
