"""Pictures of products: fetched once, given to Telegram once, and from then on named by what Telegram calls them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256

from domain.catalogue import Listing
from domain.chats import Visitor
from domain.clock import Clock
from domain.shops import Shop
from services.apps import AppService
from storage.database import Database
from storage.repositories.listings import KeptPhoto, Listings

FetchPhoto = Callable[[str, str], Awaitable[bytes]]
"""Fetches a picture by its address and the platform's own; nothing comes back where it cannot be had."""

AGAIN_AFTER = timedelta(hours=1)
"""A picture that could not be had, or that Telegram did not take, is tried again after so long."""


@dataclass(slots=True)
class Photo:
    """A listing's picture: known to Telegram by `file_id`, or to be given to it as `content`.

    Whoever shows it writes down what Telegram calls it, and whether it was refused.
    """

    listing_id: str
    file_id: str = ""
    content: bytes = field(default=b"", repr=False)
    is_refused: bool = False


class PhotoService:
    def __init__(self, db: Database, clock: Clock, apps: AppService, fetch: FetchPhoto) -> None:
        self._db = db
        self._clock = clock
        self._apps = apps
        self._fetch = fetch

    async def known(self, visitor: Visitor, bot_id: str, listing: Listing) -> Photo | None:
        """Return the picture if Telegram has it; one without `file_id` where it need not be tried now."""
        if not listing.image_url:
            return Photo(listing.id)
        kept = await self._db.read(lambda conn: Listings(conn, visitor.seller_id).photo(listing.id, bot_id))
        if kept is None or kept.url_digest != _digest(listing.image_url):
            return None
        is_late = not kept.file_id and self._clock() - kept.kept_at >= AGAIN_AFTER
        return None if is_late else Photo(listing.id, kept.file_id)

    async def fetch(self, listing: Listing, shop: Shop) -> Photo:
        """Fetch the picture where its platform keeps it; without content where it cannot be had."""
        app = await self._apps.get(shop.app_id)
        return Photo(listing.id, content=await self._fetch(listing.image_url, app.api_url if app else ""))

    async def fetch_one(self, url: str, shop: Shop) -> Photo:
        """Fetch a picture that is not kept, as a buyer's is; without content where it cannot be had."""
        app = await self._apps.get(shop.app_id)
        return Photo("", content=await self._fetch(url, app.api_url if app else ""))

    async def keep(self, visitor: Visitor, bot_id: str, listing: Listing, photo: Photo) -> None:
        """Keep what Telegram calls the picture, or that it is not to be had for now."""
        file_id = "" if photo.is_refused else photo.file_id
        kept = KeptPhoto(_digest(listing.image_url), file_id, self._clock())
        await self._db.write(
            lambda conn: Listings(conn, visitor.seller_id).keep_photo(listing.id, bot_id, kept), "photo.keep"
        )


async def no_photo(_url: str, _own_url: str) -> bytes:
    """Fetch nothing: for a house without a way out."""
    return b""


def _digest(url: str) -> str:
    return sha256(url.encode(errors="replace")).hexdigest()
