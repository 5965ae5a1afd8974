"""The WSGI application that `shuke serve` runs."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuke.server.settings")
application = get_wsgi_application()
