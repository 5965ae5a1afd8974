"""The `shuke` command: reads the arguments, opens the workspace, runs one verb, prints one clear message on failure.

Exit codes: 0 done, 1 a refusal or failure, 2 wrong use, 130 interrupted. Messages go to stderr; with `--json`
stdout is exactly one JSON document. Verbs are imported only when called, so that `--help` stays fast.
"""

import argparse
import errno
import importlib
import json
import os
import sys
from collections.abc import Sequence
from typing import Any

from shuke.cli.verbs import VERBS, Verb
from shuke.kernel.errors import ShukeError

_EPILOG = """first steps:
  shuke init myshop && cd myshop       make a workspace
  shuke import ~/exports/*             read what the channels exported
  shuke checkup                        what the data are worth, in money
  shuke week                           this week's plays
  shuke approve --all                  take them
  shuke export tasks --out tasks/      task sheets a store and associate
  shuke results tasks/*.xlsx           read back what happened
  shuke serve                          the console at http://127.0.0.1:8000
"""


_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def build_parser() -> argparse.ArgumentParser:
    """The parser of all verbs."""
    parser = argparse.ArgumentParser(
        prog="shuke",
        description="熟客 Shuke: channel exports in; one customer, a check-up, plays and task sheets out.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="store_true", help="print the version and stop")
    commands = parser.add_subparsers(dest="verb", metavar="COMMAND")
    for verb in VERBS:
        sub = commands.add_parser(
            verb.name,
            help=verb.help,
            description=verb.help,
            epilog=f"examples:\n{verb.examples}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        if verb.in_workspace:
            sub.add_argument("--workspace", metavar="DIR", help="the workspace (default: this folder or a parent)")
        if verb.has_json:
            sub.add_argument("--json", action="store_true", help="print one JSON document on stdout")
        for names, options in verb.arguments:
            sub.add_argument(*names, **options)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    parser = build_parser()
    arguments = parser.parse_args(argv)
    if arguments.version:
        from shuke import __version__

        print(__version__)
        return 0
    verb = next((verb for verb in VERBS if verb.name == arguments.verb), None)
    if verb is None:
        parser.print_help(sys.stderr)
        return 2
    try:
        return _run(verb, arguments)
    except ShukeError as error:
        _say(f"shuke {verb.name}: {error}")
        if error.hint:
            _say(f"  {error.hint}")
        _document(arguments, {"error": str(error), "hint": error.hint})
        return error.exit_code
    except KeyboardInterrupt:
        return _stopped(verb)
    except BrokenPipeError:
        return 1
    except Exception as error:
        if "Query interrupted" in str(error):  # how the engine tells of Ctrl-C
            return _stopped(verb)
        if _is_disk_full(error):
            _say(f"shuke {verb.name}: the disk is full, or files may not grow that large. Nothing was half written.")
            _say("  Free some space (or set SHUKE_WORKSPACE to a larger disk) and run it again.")
            return 1
        if isinstance(error, OSError) and error.filename is not None:
            _say(f"shuke {verb.name}: {error.filename}: {error.strerror}.")
            _say("  Choose another place, or see to its rights, and run it again.")
            return 1
        raise


def _run(verb: Verb, arguments: argparse.Namespace) -> int:
    if verb.in_workspace:
        open_workspace(arguments.workspace)
    module = importlib.import_module(verb.module)
    document: Any = module.run(arguments)
    _document(arguments, document)
    return int(getattr(arguments, "exit_code", 0))


def _stopped(verb: Verb) -> int:
    _say(f"shuke {verb.name}: stopped. Nothing was half written; run it again when you like.")
    return 130


def _document(arguments: argparse.Namespace, document: Any) -> None:
    """With --json, the one JSON document of stdout: the command's own, or what refused it."""
    if getattr(arguments, "json", False) and document is not None:
        print(json.dumps(document, ensure_ascii=False, default=str, indent=None))


def open_workspace(named: str | None) -> None:
    """Finds the workspace, wires Django to it and brings its database up to date."""
    from shuke.kernel.workspace import find_workspace

    workspace = find_workspace(named)
    os.environ["SHUKE_WORKSPACE"] = str(workspace.root)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuke.server.settings")
    import django

    django.setup()
    from shuke.cli.migrate import bring_up_to_date

    bring_up_to_date()


def _is_disk_full(error: Exception) -> bool:
    told = ("No space left", "disk is full", "File too large", "quota exceeded")
    return getattr(error, "errno", None) in _NO_ROOM or any(words in str(error) for words in told)


def _say(text: str) -> None:
    print(text, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
