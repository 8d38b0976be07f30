"""Consents and tokens: codes of thirty minutes that work once, access tokens, refresh tokens that a refresh leaves as they are.

The documents contradict each other about the refresh token's end. Here a refresh does not move it, as the newer
ones and the sample say: when it runs out the seller must consent again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from simulator.lazada import errors
from simulator.lazada.accounts import SellerAccount
from simulator.world.clock import Clock

CODE_LIFE = timedelta(minutes=30)
ACCESS_LIFE, REFRESH_LIFE = timedelta(days=30), timedelta(days=180)


@dataclass(slots=True)
class Grant:
    """One seller's consent, which ends with its refresh token."""

    account: SellerAccount
    refresh_token: str
    until: datetime
    is_cancelled: bool = False
    warned_on: int = 0


@dataclass(slots=True)
class Code:
    grant: Grant
    issued_at: datetime
    is_spent: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    access_token: str
    access_until: datetime
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

    def authorise(self, account: SellerAccount, until: datetime) -> str:
        if before := self.grants.get(account.key):
            before.is_cancelled = True
        self.grants[account.key] = Grant(account, f"50001600{self._draw(26)}", until)
        code = f"0_{self._draw(14)}"
        self._codes[code] = Code(self.grants[account.key], self._clock.now())
        return code

    def exchange(self, value: str) -> Pair:
        code = self._codes.get(value)
        if code is None or code.is_spent or self._clock.now() > code.issued_at + CODE_LIFE:
            raise errors.bad_code()
        code.is_spent = True
        return self._issue(code.grant)

    def refresh(self, value: str) -> Pair:
        grant = next((each for each in self.grants.values() if each.refresh_token == value), None)
        if grant is None or not self.is_alive(grant):
            raise errors.bad_refresh_token()
        return self._issue(grant)

    def grant_of(self, access_token: str) -> Grant:
        """Return whose token it is; raises for one that is unknown, over or of a consent that has ended."""
        held = self._access.get(access_token)
        if held is None or not self.is_alive(held[0]) or self._clock.now() >= held[1]:
            raise errors.expired_token()
        return held[0]

    def is_alive(self, grant: Grant) -> bool:
        return not grant.is_cancelled and self._clock.now() < grant.until

    def of_shop(self, shop_id: int) -> list[Grant]:
        return [
            each for each in self.grants.values() if shop_id in each.account.shops and self.is_alive(each)
        ]

    def cancel(self, grant: Grant) -> None:
        grant.is_cancelled = True

    def expire(self, grant: Grant, what: str) -> None:
        """Let access tokens, or the consent with its refresh token, reach their end now."""
        now = self._clock.now()
        if what == "access":
            self._access = {
                token: (owner, now if owner is grant else until)
                for token, (owner, until) in self._access.items()
            }
        else:
            grant.until = now

    def _issue(self, grant: Grant) -> Pair:
        pair = Pair(f"50000600{self._draw(26)}", self._clock.now() + self.access_life, grant)
        self._access[pair.access_token] = (grant, pair.access_until)
        return pair

    def _draw(self, length: int) -> str:
        return self._random.randbytes(length).hex()
