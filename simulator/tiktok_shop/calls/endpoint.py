"""What a call gets to work with, and what the table says about it."""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import FormData

from simulator.tiktok_shop import errors
from simulator.tiktok_shop.simulation import Simulation
from simulator.tiktok_shop.tokens import Grant
from simulator.world.shops import Shop

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """One accepted call: signature, token and scope are in order."""

    sim: Simulation
    grant: Grant
    query: Mapping[str, str]
    body: Json
    path: Mapping[str, str]
    address: str
    """Our own address, for links to photos and labels."""
    form: FormData | None = None

    def number(self, name: str, default: int | None = None) -> int | None:
        """Read a whole number of the query."""
        raw = self.query.get(name)
        if raw is None:
            return default
        if not raw.isascii() or not raw.isdecimal():
            raise errors.invalid(f"query.{name}")
        return int(raw)


@dataclass(frozen=True, slots=True)
class ShopCall(Call):
    shop: Shop = field(kw_only=True)


Handler = Callable[[Any], Awaitable[Json | None]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`versions` are those that answer; the documents pin the first. A call about no shop refuses a cipher."""

    method: str
    domain: str
    versions: tuple[str, ...]
    rest: str
    scope: str
    handler: Handler
    is_of_shop: bool = True
    takes_form: bool = False

    @property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.rest))


def listed(value: Any, name: str, most: int | None = None) -> list[str]:
    """Read a list of texts of a body; ids are texts here, and never numbers."""
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise errors.invalid(f"body.{name}")
    if most is not None and len(value) > most:
        raise errors.invalid(f"body.{name}")
    return value


def moments(body: Mapping[str, Any], name: str, *, upper: str = "lt") -> tuple[int, int]:
    """Read a window of a body: from, and up to but without. `upper` is "le" where the end is part of it."""
    ends = []
    for suffix, default in (("ge", 0), (upper, 2**62)):
        value = body.get(f"{name}_{suffix}", default)
        if not isinstance(value, int) or isinstance(value, bool):
            raise errors.invalid(f"body.{name}_{suffix}")
        ends.append(value)
    return ends[0], ends[1] + (1 if upper == "le" and f"{name}_le" in body else 0)


def is_within(moment: float, window: tuple[int, int]) -> bool:
    return window[0] <= int(moment) < window[1]


def query_list(values: Iterable[str]) -> list[str]:
    """Read a list with commas or with a repeated key."""
    return [piece for part in values for piece in part.split(",") if piece]
