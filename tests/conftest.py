"""Fixtures that all rooms' tests share: a real workspace, a real lake, real rows."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from django.conf import settings

from shuke.kernel.workspace import Workspace
from tests.engines import KINDS, Engine, fresh_database, fresh_file, migrated_file, migrated_template
from tests.postgres import Server

SHARED_DATA = Path(__file__).parent.parent.parent / "shared" / "data"


@pytest.fixture
def workspace(tmp_path: Path, db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """An empty workspace on a database of its own; its engine goes with it, for a thousand of them fill the memory."""
    from shuke.lake.adapters import let_go

    root = tmp_path / "shop"
    root.mkdir()
    (root / "shuke.toml").write_text('shop = "禾里生活"\n', "utf-8")
    made = Workspace(root=root, shop="禾里生活", secret_key="test-only")
    for folder in (made.lake, made.raw, made.quarantine, made.tasks):
        folder.mkdir()
    monkeypatch.setattr(settings, "WORKSPACE", made)
    yield made
    let_go(made.scratch)


FillLake = Callable[..., None]


@pytest.fixture
def fill_lake(workspace: Workspace) -> FillLake:
    """`fill_lake(table=[{...}, ...], other=[...])` publishes rows; absent columns are null, declared types are cast."""
    from shuke.lake.actions import open_run
    from shuke.lake.queries import specs

    def fill(**tables: Sequence[dict[str, Any]]) -> None:
        with open_run(workspace, kind="test") as run:
            for name, rows in tables.items():
                spec = specs()[name]
                keys = list(dict.fromkeys(key for row in rows for key in row))
                run._cursor.register("given", pa.table({key: [row.get(key) for row in rows] for key in keys}))
                if spec.is_model:
                    run.write(name, sql="select * from given")
                else:
                    run._cursor.execute(spec.sql.replace("create table ", "create or replace temp table filled_", 1))
                    run._cursor.execute(f"insert into filled_{name} by name select * from given")
                    run.write(name, sql=f"select * from filled_{name}")
            run.publish()

    return fill


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Path:
    """A migrated SQLite file, made once."""
    with django_db_blocker.unblock():
        return migrated_file(tmp_path_factory.mktemp("sqlite-template"))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """A real PostgreSQL server of this test process; skips where the package that brings it is absent."""
    server = Server()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: Server, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> str:
    """The name of that server's migrated database, made once."""
    with django_db_blocker.unblock():
        return migrated_template(postgres_server, folder=tmp_path_factory.mktemp("postgres-template"))


@pytest.fixture(params=KINDS)
def engine(request: pytest.FixtureRequest, tmp_path: Path, django_db_blocker: Any) -> Iterator[Engine]:
    """The test twice, on a SQLite file and on PostgreSQL: a fresh workspace whose database holds no rows.

    Django's default connection leads there in every thread, commits are real; never beside the fixture `db`.
    """
    with django_db_blocker.unblock():
        if request.param == "sqlite":
            template = request.getfixturevalue("sqlite_template")
            with fresh_file(tmp_path / "shop", template=template) as made:
                yield made
        else:
            server, name = request.getfixturevalue("postgres_server"), request.getfixturevalue("postgres_template")
            with fresh_database(tmp_path / "shop", server=server, template=name) as made:
                yield made


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of public data sets beside the checkout; tests that need it skip where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the public data sets are not beside this checkout")
    return SHARED_DATA
