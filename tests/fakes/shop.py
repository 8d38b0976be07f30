"""A shop of the platform in memory, and what that platform is able to do."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from domain.catalogue import PlacedUnits, Price, Promotion
from domain.money import Money
from domain.orders import OrderSnapshot
from domain.platform import Can, ListingSnapshot, ListingVariantSnapshot, PlatformInfo
from domain.price_rules import PriceRules

SLUG = "bazaar"

INFO = PlatformInfo(
    slug=SLUG,
    name="Bazaar",
    short="BZ",
    regions={"ID": "IDR", "SG": "SGD"},
    can=frozenset(Can),
    poll_every=timedelta(minutes=5),
    window=timedelta(days=15),
    overlap=timedelta(minutes=10),
    visibility_lag=timedelta(seconds=90),
    listings_per_fetch=4,
    orders_per_fetch=4,
    boosts_at_once=5,
    price_rules={"ID": PriceRules(7, 0), "SG": PriceRules(5, 2)},
)


@dataclass
class FakeShop:
    """A shop as the platform has it. `access_token` and `refresh_token` are the pair in force."""

    external_id: str
    name: str = "Rumah Kita"
    region: str = "ID"
    is_usable: bool = True
    is_banned: bool = False
    is_consented: bool = False
    authorised_until: datetime | None = None
    listings: dict[str, ListingSnapshot] = field(default_factory=dict)
    locations: dict[str, str] = field(default_factory=dict)
    orders: dict[str, OrderSnapshot] = field(default_factory=dict)
    access_token: str = ""
    access_until: datetime | None = None
    refresh_token: str = ""

    @property
    def currency(self) -> str:
        return INFO.regions[self.region]

    def list(self, *listings: ListingSnapshot) -> None:
        self.listings |= {each.external_id: each for each in listings}

    def place(self, *orders: OrderSnapshot) -> None:
        self.orders |= {each.external_id: each for each in orders}

    def variant(self, listing: str, variant: str = "0") -> ListingVariantSnapshot:
        return next(each for each in self.listings[listing].variants if each.external_id == variant)

    def price(self, listing: str, variant: str = "0") -> Money:
        return self.variant(listing, variant).price.listed

    def set_price(
        self, listing: str, amount: Money, variant: str = "0", *, at: datetime | None = None
    ) -> None:
        """Set a list price, in the seller centre or by a push."""
        known = self.variant(listing, variant).price
        self.edit(listing, variant, price=replace(known, listed=amount, buyer_pays=amount), at=at)

    def lock(self, listing: str, until: datetime | None, variant: str = "0") -> None:
        known = self.variant(listing, variant).price
        self.edit(listing, variant, price=replace(known, locked_until=until))

    def units(self, listing: str, variant: str = "0") -> int:
        """Return what is for sale, kept back for promotions or not."""
        return self.variant(listing, variant).available + self.variant(listing, variant).reserved

    def set_units(self, listing: str, units: int, variant: str = "0", *, at: datetime | None = None) -> None:
        """Set stock: in the seller centre, by a push, or because a buyer bought."""
        left = units - self.variant(listing, variant).reserved
        self.edit(listing, variant, available=left, at=at)

    def set_placed(self, listing: str, units: int, place: str, variant: str = "0", *, at: datetime) -> None:
        """Set stock of a shop with several locations; what changes does so at one of them."""
        more = units - self.units(listing, variant)
        known = self.variant(listing, variant).places
        places = tuple(replace(each, units=each.units + more * (each.location == place)) for each in known)
        self.edit(listing, variant, places=places)
        self.set_units(listing, units, variant, at=at)

    def edit(
        self,
        listing: str,
        variant: str = "0",
        *,
        at: datetime | None = None,
        **facts: Price | Promotion | tuple[PlacedUnits, ...] | int | None,
    ) -> None:
        whole = self.listings[listing]
        variants = tuple(
            replace(each, **facts) if each.external_id == variant else each  # type: ignore[arg-type]
            for each in whole.variants
        )
        self.listings[listing] = replace(whole, variants=variants, updated_at=at or whole.updated_at)
