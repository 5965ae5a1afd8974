"""The database itself refuses to change or delete what was journaled."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_SQLITE = (
    "create trigger journal_entry_no_update before update on journal_entry"
    " begin select raise(abort, 'the journal is append-only'); end",
    "create trigger journal_entry_no_delete before delete on journal_entry"
    " begin select raise(abort, 'the journal is append-only'); end",
)
_POSTGRESQL = (
    "create function journal_refuse() returns trigger language plpgsql as"
    " $$ begin raise exception 'the journal is append-only'; end $$",
    "create trigger journal_entry_append_only before update or delete on journal_entry"
    " for each row execute function journal_refuse()",
)


def protect(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Creates the triggers of the engine in use."""
    del apps
    for statement in _POSTGRESQL if editor.connection.vendor == "postgresql" else _SQLITE:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunPython(protect)]
