"""Everything one running simulator holds; the calls, the pages and the controls all work on this."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from simulator.stand_in.faults import Faults
from simulator.stand_in.journal import Journal
from simulator.tiktok_shop.accounts import PartnerApp, ShopStanding
from simulator.tiktok_shop.numbers import Index
from simulator.tiktok_shop.tokens import Tokens
from simulator.tiktok_shop.webhooks import WebhookSender
from simulator.world.clock import Clock
from simulator.world.double_day import DoubleDay
from simulator.world.world import World


@dataclass(slots=True)
class Documents:
    """Labels being made by couriers: when each is ready, by package, and how many of the next come late."""

    lag: timedelta = timedelta(0)
    failing: int = 0
    ready_at: dict[str, datetime] = field(default_factory=dict)
    links: dict[str, tuple[int, str, datetime]] = field(default_factory=dict)
    """By the secret part of their address: shop, package, and until when it works."""


@dataclass(slots=True)
class Simulation:
    world: World
    clock: Clock
    random: Random
    app: PartnerApp
    tokens: Tokens
    webhooks: WebhookSender
    faults: Faults
    journal: Journal
    documents: Documents = field(default_factory=Documents)
    index: Index = field(default_factory=Index)
    standings: defaultdict[int, ShopStanding] = field(default_factory=lambda: defaultdict(ShopStanding))
    double_days: dict[int, DoubleDay] = field(default_factory=dict)
    closings: list[datetime] = field(default_factory=list)
    """When the books were closed besides every midnight."""
    visibility_lag: timedelta = timedelta(0)
    """How long the order list takes to show what happened."""
    remorse: timedelta = timedelta(0)
    """How long a paid order is on hold before it may be shipped; an hour in the real service."""
    audit_lag: timedelta = timedelta(0)
    """How long an edited or activated product is looked at."""
    audits_due: list[tuple[datetime, int, int]] = field(default_factory=list)
    """When an audit ends, of which shop's listing."""
    answered: dict[str, object] = field(default_factory=dict)
    """What was answered under an idempotency key."""
    calls_in_second: Counter[tuple[int, str, int]] = field(default_factory=Counter)

    def is_linked(self, shop_id: int) -> bool:
        return bool(self.tokens.of_shop(shop_id))
