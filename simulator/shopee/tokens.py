"""Authorisations and tokens: codes of ten minutes, access tokens of four hours, refresh tokens that work once."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from simulator.shopee.errors import ApiError, seller_unlinked, wrong_parameter
from simulator.world.clock import Clock

CODE_LIFE = timedelta(minutes=10)
GRACE_OF_PREVIOUS = timedelta(minutes=5)
REFRESH_LIFE = timedelta(days=30)


class Kind(StrEnum):
    SHOP = "shop"
    MERCHANT = "merchant"
    MAIN_ACCOUNT = "main_account"


@dataclass(frozen=True, slots=True)
class Owner:
    kind: Kind
    id: int


class LinkState(StrEnum):
    LINKED = "linked"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


@dataclass(slots=True)
class Link:
    """One shop's or merchant's consent to our app, for a time the seller chose."""

    owner: Owner
    authorised_at: datetime
    expires_at: datetime
    state: LinkState = LinkState.LINKED
    is_warned: bool = False
    is_end_told: bool = False


@dataclass(slots=True)
class Code:
    value: str
    account: Owner
    covers: tuple[Owner, ...]
    issued_at: datetime
    is_spent: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    access_token: str
    refresh_token: str
    expire_in: int


@dataclass(slots=True)
class RefreshToken:
    issued_at: datetime
    usable_for: set[Owner]
    spent_for: set[Owner] = field(default_factory=set)


class Tokens:
    def __init__(self, clock: Clock, random: Random) -> None:
        self.access_life = timedelta(hours=4)
        self.links: dict[Owner, Link] = {}
        self._clock = clock
        self._random = random
        self._codes: dict[str, Code] = {}
        self._access: dict[str, dict[Owner, datetime]] = {}
        self._refresh: dict[str, RefreshToken] = {}

    def authorise(self, account: Owner, covers: tuple[Owner, ...], until: datetime) -> str:
        """Record a seller's consent and hand out the code for it. Pairs of an earlier consent die."""
        now = self._clock.now()
        for owner in covers:
            self.links[owner] = Link(owner, now, until)
            self._forget(owner)
        code = Code(self._draw(), account, covers, now)
        self._codes[code.value] = code
        return code.value

    def exchange(self, value: str, account: Owner) -> tuple[Pair, tuple[Owner, ...]]:
        code = self._codes.get(value)
        if code is None or code.is_spent or self._clock.now() > code.issued_at + CODE_LIFE:
            raise ApiError("invalid_code", "The code is expired or used or invalid, please check the code.")
        if code.account != account:
            name, shown = (
                ("invalid_shop_id", "shop_id")
                if account.kind is Kind.SHOP
                else ("invalid_main_acount_id", "main_account_id")  # the missing c is the platform's
            )
            raise ApiError(name, f"The code or {shown} is wrong, please check the code or the {shown}.")
        code.is_spent = True
        return self._issue(code.covers), code.covers

    def refresh(self, value: str, owner: Owner) -> Pair:
        self._check_link(owner)
        token = self._refresh.get(value)
        if token is None or owner in token.spent_for:
            raise ApiError("error_auth", "Invalid refresh_token.")
        if owner not in token.usable_for:
            raise ApiError(
                f"error_{owner.kind}_refresh_token",
                f"Your refresh token is error ,please check refresh token or {owner.kind}id.",
            )
        if self._clock.now() > token.issued_at + REFRESH_LIFE:
            raise ApiError("refresh_token_expired", "Your refresh_token expired.")
        token.usable_for.discard(owner)
        token.spent_for.add(owner)
        self._shorten_access(owner, GRACE_OF_PREVIOUS)
        return self._issue((owner,))

    def _check_link(self, owner: Owner) -> None:
        link = self.links.get(owner)
        if link is None:
            return
        if link.state is LinkState.CANCELLED:
            if owner.kind is Kind.MERCHANT:
                raise ApiError("merchant_no_linked", "Partner and merchant has no linked.")
            raise seller_unlinked(status=200)
        if self.state_of(owner) is LinkState.EXPIRED:
            raise ApiError(f"{owner.kind}_access_expired", f"Your access to {owner.kind} has expired.")

    def state_of(self, owner: Owner) -> LinkState | None:
        link = self.links.get(owner)
        if link is None:
            return None
        if link.state is LinkState.LINKED and self._clock.now() > link.expires_at:
            link.state = LinkState.EXPIRED
            self._forget(owner)
        return link.state

    def holders(self, access_token: str) -> set[Owner]:
        """Say for whom an access token works right now."""
        now = self._clock.now()
        return {owner for owner, until in self._access.get(access_token, {}).items() if now < until}

    def cancel(self, owner: Owner) -> None:
        link = self.links.get(owner)
        if link is None or link.state is not LinkState.LINKED:
            raise wrong_parameter(f"{owner.kind} {owner.id} is not authorised.")
        link.state = LinkState.CANCELLED
        self._forget(owner)

    def expire(self, owner: Owner, what: str) -> None:
        """Let an access token, a refresh token or the whole authorisation reach its end now."""
        if what == "access":
            self._shorten_access(owner, timedelta(0))
        elif what == "refresh":
            for token in self._refresh.values():
                if owner in token.usable_for:
                    token.issued_at = self._clock.now() - REFRESH_LIFE - timedelta(seconds=1)
        elif owner in self.links:
            self.links[owner].expires_at = self._clock.now() - timedelta(seconds=1)

    def _issue(self, owners: tuple[Owner, ...]) -> Pair:
        now = self._clock.now()
        pair = Pair(self._draw(), self._draw(), int(self.access_life.total_seconds()))
        self._access[pair.access_token] = dict.fromkeys(owners, now + self.access_life)
        self._refresh[pair.refresh_token] = RefreshToken(now, set(owners))
        return pair

    def _shorten_access(self, owner: Owner, left: timedelta) -> None:
        end = self._clock.now() + left
        for holders in self._access.values():
            if owner in holders:
                holders[owner] = min(holders[owner], end)

    def _forget(self, owner: Owner) -> None:
        self._shorten_access(owner, timedelta(0))
        for token in self._refresh.values():
            if owner in token.usable_for:
                token.usable_for.discard(owner)
                token.spent_for.add(owner)

    def _draw(self) -> str:
        return self._random.randbytes(16).hex()
