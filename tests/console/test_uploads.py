"""Files from the browser stand in a folder that goes with the import, and with the next one after a crash."""

from shuke.console.checkup.job import upload_folder
from shuke.kernel.workspace import Workspace


def test_what_a_dead_process_left_goes_with_the_next_upload(workspace: Workspace) -> None:
    left = workspace.root / ".upload-old"
    left.mkdir()
    (left / "orders.csv").write_text("13812345678", "utf-8")
    first = upload_folder(workspace)
    assert not left.exists()
    second = upload_folder(workspace)
    assert first != second
    assert first.is_dir()
    assert second.is_dir()
