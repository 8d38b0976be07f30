"""Who exists on this platform: sellers with their shops, one of them across borders, and our one app."""

from dataclasses import dataclass, field

from simulator.world.world import ShopPlan

WAREHOUSES = {
    "7068517275539719942": ("Gudang Jakarta", "DKI Jakarta", "Jakarta Pusat", "Menteng"),
    "7068517275539719944": ("Gudang Surabaya", "Jawa Timur", "Surabaya", "Gubeng"),
    "7068517275539719952": ("Gudang Shah Alam", "Selangor", "Petaling", "Shah Alam"),
    "7068517275539719962": ("Gudang Dapur", "Jawa Barat", "Bandung", "Coblong"),
}
"""Name, state, city and district of each."""

HOME_SHOP = ShopPlan(
    id=7_494_049_642_642_441_621,
    name="Rumah Kita",
    about="Kebutuhan rumah, kecantikan dan gadget.",
    seller="rumahkita",
    region="ID",
    locations=("7068517275539719942", "7068517275539719944"),
)
SISTER_SHOP = ShopPlan(
    id=7_495_540_735_365_777_507,
    name="Rumah Kita Malaysia",
    about="Barang rumah dan kecantikan.",
    seller="rumahkita",
    region="MY",
    locations=("7068517275539719952",),
)
FOREIGN_SHOP = ShopPlan(
    id=7_496_000_000_000_000_321,
    name="Dapur Bu Tini",
    about="Perlengkapan dapur pilihan Bu Tini.",
    seller="butini",
    region="ID",
    locations=("7068517275539719962",),
)


@dataclass(frozen=True, slots=True)
class SellerAccount:
    """A login of the seller centre, and which shops its consent opens. Creators and partners are none of ours."""

    key: str
    title: str
    open_id: str
    region: str
    shops: tuple[int, ...]
    user_type: int = 0
    is_cross_border: bool = False


ACCOUNTS = {
    account.key: account
    for account in (
        SellerAccount(
            f"shop:{HOME_SHOP.id}", HOME_SHOP.name, "7010736057180325637home", "ID", (HOME_SHOP.id,)
        ),
        SellerAccount(
            f"shop:{SISTER_SHOP.id}", SISTER_SHOP.name, "7010736057180325637sister", "MY", (SISTER_SHOP.id,)
        ),
        SellerAccount(
            f"shop:{FOREIGN_SHOP.id}",
            FOREIGN_SHOP.name,
            "7010736057180325637foreign",
            "ID",
            (FOREIGN_SHOP.id,),
        ),
        SellerAccount(
            "main:19000",
            "Rumah Kita Group (cross-border, 2 shops)",
            "7010736057180325637group",
            "ID",
            (HOME_SHOP.id, SISTER_SHOP.id),
            is_cross_border=True,
        ),
        SellerAccount(
            "creator:1", "Budi, who makes videos", "7010736057180325637creator", "ID", (), user_type=1
        ),
    )
}

SCOPES = (
    "seller.authorization.info",
    "seller.shop.info",
    "seller.product.basic",
    "seller.product.write",
    "seller.product.delete",
    "seller.order.info",
    "seller.fulfillment.basic",
    "seller.fulfillment.package.write",
    "seller.logistics",
    "seller.return_refund.basic",
    "seller.finance.info",
)


@dataclass(slots=True)
class PartnerApp:
    """Our app in the Partner Center, with what is set there."""

    key: str
    secret: str
    service_id: str
    redirect_url: str
    scopes: tuple[str, ...] = SCOPES
    allowed_addresses: frozenset[str] = frozenset()
    """Empty: the allow-list is off."""
    calls_per_second: int = 0
    """For each shop and endpoint; 0 is without a limit."""


@dataclass(slots=True)
class ShopStanding:
    is_banned: bool = False
    webhooks: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    """By topic: address, and when it was set first and last."""
