"""The table of verbs: what each is called, takes, and which module runs it. Imports nothing heavy."""

from dataclasses import dataclass
from typing import Any

from shuke.kernel.actor import PEOPLE

Argument = tuple[tuple[str, ...], dict[str, Any]]


@dataclass(frozen=True)
class Verb:
    """One command. `module` has `run(arguments)`, which returns the JSON document or None."""

    name: str
    module: str
    help: str
    examples: str
    arguments: tuple[Argument, ...] = ()
    in_workspace: bool = True
    has_json: bool = False


def _arg(*names: str, **options: Any) -> Argument:
    return names, options


_AS_OF = _arg("--as-of", metavar="DAY", help="the day to stand on, YYYY-MM-DD (default: the day after the last order)")

VERBS: tuple[Verb, ...] = (
    Verb(
        "init",
        "shuke.cli.init",
        "make a workspace for a shop",
        "  shuke init 'My shop'\n  shuke init shop-uk --currency GBP --timezone Europe/London --language en",
        (
            _arg("shop", metavar="SHOP", help="the shop's name, or the folder to make"),
            _arg("--currency", default="CNY", help="ISO 4217 code (CNY)"),
            _arg("--timezone", default="Asia/Shanghai", help="IANA zone that decides days (Asia/Shanghai)"),
            _arg("--language", default="zh-hans", choices=["zh-hans", "en"], help="language of texts (zh-hans)"),
        ),
        in_workspace=False,
        has_json=True,
    ),
    Verb(
        "import",
        "shuke.cli.import_files",
        "read channel exports: CSV, XLSX, XLS, Parquet, JSON lines, zip",
        "  shuke import exports/*\n  shuke import quarantine/12-orders.csv      after repairing it",
        (
            _arg("files", nargs="+", metavar="FILES", help="files or folders"),
            _arg("--mapping", metavar="CODE", help="use this mapping instead of recognising one"),
        ),
        has_json=True,
    ),
    Verb(
        "checkup",
        "shuke.cli.checkup",
        "what the data are worth: problems ranked by the money they touch",
        "  shuke checkup\n  shuke checkup --out checkup.html      one page for a manager (or .xlsx)",
        (_AS_OF, _arg("--out", metavar="FILE", help="also write a file to hand on: .html or .xlsx")),
        has_json=True,
    ),
    Verb(
        "week",
        "shuke.cli.week",
        "this week's plays: who, when, which words, which offer, and who is held out",
        "  shuke week\n  shuke week --as-of 2026-11-23 --json",
        (_AS_OF,),
        has_json=True,
    ),
    Verb(
        "metrics",
        "shuke.cli.metrics",
        "every number with its definition: over time, by store, channel or associate, and the rows behind it",
        "  shuke metrics\n  shuke metrics repurchase_rate --grain month\n"
        "  shuke metrics sales --by store --period 2026-11-16\n"
        "  shuke metrics sales --period 2026-11-16 --rows numerator --json",
        (
            _arg(
                "code",
                nargs="?",
                metavar="CODE",
                help="one metric (default: the list, with each metric's latest value)",
            ),
            _arg("--grain", default="week", choices=["week", "month", "quarter", "year"], help="(week)"),
            _arg(
                "--by", metavar="DIMENSION", help="store, channel, associate, band or source: its members in one period"
            ),
            _arg("--member", default="", help="one member of --by over time, as --json names it"),
            _arg("--period", metavar="DAY", help="the period that holds this day (default: the latest that stands)"),
            _arg("--last", type=int, default=13, help="how many periods (13)"),
            _arg("--rows", choices=["numerator", "denominator"], help="the rows behind the number of the period"),
            _arg("--limit", type=int, default=50, help="how many rows (50)"),
        ),
        has_json=True,
    ),
    Verb(
        "predict",
        "shuke.cli.predict",
        "purchase clocks, values, scores and stages of every customer, without proposing anything; how well they do",
        "  shuke predict\n  shuke predict --as-of 2026-11-23 --json\n"
        "  shuke predict evaluate --cuts 3      back-tests on the shop's own past, beside simple rules",
        (
            _arg("deed", nargs="?", choices=["evaluate"], default="", help="evaluate: back-test instead"),
            _AS_OF,
            _arg("--cuts", type=int, default=3, help="evaluate: how many past windows of each horizon (3)"),
        ),
        has_json=True,
    ),
    Verb(
        "approve",
        "shuke.cli.approve",
        "approve proposals: draws tasks for the stores and associates",
        "  shuke approve 3 5\n  shuke approve --all",
        (
            _arg("ids", nargs="*", metavar="ID", help="proposals, as 'shuke week' lists them"),
            _arg("--all", action="store_true", help="all open proposals of the latest week"),
        ),
        has_json=True,
    ),
    Verb(
        "export",
        "shuke.cli.export",
        "write orders, lines, customers, identity, segments, metrics or tasks to files",
        "  shuke export customers --out customers.csv\n  shuke export tasks --out tasks/\n"
        "  shuke export tasks --out all.csv --format csv",
        (
            _arg(
                "what",
                choices=["orders", "lines", "customers", "identity", "segments", "metrics", "tasks"],
                metavar="WHAT",
            ),
            _arg("--out", required=True, metavar="PLACE", help="a file, or a folder for task sheets"),
            _arg("--format", choices=["csv", "xlsx", "parquet"], help="(default: by the file's ending)"),
        ),
        has_json=True,
    ),
    Verb(
        "results",
        "shuke.cli.results",
        "read filled task sheets back",
        "  shuke results tasks/*.xlsx",
        (_arg("files", nargs="+", metavar="FILE", help="task sheets, XLSX or CSV, in any order, twice or cut"),),
        has_json=True,
    ),
    Verb(
        "serve",
        "shuke.cli.serve",
        "serve the console and the API, with the worker beside them",
        "  shuke serve\n  shuke serve --port 9000\n  shuke serve --no-worker      where 'shuke worker' runs on its own",
        (
            _arg("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)"),
            _arg("--port", type=int, default=8000, help="port (8000)"),
            _arg("--threads", type=int, default=32, metavar="N", help="requests answered at once (32)"),
            _arg("--no-worker", action="store_true", help="leave the jobs to a 'shuke worker' of its own"),
        ),
    ),
    Verb(
        "worker",
        "shuke.cli.worker",
        "carry facts to the lake and to webhooks, and run the jobs of the clock",
        "  shuke worker\n  shuke worker --once      for a cron of your own",
        (_arg("--once", action="store_true", help="go through all jobs one time and stop"),),
        has_json=True,
    ),
    Verb(
        "user",
        "shuke.cli.user",
        "add a person who signs in, or give one a new password",
        "  shuke user add lin --name 林晓 --role operator\n"
        "  shuke user add binjiang --name 滨江店长 --role manager --store 滨江店\n  shuke user password lin",
        (
            _arg("deed", choices=["add", "password"]),
            _arg("username"),
            _arg("--name", default=""),
            _arg("--role", choices=[role.value for role in PEOPLE], default="operator"),
            _arg("--store", action="append", default=[], help="a store they may see (managers and associates; repeat)"),
            _arg("--associate", default="", help="the associate's name as the channels write it"),
        ),
        has_json=True,
    ),
    Verb(
        "client",
        "shuke.cli.client",
        "give a program a key for the API, or take it away",
        "  shuke client add dashboard --scope metrics:read\n"
        "  shuke client add till-07 --scope loyalty:write --store 滨江店 --expires 2027-12-31\n"
        "  shuke client list\n  shuke client close dashboard",
        (
            _arg("deed", choices=["add", "close", "list"]),
            _arg("name", nargs="?", default=""),
            _arg(
                "--scope",
                action="append",
                default=[],
                help="metrics:read, loyalty:read, loyalty:write (also reads) or loyalty:admin (all of loyalty; repeat)",
            ),
            _arg("--store", action="append", default=[], help="a store it may act for (default: all; repeat)"),
            _arg("--expires", metavar="DAY", help="the last day on which its key works (default: no end)"),
            _arg("--per-minute", type=int, metavar="N", help="requests and batch items a minute (60000)"),
        ),
        has_json=True,
    ),
    Verb(
        "loyalty",
        "shuke.cli.loyalty",
        "jobs of the points programme: opening balances, points of imported orders, expiry, day close, reconciliation",
        "  shuke loyalty openings balances.csv --points-total 1203400 --members-total 8120\n"
        "  shuke loyalty post-orders --without pos      the tills tell the ledger themselves\n"
        "  shuke loyalty close                          every day that is over\n"
        "  shuke loyalty reconcile --json",
        (
            _arg("deed", choices=["openings", "post-orders", "expire", "close", "reconcile", "liability"]),
            _arg("file", nargs="?", metavar="FILE", help="openings: member_no, points[, expires_on, growth, tier]"),
            _arg("--points-total", type=int, metavar="N", help="openings: all points of the file"),
            _arg("--members-total", type=int, metavar="N", help="openings: all members of the file"),
            _arg("--expires", metavar="DAY", help="openings: last day of points without one (default: they never end)"),
            _arg("--without", action="append", default=[], metavar="SOURCE", help="post-orders: leave a channel out"),
            _arg("--day", metavar="DAY", help="close: up to this day (default: yesterday)"),
            _arg("--no-freeze", action="store_true", help="reconcile: name drifts, freeze nobody"),
        ),
        has_json=True,
    ),
    Verb(
        "backup",
        "shuke.cli.backup",
        "save the workspace to one file while it is in use",
        "  shuke backup --out shop-2026-11-23.tar",
        (_arg("--out", required=True, metavar="FILE", help="the .tar file to write"),),
        has_json=True,
    ),
    Verb(
        "restore",
        "shuke.cli.restore",
        "bring a backup back into a new folder",
        "  shuke restore shop-2026-11-23.tar --into restored-shop",
        (
            _arg("file", metavar="FILE"),
            _arg("--into", required=True, metavar="DIR", help="a folder that does not exist yet or is empty"),
        ),
        in_workspace=False,
        has_json=True,
    ),
    Verb(
        "doctor",
        "shuke.cli.doctor",
        "is everything in order: files, database, lake, disk, settings",
        "  shuke doctor",
        (),
        has_json=True,
    ),
    Verb(
        "demo",
        "shuke.cli.demo",
        "make a believable retailer, run its week, serve the console",
        "  shuke demo\n  shuke demo --no-serve --customers 5000",
        (
            _arg("--folder", default="var/demo", help="where to make it (var/demo)"),
            _arg("--customers", type=int, default=20_000, help="how many (20000)"),
            _arg("--seed", type=int, default=20261123, help="same seed, same retailer"),
            _arg("--no-serve", action="store_true", help="do everything but serve"),
            _arg("--port", type=int, default=8000, help="port of the console (8000)"),
        ),
        in_workspace=False,
    ),
)
