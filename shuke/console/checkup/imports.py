"""Files dropped into the browser, and what became of them."""

import shutil
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shuke.access.rules import Permission
from shuke.console.checkup import job
from shuke.console.frame.page import PageRequest, page
from shuke.intake.actions.proposals import accept_proposal
from shuke.intake.queries import BadMapping, batches, proposed_mappings
from shuke.journal.actions import note
from shuke.procedures.refresh import NothingImported

_BATCHES = 60


@page(Permission.IMPORT_FILES)
def import_files(request: PageRequest) -> HttpResponse:
    """The place to drop files, the import that runs or ran, and all files so far."""
    return _form(request)


def _form(request: PageRequest, *, trouble: str = "", status: int = 200) -> HttpResponse:
    context = {
        "job": job.current(request.workspace),
        "batches": batches(request.actor, limit=_BATCHES),
        "proposed": proposed_mappings(request.actor, workspace=request.workspace),
        "trouble": trouble,
    }
    return render(request, "checkup/import.html", context, status=status)


@page(Permission.IMPORT_FILES, method="POST")
def import_new(request: PageRequest) -> HttpResponse:
    """Takes the files and starts the import; the page can be left while it runs."""
    files = [file for file in request.FILES.getlist("files") if isinstance(file, UploadedFile)]
    if not files:
        return _form(request, trouble=_("Choose at least one file first."), status=400)
    folder = job.upload_folder(request.workspace)
    try:
        for file in files:
            _keep(file, folder)
        job.start_import(request.actor, workspace=request.workspace, folder=folder)
    except (OSError, job.JobRunning):
        # What nobody will import must not stay: these files are full of names and phones.
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return redirect("import_files")


def _keep(file: "UploadedFile[Any]", folder: Path) -> None:
    """Writes one upload under its own last name, so that no path in a name can lead out of the folder."""
    name = Path((file.name or "").replace("\\", "/")).name or "file"
    with (folder / name).open("wb") as kept:
        for chunk in file.chunks():
            kept.write(chunk)


@page(Permission.REVIEW_PROPOSALS, method="POST")
def run_week(request: PageRequest) -> HttpResponse:
    """Starts the week's computation; its progress stands on the import page."""
    if not request.lake.row_count("staged_sales"):
        raise NothingImported("Nothing has been imported yet.", hint="Import a file of orders first.")
    job.start_week(request.actor, workspace=request.workspace)
    return redirect("import_files")


@page(Permission.IMPORT_FILES)
def import_job(request: PageRequest) -> HttpResponse:
    """The running import alone: asked for every second while it runs."""
    found = job.current(request.workspace)
    response = render(request, "checkup/job.html", {"job": found})
    if found is not None and found.done:
        # The rest of the page follows: files read by now, and columns that wait to be confirmed.
        response["HX-Refresh"] = "true"
    return response


@page(Permission.IMPORT_FILES, method="POST")
def mapping(request: PageRequest, code: str) -> HttpResponse:
    """Takes the reviewed meaning of an unknown file's columns."""
    text = request.POST.get("text", "").replace("\r\n", "\n")[:20_000]
    try:
        accept_proposal(request.actor, workspace=request.workspace, code=code, text=text)
    except BadMapping as error:
        return _form(request, trouble=f"{_('The mapping cannot be used as it stands.')} {error}", status=409)
    messages.success(request, _("Taken. Now import the file again: its columns are known."))
    return redirect("import_files")


@page(Permission.IMPORT_FILES)
def quarantine(request: PageRequest, batch_id: int) -> FileResponse:
    """The rows of a batch that were set aside, with their reasons, as the file to mend and import again."""
    found = next((one for one in batches(request.actor) if one.batch_id == batch_id and one.quarantine_file), None)
    path = request.workspace.quarantine / Path(found.quarantine_file).name if found else None
    if path is None or not path.is_file():
        raise Http404
    note(request.actor, "revealed", object_type="quarantine", object_id=batch_id)
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)
