"""The one base of errors that a user can do something about."""


class ShukeError(Exception):
    """An expected failure. `str(error)` is one sentence with the cause; `hint` says what to do next.

    The command line prints both without a traceback and exits with `exit_code`; pages show them.
    """

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class WrongUse(ShukeError):
    """The command or request itself is wrong (exit code 2)."""

    exit_code = 2


class NotAllowed(ShukeError):
    """The actor lacks the role or the store scope for what was asked."""
