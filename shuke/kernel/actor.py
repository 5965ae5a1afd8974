"""Who acts: each query and action takes an `Actor`."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Roles that exist; what each may do is decided in `access.rules`."""

    OWNER = "owner"
    OPERATOR = "operator"
    MANAGER = "manager"
    ASSOCIATE = "associate"
    FINANCE = "finance"
    ANALYST = "analyst"
    AUDITOR = "auditor"
    ENGINEER = "engineer"
    CLIENT = "client"
    SYSTEM = "system"


# Roles that people sign in with; the others are the system's and those of programs with a key.
PEOPLE = (
    Role.OWNER,
    Role.OPERATOR,
    Role.MANAGER,
    Role.ASSOCIATE,
    Role.FINANCE,
    Role.ANALYST,
    Role.AUDITOR,
    Role.ENGINEER,
)


@dataclass(frozen=True)
class Actor:
    """A person, a program with a key, or the system itself, with the stores it may see.

    `stores` None means every store; a manager or associate carries exactly the stores of their scope.
    `associate` is the associate's name as the channels write it, for people who serve customers.
    `unmasked` is true only for a read that was asked for, allowed and journaled. `scopes` are those of a program's key.
    """

    name: str
    role: Role
    user_id: int | None = None
    stores: frozenset[str] | None = None
    associate: str = ""
    unmasked: bool = False
    scopes: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.role in (Role.MANAGER, Role.ASSOCIATE) and self.stores is None:
            raise ValueError(f"{self.role} needs a store scope")

    @property
    def is_system(self) -> bool:
        return self.role is Role.SYSTEM


SYSTEM = Actor(name="system", role=Role.SYSTEM, unmasked=True)
