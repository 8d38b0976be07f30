"""Products and their pictures in memory."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.catalogue import Listing
from domain.changes import ChangeState
from domain.chats import Visitor
from domain.errors import InputError, NotFound
from domain.listing_changes import ListingField, check_edit
from domain.shops import Shop
from services.listing_edits import ListingEdit, value_of
from services.photos import Photo
from services.products import ProductCard, ProductPage, ProductQuery
from tests.unit.bot import records as r
from tests.unit.bot import screens_products as p


@dataclass
class Products:
    cards: dict[str, ProductCard] = field(default_factory=dict)
    asked: list[tuple[ProductQuery, int]] = field(default_factory=list)

    async def page(self, visitor: Visitor, query: ProductQuery, page: int = 1) -> ProductPage:
        self.asked.append((query, page))
        rows = [p.row(variants=len(card.variants)) for card in self.cards.values()]
        return p.page(*rows, query=query, page=page, pages=9, shops=(r.shop(), p.OTHER))

    async def card(self, visitor: Visitor, listing_id: str) -> ProductCard:
        if listing_id not in self.cards:
            raise NotFound("product_unknown")
        return self.cards[listing_id]


@dataclass
class Photos:
    """Pictures by listing, or by the address of an option's: what Telegram knows already, and what can be fetched."""

    by_name: dict[str, str] = field(default_factory=dict)
    to_fetch: dict[str, bytes] = field(default_factory=dict)
    by_url: dict[str, bytes] = field(default_factory=dict)
    fetched: int = 0

    async def known(self, visitor: Visitor, bot_id: str, listing: Listing, url: str = "") -> Photo | None:
        name = self.by_name.get(url or listing.id)
        return None if name is None else Photo(url or listing.id, name)

    async def fetch(self, listing: Listing, shop: Shop, url: str = "") -> Photo:
        self.fetched += 1
        return Photo(url or listing.id, content=self.to_fetch.get(url or listing.id, b""))

    async def fetch_one(self, url: str, shop: Shop) -> Photo:
        return Photo("", content=self.by_url.get(url, b""))

    async def keep(self, visitor: Visitor, bot_id: str, listing: Listing, photo: Photo) -> None:
        self.by_name[photo.url] = "" if photo.is_refused else photo.file_id


@dataclass
class ListingEdits:
    """One change at a time, and whether it was confirmed."""

    open_one: ListingEdit | None = None
    confirmed: list[str] = field(default_factory=list)

    async def ask(
        self, visitor: Visitor, listing_id: str, field: ListingField, after: str, source_key: str
    ) -> ListingEdit:
        before = value_of(p.EDITABLE.listing, field, r.NOW)
        guard = check_edit(field, before, after)
        if guard:
            raise InputError(f"edit_{guard}")
        self.open_one = p.edit(field=field, before=before, after=after)
        return self.open_one

    async def ask_undo(self, visitor: Visitor, change_id: str, source_key: str) -> ListingEdit:
        old = await self.edit(visitor.seller_id, change_id)
        self.open_one = p.edit(before=old.change.after, after=old.change.before)
        return self.open_one

    async def edit(self, seller_id: str, change_id: str) -> ListingEdit:
        if self.open_one is None or self.open_one.change.id != change_id:
            raise NotFound("proposal_unknown")
        return self.open_one

    def confirm(self, change_id: str) -> None:
        self.confirmed.append(change_id)
        self._move(ChangeState.APPROVED)

    def apply(self) -> None:
        """Let it be live in the shop."""
        self._move(ChangeState.APPLIED, ended_at=r.NOW)

    def _move(self, state: ChangeState, ended_at: datetime | None = None) -> None:
        if self.open_one is None:
            raise NotFound("proposal_unknown")
        change = self.open_one.change
        moved = replace(change, state=state, version=change.version + 1, ended_at=ended_at)
        is_live = state is ChangeState.APPLIED
        self.open_one = replace(self.open_one, change=moved, can_be_undone=is_live)
