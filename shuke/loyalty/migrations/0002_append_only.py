"""The database itself refuses to change or delete what was entered in the ledger."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_TABLES = ("loyalty_txn", "loyalty_entry", "loyalty_growth", "loyalty_tier", "loyalty_couponevent")


def protect(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Creates the triggers of the engine in use."""
    del apps
    if editor.connection.vendor == "postgresql":
        editor.execute(
            "create function loyalty_refuse() returns trigger language plpgsql as"
            " $$ begin raise exception 'the ledger is append-only'; end $$"
        )
    for table in _TABLES:
        if editor.connection.vendor == "postgresql":
            editor.execute(
                f"create trigger {table}_append_only before update or delete on {table}"
                " for each row execute function loyalty_refuse()"
            )
            continue
        for event in ("update", "delete"):
            editor.execute(
                f"create trigger {table}_no_{event} before {event} on {table}"
                " begin select raise(abort, 'the ledger is append-only'); end"
            )


class Migration(migrations.Migration):
    dependencies = [("loyalty", "0001_initial")]
    operations = [migrations.RunPython(protect)]
