"""What a page must not leave behind, show without a trace, or swallow."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shuke.console.checkup import job
from shuke.intake.models import Batch
from shuke.journal.models import Entry
from shuke.kernel.clock import utc_now
from shuke.kernel.workspace import Workspace
from tests.console.conftest import Browser


def test_each_look_at_rows_set_aside_is_journaled(workspace: Workspace, browser: Browser) -> None:
    (workspace.quarantine / "7-orders.csv").write_text("收货人,手机\n陈小燕,13800001111\n", "utf-8")
    counts = {"mapping_version": 1, "rows_read": 1, "staged": 0, "duplicate": 0, "quarantined": 1}
    Batch.objects.create(
        id=7, file="orders.csv", sha256="0" * 64, mapping="generic", source="generic", kind="lines", encoding="utf-8",
        quarantine_file="7-orders.csv", imported_at=utc_now(), user="x", **counts,
    )  # fmt: skip
    answer = browser("operator").get("/checkup/import/7/rows/")
    assert answer.status_code == 200
    (entry,) = Entry.objects.filter(verb="revealed")
    assert (entry.object_type, entry.object_id, entry.role) == ("quarantine", "7", "operator")
    assert "查看了隐藏信息" in browser("owner").get("/journal/").content.decode()


def test_files_that_cannot_be_imported_now_do_not_stay(
    workspace: Workspace, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = job.Job(kind="import", by="x", started_at=utc_now())
    monkeypatch.setitem(job._jobs, workspace.root, running)
    given = SimpleUploadedFile("members.csv", "手机\n13800001111\n".encode())
    assert browser("operator").post("/checkup/import/new/", {"files": given}).status_code == 409
    assert not [path for path in workspace.root.rglob("*") if path.name == "members.csv"]
    assert not list(workspace.root.glob(".upload-*"))


@pytest.mark.parametrize(
    ("role", "address", "size", "status"),
    [
        ("anonymous", "/sign-in/", 3_000_000, 413),
        ("anonymous", "/checkup/import/new/", 3_000_000, 413),
        ("associate", "/checkup/import/new/", 3_000_000, 413),
        ("associate", "/tasks/results/", 3_000_000, 413),
        ("manager", "/tasks/results/", 3_000_000, 302),
        ("manager", "/tasks/results/", 70_000_000, 413),
        ("operator", "/checkup/import/new/", 70_000_000, 400),
        ("owner", "/people/new/", 3_000_000, 413),
        ("owner", "/nowhere/", 3_000_000, 413),
    ],
)
def test_only_those_who_may_hand_in_files_send_large_bodies(
    role: str, address: str, size: int, status: int, browser: Browser
) -> None:
    answer = browser(role).post(address, data=b"", content_type="application/octet-stream", CONTENT_LENGTH=str(size))
    assert answer.status_code == status


def test_a_length_that_is_no_number_is_refused(browser: Browser) -> None:
    client: Client = browser("owner")
    answer = client.post("/people/new/", data=b"", content_type="text/plain", CONTENT_LENGTH="-1")
    assert answer.status_code == 413
