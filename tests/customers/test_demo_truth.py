"""The whole way from raw exports to customers, measured against who really was who."""

from pathlib import Path

import pytest

from bench.identity import scores
from shuke.demo.actions import write_exports
from shuke.kernel.actor import SYSTEM
from shuke.kernel.workspace import Workspace
from shuke.lake.actions import open_run
from shuke.lake.queries import current_generation
from shuke.procedures.import_files import import_files
from shuke.reference.actions import build
from tests.customers.people import resolve


@pytest.mark.slow
@pytest.mark.parametrize("seed", [5])
def test_precision_and_recall_on_a_demo_retailer(workspace: Workspace, tmp_path: Path, seed: int) -> None:
    truth = tmp_path / "truth"
    write_exports(tmp_path / "exports", truth=truth, customers=400, seed=seed)
    report = import_files(SYSTEM, workspace=workspace, paths=sorted((tmp_path / "exports").iterdir()))
    assert report.files
    with open_run(workspace, kind="test") as run:
        build(SYSTEM, run=run, parameters={})
        run.publish()
    resolve(workspace)
    generation = current_generation()
    assert generation is not None
    files = [workspace.lake / name for name in generation.tables["identity"]["files"]]
    sure = scores(files, truth=truth, column="customer_id_automatic", where="t.keys <> ''")
    used = scores(files, truth=truth, column="customer_id", where="t.keys <> ''")
    assert sure.precision >= 0.985
    assert used.precision >= 0.97
    assert used.recall >= sure.recall >= 0.85
    assert used.biggest <= used.biggest_true * 1.2
