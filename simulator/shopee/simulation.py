"""Everything one running simulator holds; the calls, the pages and the controls all work on this."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from simulator.shopee.accounts import PartnerApp, ShopStanding, shop_owner
from simulator.shopee.documents import Documents
from simulator.shopee.pushes import PushSender
from simulator.shopee.tokens import LinkState, Tokens
from simulator.stand_in.faults import Faults
from simulator.stand_in.journal import Journal
from simulator.world.clock import Clock
from simulator.world.double_day import DoubleDay
from simulator.world.world import World


@dataclass(slots=True)
class Simulation:
    world: World
    clock: Clock
    random: Random
    app: PartnerApp
    tokens: Tokens
    pushes: PushSender
    faults: Faults
    journal: Journal
    documents: Documents
    standings: defaultdict[int, ShopStanding] = field(default_factory=lambda: defaultdict(ShopStanding))
    double_days: dict[int, DoubleDay] = field(default_factory=dict)
    """By shop."""
    visibility_lag: timedelta = timedelta(0)
    """How long the order list takes to show what happened."""

    def is_linked(self, shop_id: int) -> bool:
        return self.tokens.state_of(shop_owner(shop_id)) is LinkState.LINKED
