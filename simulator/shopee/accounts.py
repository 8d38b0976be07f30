"""Who exists on this platform: sellers with their shops, a main account over two of them, and our one app."""

from dataclasses import dataclass, field
from datetime import datetime

from simulator.shopee.tokens import Kind, Owner
from simulator.world.world import ShopPlan

HOME_SHOP = ShopPlan(
    id=600011,
    name="Rumah Kita",
    about="Kebutuhan rumah, kecantikan dan gadget. Kirim hari yang sama sebelum jam 15.00.",
    seller="rumahkita",
    region="ID",
)
SISTER_SHOP = ShopPlan(
    id=600012,
    name="Rumah Kita Malaysia",
    about="Barang rumah dan kecantikan, dihantar dari Shah Alam dan Johor.",
    seller="rumahkita",
    region="MY",
    locations=("MYZ", "MYJ"),
)
FOREIGN_SHOP = ShopPlan(
    id=600021,
    name="Dapur Bu Tini",
    about="Perlengkapan dapur pilihan Bu Tini.",
    seller="butini",
    region="ID",
)
MERCHANT_ID = 1001705


@dataclass(frozen=True, slots=True)
class SellerAccount:
    """A login of the seller centre, and what its consent covers."""

    key: str
    title: str
    login: str
    owner: Owner
    covers: tuple[Owner, ...]
    may_authorise: bool = True


def shop_owner(shop_id: int) -> Owner:
    return Owner(Kind.SHOP, shop_id)


def _shop_account(plan: ShopPlan) -> SellerAccount:
    owner = shop_owner(plan.id)
    return SellerAccount(f"shop:{plan.id}", f"{plan.name} (shop)", plan.seller, owner, (owner,))


MAIN_ACCOUNT = SellerAccount(
    "main:19000",
    "Rumah Kita Group (main account, 2 shops)",
    "rumahkita:main",
    Owner(Kind.MAIN_ACCOUNT, 19000),
    (shop_owner(HOME_SHOP.id), shop_owner(SISTER_SHOP.id), Owner(Kind.MERCHANT, MERCHANT_ID)),
)
SUB_ACCOUNT = SellerAccount(
    "sub:19000:budi",
    "Budi, packer at Rumah Kita (sub-account)",
    "rumahkita:budi",
    Owner(Kind.MAIN_ACCOUNT, 19000),
    (),
    may_authorise=False,
)
ACCOUNTS = {
    account.key: account
    for account in (
        _shop_account(HOME_SHOP),
        MAIN_ACCOUNT,
        _shop_account(SISTER_SHOP),
        _shop_account(FOREIGN_SHOP),
        SUB_ACCOUNT,
    )
}


@dataclass(slots=True)
class PartnerApp:
    """Our app in the developers' console, with the switches the console has."""

    partner_id: int
    partner_key: str
    push_key: str
    redirect_domains: frozenset[str]
    is_key_expired: bool = False
    is_restricted: bool = False
    declared_addresses: frozenset[str] = frozenset()
    """Empty: the allow-list is off."""
    calls_left_today: int | None = None


@dataclass(slots=True)
class ShopStanding:
    """How the platform looks at a shop."""

    is_banned: bool = False
    is_frozen: bool = False
    is_on_holiday: bool = False
    holiday_ends: int = 0
    """When it ends by itself, in seconds; 0 for a holiday without an end."""
    penalties: list[tuple[int, int, datetime]] = field(default_factory=list)
    """Points, the number of the offence, and when they were given."""
