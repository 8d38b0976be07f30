"""What a seller's shops are called: as at their platforms, and told apart where several have one name."""

from domain.platform import PlatformInfo
from domain.shops import Shop, told_apart
from storage.database import Connection
from storage.repositories.shops import Shops


def name_shop(conn: Connection, shop: Shop, name: str, info: PlatformInfo) -> None:
    """Call a shop as its platform does, with its platform's short name behind it where another one is called so."""
    shops = Shops(conn, shop.seller_id)
    others = {each.name for each in shops.all() if each.id != shop.id}
    shops.set(shop.id, name=told_apart(name, others, info.short, shop.region, shop.external_id))
