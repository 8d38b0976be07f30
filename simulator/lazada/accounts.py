"""Who exists on this platform: sellers of one venture each, one of them across borders, and our one app."""

from dataclasses import dataclass

from simulator.world.world import ShopPlan

DEFAULT_WAREHOUSE = "dropshipping"

HOME_SHOP = ShopPlan(
    id=100_056_775,
    name="Rumah Kita",
    about="Kebutuhan rumah, kecantikan dan gadget.",
    seller="rumahkita",
    region="ID",
    locations=(DEFAULT_WAREHOUSE,),
)
SISTER_SHOP = ShopPlan(
    id=100_056_776,
    name="Rumah Kita Malaysia",
    about="Barang rumah dan kecantikan.",
    seller="rumahkita",
    region="MY",
    locations=(DEFAULT_WAREHOUSE, "dropshipping-2"),
)
FOREIGN_SHOP = ShopPlan(
    id=100_077_001,
    name="Dapur Bu Tini",
    about="Perlengkapan dapur pilihan Bu Tini.",
    seller="butini",
    region="ID",
    locations=(DEFAULT_WAREHOUSE,),
)


@dataclass(frozen=True, slots=True)
class SellerAccount:
    """A login of the seller centre, and which shops its consent opens; `country` is cb across borders."""

    key: str
    title: str
    email: str
    country: str
    shops: tuple[int, ...]


ACCOUNTS = {
    account.key: account
    for account in (
        SellerAccount(
            f"shop:{HOME_SHOP.id}", HOME_SHOP.name, "rumahkita@example.test", "id", (HOME_SHOP.id,)
        ),
        SellerAccount(
            f"shop:{SISTER_SHOP.id}", SISTER_SHOP.name, "rumahkita.my@example.test", "my", (SISTER_SHOP.id,)
        ),
        SellerAccount(
            f"shop:{FOREIGN_SHOP.id}", FOREIGN_SHOP.name, "butini@example.test", "id", (FOREIGN_SHOP.id,)
        ),
        SellerAccount(
            "main:19000",
            "Rumah Kita Group (cross-border, 2 shops)",
            "group@example.test",
            "cb",
            (HOME_SHOP.id, SISTER_SHOP.id),
        ),
    )
}


@dataclass(slots=True)
class OpenApp:
    """Our app in the console, with what is set there."""

    key: str
    secret: str
    redirect_url: str
    allowed_addresses: frozenset[str] = frozenset()
    """Empty: the list of addresses is off."""
    calls_per_second: int = 0
    """For each shop and call; 0 is without a limit."""
    is_subscribed: bool = False
    """Sold on the Service Market: tokens are bound to the subscription and are not refreshed."""


@dataclass(slots=True)
class ShopStanding:
    is_banned: bool = False


def short_code(shop_id: int, region: str) -> str:
    return f"{region}SIM{shop_id % 100_000:05d}"
