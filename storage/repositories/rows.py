"""From rows to records: the one place that knows both."""

from typing import Any

from sqlalchemy import Row, select

from domain.catalogue import ListingState, ListingVariant, Price, Promotion
from domain.changes import Change, ChangeKind, ChangeState
from domain.chats import Card, Chat, ChatState, View
from domain.money import Money
from domain.orders import OrderLine, OrderSnapshot, OrderStatus, Parcel
from domain.people import Member, Role
from domain.shops import Environment, Linking, LinkState, Shop, ShopState
from storage.repositories.words import out_of_places, out_of_words
from storage.tables.catalogue import listing, listing_variant

AnyRow = Row[Any]


def chat_of(row: AnyRow) -> Chat:
    return Chat(row.id, row.bot_id, row.telegram_id, row.kind, row.title, ChatState(row.state))


def view_of(row: AnyRow) -> View:
    return View(
        id=row.id,
        chat_id=row.chat_id,
        thread_id=row.thread_id or None,
        seller_id=row.seller_id,
        role_cap=Role(row.role_cap),
        language=row.language,
        zone=row.zone,
        shops=frozenset(row.shops.split()),
    )


def member_of(row: AnyRow) -> Member:
    return Member(row.seller_id, row.user_id, row.name, Role(row.role), row.version)


def card_of(row: AnyRow) -> Card:
    return Card(row.id, row.view_id, row.message_id, row.media, row.subject, row.subject_id, row.version)


def shop_of(row: AnyRow) -> Shop:
    return Shop(
        id=row.id,
        seller_id=row.seller_id,
        app_id=row.app_id,
        platform=row.platform,
        environment=Environment(row.environment),
        external_id=row.external_id,
        name=row.name,
        region=row.region,
        currency=row.currency,
        state=ShopState(row.state),
        is_simulated=row.is_simulated,
        linked_at=row.linked_at,
        authorised_until=row.authorised_until,
        synced_at=row.synced_at,
        trouble=row.trouble,
        trouble_since=row.trouble_since,
        link_gen=row.link_gen,
    )


def linking_of(row: AnyRow) -> Linking:
    return Linking(
        id=row.id,
        seller_id=row.seller_id,
        view_id=row.view_id,
        user_id=row.user_id,
        app_id=row.app_id,
        platform=row.platform,
        region=row.region,
        state=LinkState(row.state),
        message_id=row.message_id,
        expires_at=row.expires_at,
        shop_external_id=row.shop_external_id,
        shop_name=row.shop_name,
        shop_region=row.shop_region,
        shop_currency=row.shop_currency,
        authorised_until=row.authorised_until,
        parent_id=row.parent_id,
        refusal=row.refusal,
        authorisation=row.authorisation,
    )


LISTING_VARIANTS = select(
    listing_variant,
    listing.c.external_id.label("listing_external_id"),
    listing.c.title.label("title"),
    listing.c.state.label("listing_state"),
    listing.c.wholesale.label("wholesale"),
).join(listing, listing.c.id == listing_variant.c.listing_id)
"""What `listing_variant_of` reads; whoever asks says of which."""


def listing_variant_of(row: AnyRow) -> ListingVariant:
    """Build from a row of `LISTING_VARIANTS`."""
    price = Price(
        listed=Money(row.listed, row.currency),
        is_taxed=row.is_taxed,
        buyer_pays=Money(row.buyer_pays, row.currency),
        locked_until=row.locked_until,
    )
    return ListingVariant(
        id=row.id,
        shop_id=row.shop_id,
        listing_id=row.listing_id,
        listing_external_id=row.listing_external_id,
        external_id=row.external_id,
        variant_id=row.variant_id,
        title=row.title,
        name=row.name,
        sku=row.sku,
        state=ListingState(row.listing_state),
        price=price,
        available=row.available,
        reserved=row.reserved,
        image_url=row.image_url,
        seen_at=row.seen_at,
        options=out_of_words(row.options),
        promotion=Promotion(row.promotion, row.promotion_ends) if row.promotion_ends else None,
        places=out_of_places(row.places),
        wholesale=None if row.wholesale is None else Money(row.wholesale, row.currency),
    )


def order_line_of(row: AnyRow, currency: str) -> OrderLine:
    return OrderLine(
        listing_external_id=row.listing_external_id,
        variant_external_id=row.variant_external_id,
        unit_ids=tuple(row.unit_ids.split()),
        title=row.title,
        variant_name=row.variant_name,
        sku=row.sku,
        quantity=row.quantity,
        unit_price=Money(row.unit_price, currency),
        list_price=Money(row.list_price, currency),
        image_url=row.image_url,
        cancelled=row.cancelled,
    )


def snapshot_of(row: AnyRow, lines: tuple[OrderLine, ...], parcels: tuple[Parcel, ...]) -> OrderSnapshot:
    return OrderSnapshot(
        external_id=row.external_id,
        status=OrderStatus(row.status),
        raw_status=row.raw_status,
        placed_at=row.placed_at,
        updated_at=row.updated_at,
        currency=row.currency,
        lines=lines,
        parcels=parcels,
        paid_at=row.paid_at,
        ship_by=row.ship_by,
        total=None if row.total is None else Money(row.total, row.currency),
        buyer_name=row.buyer_name,
        buyer_city=row.buyer_city,
        buyer_note=row.buyer_note,
        seller_note=row.seller_note,
        payment_method=row.payment_method,
        courier=row.courier,
        is_cod=row.is_cod,
        sold_on=row.sold_on,
        cancelled_by=row.cancelled_by,
        cancel_reason=row.cancel_reason,
        digest=row.digest,
    )


def change_of(row: AnyRow) -> Change:
    return Change(
        id=row.id,
        proposal_id=row.proposal_id,
        seller_id=row.seller_id,
        shop_id=row.shop_id,
        kind=ChangeKind(row.kind),
        listing_variant_id=row.listing_variant_id,
        before=Money(row.before, row.currency),
        after=Money(row.after, row.currency),
        state=ChangeState(row.state),
        version=row.version,
        requested_by=row.requested_by,
        requested_at=row.requested_at,
        expires_at=row.expires_at,
        note=row.note,
        approved_by=row.approved_by,
        decided_at=row.decided_at,
        not_before=row.not_before,
        attempts=row.attempts,
        ended_at=row.ended_at,
        reason=row.reason,
        seen_value=None if row.seen_value is None else Money(row.seen_value, row.currency),
        undo_of=row.undo_of,
        locked_since=row.locked_since,
        locked_until=row.locked_until,
    )
