"""Asking a platform with a real shop's token whether it still answers as documented."""

from collections.abc import Mapping, Sequence

from domain.errors import NotFound
from domain.platform import Platform
from domain.platform.probing import Asked, ProbedCall
from services.tokens import TokenService
from storage.database import Database
from storage.repositories import directory

SAME, DIFFERS, NOT_ASKED = 0, 1, 2


class ProbeService:
    def __init__(self, db: Database, *, tokens: TokenService, platforms: Mapping[str, Platform]) -> None:
        self._db = db
        self._tokens = tokens
        self._platforms = platforms

    async def probe(self, slug: str, external_id: str = "") -> Sequence[ProbedCall]:
        """Ask for one linked shop, the first where none is named; reads only.

        Raises NotFound("platform_unknown", "no_shop_to_ask"), PlatformError where the token is not taken.
        """
        platform = self._platforms.get(slug)
        if platform is None or platform.probing is None:
            raise NotFound("platform_unknown", platform=slug)
        shop = await self._db.read(lambda conn: directory.linked_shop(conn, slug, external_id))
        if shop is None:
            raise NotFound("no_shop_to_ask", platform=platform.info.name)
        probing = platform.probing
        return await self._tokens.call(shop.id, lambda _, access: probing.probe(access))


def verdict(calls: Sequence[ProbedCall]) -> int:
    """Return what it comes to: a difference weighs more than a call that was refused."""
    if any(each.differences for each in calls):
        return DIFFERS
    was_asked = any(each.asked is Asked.ANSWERED for each in calls)
    return SAME if was_asked and all(each.asked is not Asked.REFUSED for each in calls) else NOT_ASKED
