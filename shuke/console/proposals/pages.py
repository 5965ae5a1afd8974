"""Pages of proposals."""

from django.http import HttpResponse
from django.shortcuts import render

from shuke.access.rules import Permission
from shuke.console.frame.page import PageRequest, page


@page(Permission.SEE_PROPOSALS)
def proposals(request: PageRequest) -> HttpResponse:
    """The first page."""
    return render(request, "frame/nothing.html")
