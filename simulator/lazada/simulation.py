"""Everything one running simulator holds; the calls, the pages and the controls all work on this."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from simulator.lazada.accounts import OpenApp, ShopStanding
from simulator.lazada.numbers import Index
from simulator.lazada.pushes import PushSender
from simulator.lazada.tokens import Tokens
from simulator.stand_in.faults import Faults
from simulator.stand_in.journal import Journal
from simulator.world.clock import Clock
from simulator.world.double_day import DoubleDay
from simulator.world.orders import Order, Parcel
from simulator.world.world import World


@dataclass(slots=True)
class Documents:
    """Labels behind addresses, and how many of the next cannot be had yet."""

    failing: int = 0
    links: dict[str, tuple[list[tuple[Order, Parcel]], datetime]] = field(default_factory=dict)
    """By the secret part of their address: what is printed, and until when it works."""


@dataclass(slots=True)
class Simulation:
    world: World
    clock: Clock
    random: Random
    app: OpenApp
    tokens: Tokens
    pushes: PushSender
    faults: Faults
    journal: Journal
    documents: Documents = field(default_factory=Documents)
    index: Index = field(default_factory=Index)
    standings: defaultdict[int, ShopStanding] = field(default_factory=lambda: defaultdict(ShopStanding))
    double_days: dict[int, DoubleDay] = field(default_factory=dict)
    closings: list[datetime] = field(default_factory=list)
    """When the books of a day were closed before it was over."""
    visibility_lag: timedelta = timedelta(0)
    """How long the order list takes to show what happened."""
    packed: set[str] = field(default_factory=set)
    """Parcels, by the world's number, that are packed."""
    cancelled_units: set[int] = field(default_factory=set)
    """Units that were cancelled out of orders that go on."""
    refused_lines: set[str] = field(default_factory=set)
    agreed_lines: set[str] = field(default_factory=set)
    """Lines of reverse orders that the seller answered, one by one."""
    calls_in_second: Counter[tuple[int, str, int]] = field(default_factory=Counter)

    def is_linked(self, shop_id: int) -> bool:
        return bool(self.tokens.of_shop(shop_id))
