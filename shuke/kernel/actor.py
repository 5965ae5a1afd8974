"""Who acts: each query and action takes an `Actor`."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Roles that exist; what each may do is decided in `access.rules`."""

    OWNER = "owner"
    OPERATOR = "operator"
    MANAGER = "manager"
    ASSOCIATE = "associate"
    SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """A person or the system itself, with the stores it may see.

    `stores` None means every store; a manager or associate carries exactly the stores of their scope.
    `associate` is the associate's name as the channels write it, for people who serve customers.
    `unmasked` is true only for a read that was asked for, allowed and journaled.
    """

    name: str
    role: Role
    user_id: int | None = None
    stores: frozenset[str] | None = None
    associate: str = ""
    unmasked: bool = False

    def __post_init__(self) -> None:
        if self.role in (Role.MANAGER, Role.ASSOCIATE) and self.stores is None:
            raise ValueError(f"{self.role} needs a store scope")

    @property
    def is_system(self) -> bool:
        return self.role is Role.SYSTEM


SYSTEM = Actor(name="system", role=Role.SYSTEM, unmasked=True)
