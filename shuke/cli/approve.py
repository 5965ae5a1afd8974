"""`shuke approve ID... | --all`."""

import argparse
from typing import Any

from django.conf import settings

from shuke.cli.screen import say
from shuke.kernel.actor import SYSTEM
from shuke.kernel.errors import WrongUse
from shuke.procedures.review_proposal import approve_many, open_proposals


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Approves proposals and draws their tasks."""
    if bool(arguments.ids) == bool(arguments.all):
        raise WrongUse("Say which proposals.", hint="'shuke approve 3 5', or 'shuke approve --all'.")
    if not arguments.all and not all(text.isdigit() for text in arguments.ids):
        raise WrongUse("A proposal's id is a number.", hint="'shuke week' lists them.")
    workspace = settings.WORKSPACE
    ids = open_proposals(SYSTEM) if arguments.all else [int(text) for text in arguments.ids]
    if not ids:
        say("No proposal waits for approval. 'shuke week' makes new ones.")
    approved = approve_many(SYSTEM, workspace=workspace, numbers=ids)
    for done in approved:
        say(f"  {done.proposal}  {done.play}: {done.tasks} tasks, {done.holdout} people held out")
    return {"approved": [{"id": done.proposal, "tasks": done.tasks, "holdout": done.holdout} for done in approved]}
