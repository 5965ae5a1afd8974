"""All addresses."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("shuke.api.urls")),
    path("", include("shuke.console.urls")),
]
handler404 = "shuke.console.frame.errors.not_found"
handler403 = "shuke.console.frame.errors.forbidden"
handler500 = "shuke.console.frame.errors.server_error"
