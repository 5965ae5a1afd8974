"""Django wiring only: settings, addresses, WSGI."""
