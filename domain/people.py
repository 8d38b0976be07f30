"""Who may do what: sellers, their members, and the invites that bring members in."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What a member may do for a seller; each role may do all that the ones below it may."""

    VIEWER = "viewer"
    PACKER = "packer"
    MANAGER = "manager"
    OWNER = "owner"

    @property
    def rank(self) -> int:
        return _RANKS[self]

    def may(self, needed: "Role") -> bool:
        """Tell whether this role suffices where `needed` is asked for."""
        return self.rank >= needed.rank


_RANKS = {Role.VIEWER: 0, Role.PACKER: 1, Role.MANAGER: 2, Role.OWNER: 3}


@dataclass(frozen=True, slots=True)
class Seller:
    """The business that owns all data."""

    id: str
    name: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Member:
    """A person with a role at a seller; `user_id` is Telegram's."""

    seller_id: str
    user_id: str
    name: str
    role: Role
    version: int = 0
    """Grows with every change of the role, so that a button speaks of what was shown."""


def may_give(giver: Role, role: Role) -> bool:
    """Tell whether somebody may bring in people with this role, or change it: owners any, managers those below."""
    return giver is Role.OWNER or (giver is Role.MANAGER and giver.rank > role.rank)


@dataclass(frozen=True, slots=True)
class Invite:
    """A single-use right to join. Without `seller_id` it founds a new seller."""

    id: str
    seller_id: str | None
    role: Role
    expires_at: datetime
    used_at: datetime | None = None
