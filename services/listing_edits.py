"""Changing what a listing says of itself, or whether buyers see it: asked for, confirmed, taken back.

Whoever asks confirms by a worded button; sending is `listing_applying`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.catalogue import Listing, ListingState
from domain.changes import APPROVAL_LASTS, ChangeState
from domain.chats import Visitor
from domain.clock import Clock
from domain.errors import Conflict, InputError, NotFound, UnsupportedByPlatform
from domain.events import EventKind
from domain.ids import new_id
from domain.listing_changes import (
    BOOSTED,
    LISTED,
    UNLISTED,
    ListingChange,
    ListingField,
    check_edit,
    is_possible,
)
from domain.people import Role
from domain.platform import Can, Platform
from domain.queue import Queue, Task
from domain.shops import Shop
from services.decisions import need
from services.outbox import tell
from services.products import shops_here
from services.wakeups import Wakeups
from storage.database import Connection, Database
from storage.repositories.audit import Audit
from storage.repositories.listing_changes import ListingChanges
from storage.repositories.listings import Listings
from storage.repositories.members import Members
from storage.repositories.shops import Shops

SUBJECT = "listing_edit"


@dataclass(frozen=True, slots=True)
class ListingEdit:
    """A change with what its card shows beside it."""

    change: ListingChange
    listing: Listing
    shop: Shop
    requested_by_name: str
    can_be_undone: bool
    boosted: tuple[Listing, ...] = ()
    """What its shop shows first, where the change is about that."""


class ListingEditService:
    def __init__(
        self,
        db: Database,
        clock: Clock,
        *,
        queue: Queue,
        platforms: Mapping[str, Platform],
        wakeups: Wakeups,
    ) -> None:
        self._db = db
        self._clock = clock
        self._queue = queue
        self._platforms = platforms
        self._wakeups = wakeups

    async def ask(
        self, visitor: Visitor, listing_id: str, field: ListingField, after: str, source_key: str
    ) -> ListingEdit:
        """Ask for a change; nothing is sent before it is confirmed. Asked again with its key it is one.

        Raises InputError("edit_<guard>"), NotFound("product_unknown"), NotAllowed("role"),
        UnsupportedByPlatform.
        """
        need(visitor, Role.MANAGER)
        now = self._clock()

        def work(conn: Connection) -> ListingEdit:
            made = ListingChanges(conn, visitor.seller_id).of_source(source_key)
            if made is None:
                listing = self._editable(conn, visitor, listing_id)
                made = _asked(visitor, listing, field, after.strip(), now)
                _replace_open(conn, made, now)
                ListingChanges(conn, visitor.seller_id).add(made, source_key)
            return edit_of(conn, visitor.seller_id, made, now)

        return await self._db.write(work, "listing.ask")

    async def ask_undo(self, visitor: Visitor, change_id: str, source_key: str) -> ListingEdit:
        """Ask to take back what went through. Raises Conflict("moved_on") when that cannot be any more."""
        need(visitor, Role.MANAGER)
        now = self._clock()

        def work(conn: Connection) -> ListingEdit:
            changes = ListingChanges(conn, visitor.seller_id)
            made = changes.of_source(source_key)
            if made is None:
                edit = read_edit(conn, visitor.seller_id, change_id, now)
                if not edit.can_be_undone:
                    raise Conflict("moved_on")
                self._editable(conn, visitor, edit.listing.id)
                old = edit.change
                made = _change(visitor, edit.listing, old.field, old.after, old.before, now, undo_of=old.id)
                _replace_open(conn, made, now)
                changes.add(made, source_key)
            return edit_of(conn, visitor.seller_id, made, now)

        return await self._db.write(work, "listing.ask_undo")

    async def edit(self, seller_id: str, change_id: str) -> ListingEdit:
        """Return a change for its card. Raises NotFound("proposal_unknown")."""
        now = self._clock()
        return await self._db.read(lambda conn: read_edit(conn, seller_id, change_id, now))

    async def send(self, seller_id: str, change_id: str) -> None:
        """Ask the queue to send what was confirmed."""
        self._wakeups.outbox.set()
        await self._queue.enqueue(Task.APPLY_LISTING, seller_id, change_id)

    def _editable(self, conn: Connection, visitor: Visitor, listing_id: str) -> Listing:
        listing = Listings(conn, visitor.seller_id).get(listing_id)
        here = {each.id: each for each in shops_here(conn, visitor)}
        if listing is None or listing.shop_id not in here:
            raise NotFound("product_unknown")
        shop = here[listing.shop_id]
        if not can_edit(self._platforms, shop):
            raise UnsupportedByPlatform(platform=shop.platform, operation="push_listing")
        return listing


def can_edit(platforms: Mapping[str, Platform], shop: Shop) -> bool:
    platform = platforms.get(shop.platform)
    return platform is not None and Can.EDIT_LISTINGS in platform.info.can


def confirm_in(conn: Connection, visitor: Visitor, change_id: str, shown: int, now: datetime) -> None:
    """Confirm what waits, in the transaction that spends the button. Raises Conflict("moved_on")."""
    need(visitor, Role.MANAGER)
    changes = ListingChanges(conn, visitor.seller_id)
    change = changes.get(change_id)
    if change is None:
        raise NotFound("proposal_unknown")
    is_open = change.state is ChangeState.PENDING and change.version == shown and change.expires_at > now
    if not is_open or not changes.move(change, ChangeState.APPROVED):
        raise Conflict("moved_on")
    Audit(conn, visitor.seller_id).add(
        actor=visitor.member.user_id,
        action="listing.confirmed",
        subject=f"listing:{change.listing_id}",
        facts={"change": change.id, "field": change.field.value},
        now=now,
    )
    edit_moved(conn, visitor.seller_id, change_id, now)


def edit_moved(conn: Connection, seller_id: str, change_id: str, now: datetime) -> None:
    """Have every card of a change brought up to date."""
    change = ListingChanges(conn, seller_id).get(change_id)
    version = change.version if change else 0
    key, payload = f"listing_edit:{change_id}:{version}", {"change_id": change_id}
    tell(conn, seller_id, EventKind.LISTING_EDIT_MOVED, key, payload, now=now)


def read_edit(conn: Connection, seller_id: str, change_id: str, now: datetime) -> ListingEdit:
    change = ListingChanges(conn, seller_id).get(change_id)
    if change is None:
        raise NotFound("proposal_unknown")
    return edit_of(conn, seller_id, change, now)


def edit_of(conn: Connection, seller_id: str, change: ListingChange, now: datetime) -> ListingEdit:
    listing, shop = (
        Listings(conn, seller_id).get(change.listing_id),
        Shops(conn, seller_id).get(change.shop_id),
    )
    if listing is None or shop is None:
        raise NotFound("proposal_unknown")
    asked_by = Members(conn, seller_id).get(change.requested_by)
    is_taken_back = ListingChanges(conn, seller_id).undo_of(change.id) is not None
    is_boost = change.field is ListingField.BOOST
    return ListingEdit(
        change,
        listing,
        shop,
        asked_by.name if asked_by else "",
        change.can_be_undone(now) and not is_taken_back,
        tuple(Listings(conn, seller_id).boosted(shop.id, now)) if is_boost else (),
    )


def value_of(listing: Listing, field: ListingField, now: datetime) -> str:
    """Return what a listing says now, by our books. A banned one or one in review is neither shown nor hidden."""
    if field is ListingField.BOOST:
        return BOOSTED if listing.is_boosted(now) else ""
    if field is ListingField.SHOWN:
        return {ListingState.LISTED: LISTED, ListingState.UNLISTED: UNLISTED}.get(listing.state, "")
    return {
        ListingField.TITLE: listing.title,
        ListingField.DESCRIPTION: listing.description,
        ListingField.SKU: listing.sku,
        ListingField.WEIGHT: listing.weight,
    }[field]


def _asked(
    visitor: Visitor, listing: Listing, field: ListingField, after: str, now: datetime
) -> ListingChange:
    if not is_possible(field, after):
        raise NotFound("button_unknown")
    before = value_of(listing, field, now)
    if field is ListingField.BOOST and listing.state is not ListingState.LISTED:
        raise InputError("edit_not_now", state=listing.state)
    if field is ListingField.SHOWN and not before:
        raise InputError("edit_not_now", state=listing.state)
    guard = check_edit(field, before, after)
    if guard is not None:
        raise InputError(f"edit_{guard}")
    return _change(visitor, listing, field, before, after, now)


def _change(
    visitor: Visitor,
    listing: Listing,
    field: ListingField,
    before: str,
    after: str,
    now: datetime,
    undo_of: str = "",
) -> ListingChange:
    return ListingChange(
        id=new_id(),
        seller_id=visitor.seller_id,
        shop_id=listing.shop_id,
        listing_id=listing.id,
        field=field,
        before=before,
        after=after,
        state=ChangeState.PENDING,
        version=1,
        requested_by=visitor.member.user_id,
        requested_at=now,
        expires_at=now + APPROVAL_LASTS,
        undo_of=undo_of,
    )


def _replace_open(conn: Connection, made: ListingChange, now: datetime) -> None:
    """A newer request takes the place of what was asked for and not sent."""
    changes = ListingChanges(conn, made.seller_id)
    for each in changes.open_on(made.listing_id, made.field):
        if changes.move(each, ChangeState.SUPERSEDED, ended_at=now):
            edit_moved(conn, made.seller_id, each.id, now)
