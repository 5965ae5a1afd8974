"""The WSGI application that `shuke serve` runs: Django, and before it the bare door of ledger writes."""

import importlib
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuke.server.settings")
# What stands before Django needs its models, which can be imported only now.
application = importlib.import_module("shuke.server.entry").before(get_wsgi_application())
