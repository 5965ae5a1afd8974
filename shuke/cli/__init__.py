"""The `shuke` command: one module a verb, loaded only when called."""
