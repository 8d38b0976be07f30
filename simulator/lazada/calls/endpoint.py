"""What a call gets to work with, and what the table says about it."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from simulator.lazada import errors
from simulator.lazada.simulation import Simulation
from simulator.lazada.tokens import Grant
from simulator.world.currencies import Market
from simulator.world.shops import Shop

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """One accepted call: signature and token are in order. Its parameters come in the query or in a form."""

    sim: Simulation
    grant: Grant
    params: Mapping[str, str]
    address: str
    """Our own address, for links to photos and labels."""
    shop: Shop = field(kw_only=True)

    def number(self, name: str, default: int, allowed: range, code: str) -> int:
        raw = self.params.get(name)
        if raw is None:
            return default
        if not raw.isascii() or not raw.isdecimal() or int(raw) not in allowed:
            raise errors.numbered(code, f'"{raw}" Invalid {name.title()}')
        return int(raw)

    def needed(self, name: str) -> str:
        value = self.params.get(name, "")
        if not value:
            raise errors.missing(name)
        return value

    def json(self, name: str) -> Any:
        """Read a parameter that is JSON in a text."""
        try:
            return json.loads(self.needed(name))
        except ValueError:
            raise errors.numbered("5", "Invalid Request Format") from None

    def ids(self, name: str, most: int) -> list[str]:
        """Read a list of numbers in brackets."""
        found = self.json(name)
        if not isinstance(found, list) or not all(isinstance(each, int | str) for each in found):
            raise errors.numbered("56", "Invalid list format")
        if len(found) > most:
            raise errors.numbered("38", "Too many ids")
        if not all(str(each).isdecimal() for each in found):
            raise errors.numbered("37", "One or more ids are incorrect")
        return [str(each) for each in found]

    def moment(self, name: str) -> datetime | None:
        """Read an ISO time with its offset."""
        raw = self.params.get(name)
        if raw is None:
            return None
        try:
            moment = datetime.fromisoformat(raw)
        except ValueError:
            raise errors.bad_date(raw) from None
        if moment.tzinfo is None:
            raise errors.bad_date(raw)
        return moment.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Told:
    """An answer: `data` or `result`, as each call of this platform has it."""

    body: Any
    name: str = "data"


Handler = Callable[[Call], Awaitable[Told]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    path: str
    methods: frozenset[str]
    handler: Handler


def result(data: Any, **more: str) -> Told:
    """Answer as the newer calls do, whose success stands once more inside."""
    return Told({"data": data, "success": True, **more}, "result")


NO_ERROR = {"error_code": "", "error_msg": ""}
"""What some of them have beside it."""


def local(moment: datetime, market: Market) -> str:
    """Write a time as orders have it: the venture's clock, and its offset without a colon."""
    return moment.astimezone(ZoneInfo(market.zone)).strftime("%Y-%m-%d %H:%M:%S %z")


def is_within(moment: datetime, after: datetime | None, before: datetime | None) -> bool:
    whole = moment.astimezone(UTC).replace(microsecond=0)
    return (after is None or whole >= after) and (before is None or whole <= before)


def ms(moment: datetime) -> int:
    return int(moment.timestamp()) * 1000
