"""Platform apps, the shops linked through them, and the linking itself."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Environment(StrEnum):
    """A platform's own production or test environment (never our simulator)."""

    PRODUCTION = "production"
    SANDBOX = "sandbox"


@dataclass(frozen=True, slots=True)
class Budget:
    """How fast an app may call: requests per second for one shop and for the whole app."""

    per_shop: float
    per_app: float


@dataclass(frozen=True, slots=True)
class PlatformApp:
    """A platform's app keys. `secret` and `push_keys` are clear text here and encrypted in storage."""

    id: str
    platform: str
    environment: Environment
    region: str
    key: str
    secret: str = field(repr=False)
    push_keys: tuple[str, ...] = field(repr=False)
    api_url: str
    auth_url: str
    hook_url: str
    budget: Budget
    seller_id: str | None = None
    is_simulated: bool = False
    options: Mapping[str, str] = field(default_factory=dict, hash=False)
    """What only apps of this platform have besides, in its adapter's words."""


class ShopState(StrEnum):
    """Whether a shop is being kept in step."""

    LINKED = "linked"
    PAUSED = "paused"
    NEEDS_RELINK = "needs_relink"
    BLOCKED = "blocked"
    UNLINKED = "unlinked"


@dataclass(frozen=True, slots=True)
class Shop:
    """One store of a seller on a platform; unique by platform, environment and external id."""

    id: str
    seller_id: str
    app_id: str
    platform: str
    environment: Environment
    external_id: str
    name: str
    region: str
    currency: str
    state: ShopState
    is_simulated: bool
    linked_at: datetime
    authorised_until: datetime | None = None
    synced_at: datetime | None = None
    trouble: str = ""
    trouble_since: datetime | None = None
    link_gen: int = 1
    """Grows whenever the shop is linked, unlinked, paused or resumed, so that a button speaks of what was shown."""


def told_apart(name: str, others: Collection[str], short: str, region: str, external_id: str) -> str:
    """Return a shop's name, with no more behind it than it takes to be none of the others' names."""
    for ending in ("", short, f"{short} {region}"):
        apart = f"{name} {ending}".rstrip()
        if apart not in others:
            return apart
    return f"{name} {short} {external_id}"


@dataclass(frozen=True, slots=True)
class Credentials:
    """A shop's token pair. Never printed."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime
    refresh_expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ShopAccess:
    """All that an adapter needs to call a platform for one shop."""

    app: PlatformApp
    external_id: str
    region: str
    currency: str
    credentials: Credentials


class LinkState(StrEnum):
    """How far a linking has come: the funnel from the button to the shop."""

    STARTED = "started"
    CONSENTED = "consented"
    RETURNED = "returned"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Linking:
    """One attempt to link a shop (`promises.md` R8): started in a chat, ended by its starter there."""

    id: str
    seller_id: str
    view_id: str
    user_id: str
    app_id: str
    platform: str
    region: str
    state: LinkState
    message_id: int | None
    expires_at: datetime
    shop_external_id: str = ""
    shop_name: str = ""
    shop_region: str = ""
    shop_currency: str = ""
    authorised_until: datetime | None = None
    parent_id: str = ""
    """The linking that brought this shop along, for a login that opens several."""
    refusal: str = ""
    """Why this shop of several cannot be linked."""
    authorisation: str = ""
    """Whose tokens the shop has, where several have one pair."""
