"""What a call gets to work with, and what the table says about it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from starlette.datastructures import QueryParams

from simulator.shopee.simulation import Simulation
from simulator.world.shops import Shop


class Scope(Enum):
    PUBLIC = auto()
    SHOP = auto()


@dataclass(frozen=True, slots=True)
class Call:
    """One accepted call: signature and token are in order."""

    sim: Simulation
    query: QueryParams
    body: dict[str, Any]
    address: str
    """Our own address, for links to photos."""


@dataclass(frozen=True, slots=True)
class ShopCall(Call):
    shop: Shop


@dataclass(frozen=True, slots=True)
class Download:
    """An answer that is a file and no envelope."""

    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    method: str
    """One, or "GET or POST" where documents and clients in the field differ."""
    scope: Scope
    handler: Callable[[Any], Awaitable[dict[str, Any] | Download]]
