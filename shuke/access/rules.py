"""What each role may do. Checked on the server, for every address and every action."""

import hashlib
import math
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shuke.kernel.actor import Actor, Role
from shuke.kernel.errors import NotAllowed


class Permission(StrEnum):
    """Things that can be allowed."""

    SEE_WEEK = "see_week"
    SEE_CHECKUP = "see_checkup"
    IMPORT_FILES = "import_files"
    SEE_CUSTOMERS = "see_customers"
    UNMASK = "unmask"
    SEE_PAIRS = "see_pairs"
    MERGE_CUSTOMERS = "merge_customers"
    SEE_PROPOSALS = "see_proposals"
    REVIEW_PROPOSALS = "review_proposals"
    SEE_TASKS = "see_tasks"
    WORK_TASKS = "work_tasks"
    EXPORT_TASKS = "export_tasks"
    MANAGE_USERS = "manage_users"
    SEE_JOURNAL = "see_journal"
    EDIT_SETTINGS = "edit_settings"
    # Loyalty: its sums and rules; one member's account; counter work; asking for an adjustment, approving somebody
    # else's; liability, day close and export; changing the programme.
    SEE_LOYALTY = "see_loyalty"
    SEE_MEMBERS = "see_members"
    WORK_LOYALTY = "work_loyalty"
    ADJUST_POINTS = "adjust_points"
    APPROVE_POINTS = "approve_points"
    SEE_FINANCE = "see_finance"
    MANAGE_PROGRAMME = "manage_programme"
    # Whom the shop's facts are told to.
    MANAGE_WEBHOOKS = "manage_webhooks"


_ALL = frozenset(Permission)
_GRANTED: dict[Role, frozenset[Permission]] = {
    Role.SYSTEM: _ALL,
    Role.OWNER: _ALL,
    Role.OPERATOR: _ALL - {Permission.MANAGE_USERS, Permission.MANAGE_WEBHOOKS},
    Role.MANAGER: frozenset(
        {
            Permission.SEE_WEEK,
            Permission.SEE_CUSTOMERS,
            Permission.UNMASK,
            Permission.SEE_PAIRS,
            Permission.SEE_PROPOSALS,
            Permission.SEE_TASKS,
            Permission.WORK_TASKS,
            Permission.EXPORT_TASKS,
            Permission.SEE_LOYALTY,
            Permission.SEE_MEMBERS,
            Permission.WORK_LOYALTY,
            Permission.ADJUST_POINTS,
        }
    ),
    Role.CLIENT: frozenset(),
    Role.ASSOCIATE: frozenset(
        {
            Permission.SEE_CUSTOMERS,
            Permission.SEE_TASKS,
            Permission.WORK_TASKS,
            Permission.SEE_LOYALTY,
            Permission.SEE_MEMBERS,
            Permission.WORK_LOYALTY,
        }
    ),
    Role.FINANCE: frozenset(
        {
            Permission.SEE_WEEK,
            Permission.SEE_LOYALTY,
            Permission.SEE_MEMBERS,
            Permission.ADJUST_POINTS,
            Permission.APPROVE_POINTS,
            Permission.SEE_FINANCE,
        }
    ),
    # Sums only: neither a person's page nor a list of people.
    Role.ANALYST: frozenset({Permission.SEE_WEEK, Permission.SEE_CHECKUP, Permission.SEE_LOYALTY}),
    # Reads all, masked, and changes nothing.
    Role.AUDITOR: frozenset(
        {
            Permission.SEE_WEEK,
            Permission.SEE_CHECKUP,
            Permission.SEE_CUSTOMERS,
            Permission.SEE_PAIRS,
            Permission.SEE_PROPOSALS,
            Permission.SEE_TASKS,
            Permission.SEE_JOURNAL,
            Permission.SEE_LOYALTY,
            Permission.SEE_MEMBERS,
            Permission.SEE_FINANCE,
        }
    ),
    # Brings the data in and mends them; sees no customer's page.
    Role.ENGINEER: frozenset({Permission.SEE_CHECKUP, Permission.IMPORT_FILES, Permission.SEE_JOURNAL}),
}


# What a key may do; a program has the permissions of its scopes and no others.
_LOYALTY_READ = frozenset({Permission.SEE_LOYALTY, Permission.SEE_MEMBERS})
_LOYALTY_WRITE = _LOYALTY_READ | {Permission.WORK_LOYALTY}
_LOYALTY_ADMIN = _LOYALTY_WRITE | {
    Permission.ADJUST_POINTS,
    Permission.APPROVE_POINTS,
    Permission.SEE_FINANCE,
    Permission.MANAGE_WEBHOOKS,
}
SCOPES: dict[str, frozenset[Permission]] = {
    "metrics:read": frozenset({Permission.SEE_WEEK}),
    "loyalty:read": _LOYALTY_READ,
    "loyalty:write": _LOYALTY_WRITE,
    "loyalty:admin": _LOYALTY_ADMIN,
}

# Names under which the shop's own work writes to the ledger: a key with one of them would use up its keys, and what a
# person approves or a job settles would be refused as written already.
OWN_CLIENTS = frozenset({
    "system", "shuke", "console", "claims", "openings", "imports", "link_accounts", "notebook", "demo", "card",
})  # fmt: skip
_LONGEST_NAME = 60

# Requests a minute where a key says nothing else: a large chain's tills; a runaway loop is stopped all the same.
PER_MINUTE = 60_000


@dataclass(frozen=True, slots=True)
class Bucket:
    """A key's allowance in one process: it holds a minute's requests at most and fills evenly.

    `left` may be a fraction; `at` is the reading of a clock that only runs forward, in seconds.
    """

    per_minute: int
    left: float
    at: float


def draw(bucket: Bucket, *, tokens: int, at: float) -> tuple[Bucket, float]:
    """Takes `tokens` (one a request, one an item of a batch) at reading `at`: the bucket after it and the wait.

    The wait is 0 where there were enough; else nothing is taken and it is the seconds until there will be, at most a
    minute. More tokens than the bucket ever holds are let through when it is full.
    """
    filled = min(bucket.per_minute, bucket.left + (at - bucket.at) * bucket.per_minute / 60)
    asked = min(tokens, bucket.per_minute)
    if filled >= asked:
        return Bucket(bucket.per_minute, filled - asked, at), 0.0
    return Bucket(bucket.per_minute, filled, at), (asked - filled) * 60 / bucket.per_minute


def may_be_client(name: str) -> bool:
    """Whether a program can have this name: printable, no blank around it, short, none of the shop's own."""
    plain = name == name.strip() and name.isprintable() and 0 < len(name) <= _LONGEST_NAME
    return plain and name.casefold() not in OWN_CLIENTS


def may(actor: Actor, permission: Permission) -> bool:
    """Whether the actor's role, or a scope of its key, holds the permission."""
    return permission in _GRANTED[actor.role] or any(permission in SCOPES.get(scope, ()) for scope in actor.scopes)


def require(actor: Actor, permission: Permission) -> None:
    """Raises `NotAllowed` where the actor's role lacks the permission."""
    if not may(actor, permission):
        raise NotAllowed(
            f"{actor.name} ({actor.role}) may not do this: {permission}.", hint="Ask an owner for another role."
        )


def hash_of_key(key: str) -> str:
    """What is kept of a key. Keys are 256 random bits, so a plain SHA-256 cannot be searched."""
    return hashlib.sha256(key.encode()).hexdigest()


_FREE_FAILURES = 5
_FIRST_WAIT = 30
_LONGEST_WAIT = 900


def sign_in_wait(failures: int, *, last_at: datetime, now: datetime) -> int:
    """Seconds until the next try: none up to 4 failures, then 30, 60, 120 ... at most 900 after the last."""
    if failures < _FREE_FAILURES:
        return 0
    pause = min(_FIRST_WAIT << min(failures - _FREE_FAILURES, 10), _LONGEST_WAIT)
    return max(0, math.ceil(pause - (now - last_at).total_seconds()))
