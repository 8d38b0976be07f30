"""A platform: its facts and the roles it offers."""

from dataclasses import dataclass

from domain.platform.can import PlatformInfo
from domain.platform.catalogue import Catalogue
from domain.platform.fulfilment import Fulfilment
from domain.platform.holidays import Holidays
from domain.platform.hooks import Hooks
from domain.platform.linking import LinkingRole
from domain.platform.listing_writes import ListingWrites
from domain.platform.money import Settlements
from domain.platform.order_actions import OrderActions
from domain.platform.orders import Orders
from domain.platform.probing import Probing
from domain.platform.returns import Returns
from domain.platform.reviews import Reviews
from domain.platform.standing import Standing


@dataclass(frozen=True, slots=True)
class Platform:
    """One adapter, by role. What its `info.can` does not name is not called."""

    info: PlatformInfo
    linking: LinkingRole
    catalogue: Catalogue
    orders: Orders
    hooks: Hooks
    fulfilment: Fulfilment
    settlements: Settlements
    order_actions: OrderActions
    returns: Returns
    standing: Standing
    reviews: Reviews
    listing_writes: ListingWrites | None = None
    holidays: Holidays | None = None
    probing: Probing | None = None
