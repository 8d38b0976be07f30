"""Stock as the shops show it: variants listed, found, looked at one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from domain.catalogue import ListingVariant
from domain.chats import Visitor
from domain.errors import NotFound
from domain.low_stock import Scarcity
from domain.shops import Shop
from services.ledger import levels
from services.orders import oldest_sync
from services.views import ShownVariant, VariantCard, VariantPage, VariantRow
from storage.database import Connection, Database
from storage.repositories.catalogue import Catalogue, StockHead
from storage.repositories.earnings import Earnings
from storage.repositories.episodes import Episodes
from storage.repositories.shops import Shops
from storage.repositories.shown_stock import ShownStock

PAGE = 5


class StockService:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def page(self, visitor: Visitor, words: str, page: int = 1) -> VariantPage:
        """List variants whose title, name or SKU holds every word, the scarcest first."""

        def work(conn: Connection) -> VariantPage:
            catalogue, episodes = Catalogue(conn, visitor.seller_id), Episodes(conn, visitor.seller_id)
            total, sold_out = catalogue.count(words)
            pages = max(1, -(-total // PAGE))
            at = min(max(page, 1), pages)
            found = catalogue.page(words, offset=(at - 1) * PAGE, limit=PAGE)
            heads = counted(conn, visitor.seller_id, found)
            shops = Shops(conn, visitor.seller_id).all()
            return VariantPage(
                words=words,
                rows=variant_rows(
                    heads, shop_names(shops), episodes.now_low([head.variant_id for head in heads])
                ),
                total=total,
                sold_out=sold_out,
                page=at,
                pages=pages,
                as_of=oldest_sync(shops),
                is_demo=any(shop.is_simulated for shop in shops),
                low=0 if words else episodes.counts()[0],
            )

        return await self._db.read(work)

    async def card(self, visitor: Visitor, variant_id: str) -> VariantCard:
        """Return a variant in every shop. Raises NotFound("variant_unknown")."""
        return await self._db.read(lambda conn: variant_card(conn, visitor.seller_id, variant_id))

    async def by_sku(self, visitor: Visitor, sku: str) -> list[VariantRow]:
        """Return the variants with exactly this SKU, letter case aside; several may share it."""

        def work(conn: Connection) -> list[VariantRow]:
            heads = counted(conn, visitor.seller_id, Catalogue(conn, visitor.seller_id).by_sku(sku))
            return list(variant_rows(heads, shop_names(Shops(conn, visitor.seller_id).all())))

        return await self._db.read(work)


def variant_card(conn: Connection, seller_id: str, variant_id: str) -> VariantCard:
    catalogue = Catalogue(conn, seller_id)
    variant = catalogue.variant(variant_id)
    if variant is None:
        raise NotFound("variant_unknown")
    shops = {shop.id: shop for shop in Shops(conn, seller_id).all()}
    listed = [each for each in catalogue.shown(variant.id) if each.shop_id in shops]
    shown = [ShownVariant(shops[each.shop_id], each) for each in _believed(conn, seller_id, listed)]
    costs = Earnings(conn, seller_id).costs([variant.id]).get(variant.id, [])
    return VariantCard(
        variant=variant,
        shown=tuple(shown),
        as_of=oldest_sync([each.shop for each in shown]),
        is_demo=any(each.shop.is_simulated for each in shown),
        cost=costs[-1] if costs else None,
    )


def _believed(conn: Connection, seller_id: str, listed: Sequence[ListingVariant]) -> list[ListingVariant]:
    """Return what each shop shows, sales and pushes since its listing was last read taken in."""
    followed = ShownStock(conn, seller_id).get([each.id for each in listed])
    return [
        replace(each, available=max(0, row.units - each.reserved))
        if (row := followed.get(each.id)) and row.is_known
        else each
        for each in listed
    ]


def counted(conn: Connection, seller_id: str, heads: Sequence[StockHead]) -> list[StockHead]:
    """Return the heads with what the ledger says is left, of variants that were counted."""
    kept = levels(conn, seller_id, [each.variant_id for each in heads])
    return [
        replace(each, available=kept[each.variant_id].available)
        if each.variant_id in kept and kept[each.variant_id].is_counted
        else each
        for each in heads
    ]


def shop_names(shops: Sequence[Shop]) -> dict[str, str]:
    """Return the names that tell shops apart; none where there is only one."""
    return {each.id: each.name for each in shops} if len(shops) > 1 else {}


def variant_rows(
    heads: Sequence[StockHead], names: Mapping[str, str], now_low: Mapping[str, Scarcity] | None = None
) -> tuple[VariantRow, ...]:
    return tuple(
        VariantRow(
            variant_id=head.variant_id,
            title=head.title,
            name=head.name,
            sku=head.sku,
            available=head.available,
            reserved=head.reserved,
            listed=head.listed,
            shops=head.shops,
            scarcity=(now_low or {}).get(head.variant_id),
            shop_name=names.get(head.shop_id, ""),
        )
        for head in heads
    )
