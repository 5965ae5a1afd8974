"""The console's addresses."""

from django.urls import URLPattern, URLResolver, path

from shuke.console.access import pages as access
from shuke.console.checkup import pages as checkup
from shuke.console.customers import pages as customers
from shuke.console.home import pages as home
from shuke.console.proposals import pages as proposals
from shuke.console.touches import pages as touches

urlpatterns: list[URLPattern | URLResolver] = [
    path("", access.landing, name="landing"),
    path("sign-in/", access.sign_in, name="sign_in"),
    path("sign-out/", access.sign_out, name="sign_out"),
    path("language/", access.language, name="language"),
    path("week/", home.home, name="home"),
    path("checkup/", checkup.checkup, name="checkup"),
    path("checkup/import/", checkup.checkup, name="import_files"),
    path("customers/", customers.customers, name="customers"),
    path("proposals/", proposals.proposals, name="proposals"),
    path("tasks/", touches.tasks, name="tasks"),
    path("people/", access.people_list, name="people"),
    path("people/new/", access.people_new, name="people_new"),
    path("people/<str:username>/password/", access.new_password, name="new_password"),
    path("journal/", access.journal, name="journal"),
]
