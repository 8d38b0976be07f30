"""Authorisations and tokens: codes of thirty minutes, access tokens of seven days, refresh tokens that work once.

The documents leave open whether a refresh token dies with its first use. Here it does, which is the harder case.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from simulator.tiktok_shop import errors
from simulator.tiktok_shop.accounts import SellerAccount
from simulator.world.clock import Clock

CODE_LIFE = timedelta(minutes=30)
ACCESS_LIFE = timedelta(days=7)


@dataclass(slots=True)
class Grant:
    """One seller's consent; `ciphers` names its shops in calls."""

    account: SellerAccount
    until: datetime
    scopes: tuple[str, ...]
    ciphers: dict[str, int]
    is_cancelled: bool = False
    is_warned_for: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Code:
    grant: Grant
    issued_at: datetime
    is_spent: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    access_token: str
    access_until: datetime
    refresh_token: str
    grant: Grant


class Tokens:
    def __init__(self, clock: Clock, random: Random) -> None:
        self.access_life = ACCESS_LIFE
        self.grants: dict[str, Grant] = {}
        """By account; a new consent takes the place of an earlier one."""
        self._clock = clock
        self._random = random
        self._codes: dict[str, Code] = {}
        self._access: dict[str, tuple[Grant, datetime]] = {}
        self._refresh: dict[str, Grant] = {}

    def authorise(self, account: SellerAccount, scopes: tuple[str, ...], until: datetime) -> str:
        if before := self.grants.get(account.key):
            self._forget(before)
        ciphers = {f"ROW_{self._draw(20)}": shop for shop in account.shops}
        self.grants[account.key] = Grant(account, until, scopes, ciphers)
        code = f"ROW_{self._draw(11)}"
        self._codes[code] = Code(self.grants[account.key], self._clock.now())
        return code

    def exchange(self, value: str) -> Pair:
        code = self._codes.get(value)
        if code is None or code.is_spent or self._clock.now() > code.issued_at + CODE_LIFE:
            raise errors.bad_auth_code()
        code.is_spent = True
        return self._issue(code.grant)

    def refresh(self, value: str) -> Pair:
        grant = self._refresh.pop(value, None)
        if grant is None or not self.is_alive(grant):
            raise errors.refresh_token_dead()
        return self._issue(grant)

    def grant_of(self, access_token: str) -> Grant:
        """Return whose token it is; raises for one that is unknown, over or of a consent that has ended."""
        held = self._access.get(access_token)
        if held is None:
            raise errors.invalid_token()
        grant, until = held
        if not self.is_alive(grant):
            raise errors.invalid_token()
        if self._clock.now() >= until:
            raise errors.expired_token()
        return grant

    def is_alive(self, grant: Grant) -> bool:
        return not grant.is_cancelled and self._clock.now() < grant.until

    def of_shop(self, shop_id: int) -> list[Grant]:
        return [
            each for each in self.grants.values() if shop_id in each.account.shops and self.is_alive(each)
        ]

    def cancel(self, grant: Grant) -> None:
        grant.is_cancelled = True

    def expire(self, grant: Grant, what: str) -> None:
        """Let access tokens, refresh tokens or the whole consent reach their end now."""
        now = self._clock.now()
        if what == "access":
            for token, (owner, _) in list(self._access.items()):
                if owner is grant:
                    self._access[token] = (owner, now)
        elif what == "refresh":
            self._refresh = {token: owner for token, owner in self._refresh.items() if owner is not grant}
        else:
            grant.until = now

    def _issue(self, grant: Grant) -> Pair:
        pair = Pair(
            f"ROW_{self._draw(16)}", self._clock.now() + self.access_life, f"ROW_{self._draw(18)}", grant
        )
        self._access[pair.access_token] = (grant, pair.access_until)
        self._refresh[pair.refresh_token] = grant
        return pair

    def _forget(self, grant: Grant) -> None:
        self._access = {token: held for token, held in self._access.items() if held[0] is not grant}
        self.expire(grant, "refresh")

    def _draw(self, length: int) -> str:
        return self._random.randbytes(length).hex()
