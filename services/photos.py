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
from storage.database import Connection, Database
from storage.repositories.listings import KeptPhoto, Listings

FetchPhoto = Callable[[str, str], Awaitable[bytes]]
"""Fetches a picture by its address and the platform's own; nothing comes back where it cannot be had."""

AGAIN_AFTER = timedelta(hours=1)
"""A picture that could not be had, or that Telegram did not take, is tried again after so long."""


@dataclass(slots=True)
class Photo:
    """A picture of a listing or of one of its options: known to Telegram by `file_id`, or to be given to it as `content`.

    Whoever shows it writes down what Telegram calls it, and whether it was refused.
    """

    url: str
    file_id: str = ""
    content: bytes = field(default=b"", repr=False)
    is_refused: bool = False


class PhotoService:
    def __init__(self, db: Database, clock: Clock, apps: AppService, fetch: FetchPhoto) -> None:
        self._db = db
        self._clock = clock
        self._apps = apps
        self._fetch = fetch

    async def known(self, visitor: Visitor, bot_id: str, listing: Listing, url: str = "") -> Photo | None:
        """Return the picture if Telegram has it; one without `file_id` where it need not be tried now.

        `url` is of an option, as of a colour; without it the listing's own is meant.
        """
        url, is_own = url or listing.image_url, url in {"", listing.image_url}
        if not url:
            return Photo(url)
        digest = _digest(url)

        def work(conn: Connection) -> KeptPhoto | None:
            listings = Listings(conn, visitor.seller_id)
            if is_own:
                return listings.photo(listing.id, bot_id)
            return listings.option_photo(listing.id, bot_id, digest)

        kept = await self._db.read(work)
        if kept is None or kept.url_digest != digest:
            return None
        is_late = not kept.file_id and self._clock() - kept.kept_at >= AGAIN_AFTER
        return None if is_late else Photo(url, kept.file_id)

    async def fetch(self, listing: Listing, shop: Shop, url: str = "") -> Photo:
        """Fetch the picture where its platform keeps it; without content where it cannot be had."""
        app, url = await self._apps.get(shop.app_id), url or listing.image_url
        return Photo(url, content=await self._fetch(url, app.api_url if app else ""))

    async def fetch_one(self, url: str, shop: Shop) -> Photo:
        """Fetch a picture that is not kept, as a buyer's is; without content where it cannot be had."""
        app = await self._apps.get(shop.app_id)
        return Photo("", content=await self._fetch(url, app.api_url if app else ""))

    async def keep(self, visitor: Visitor, bot_id: str, listing: Listing, photo: Photo) -> None:
        """Keep what Telegram calls the picture, or that it is not to be had for now."""
        file_id = "" if photo.is_refused else photo.file_id
        kept = KeptPhoto(_digest(photo.url), file_id, self._clock())

        def work(conn: Connection) -> None:
            listings = Listings(conn, visitor.seller_id)
            if photo.url == listing.image_url:
                listings.keep_photo(listing.id, bot_id, kept)
            else:
                listings.keep_option_photo(listing.id, bot_id, kept)

        await self._db.write(work, "photo.keep")


async def no_photo(_url: str, _own_url: str) -> bytes:
    """Fetch nothing: for a house without a way out."""
    return b""


def _digest(url: str) -> str:
    return sha256(url.encode(errors="replace")).hexdigest()
