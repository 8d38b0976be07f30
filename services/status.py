"""How things stand for one seller: shops and troubles, what waits, which release runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.chats import Visitor
from domain.clock import Clock
from domain.meters import OF_FIELDS
from domain.pausing import Pause
from domain.shops import Shop, ShopState
from services.orders import oldest_sync
from storage.database import Connection, Database
from storage.repositories import figures
from storage.repositories.holidays import HolidayRows
from storage.repositories.pauses import Pauses
from storage.repositories.shops import Shops

ENDED = frozenset({ShopState.NEEDS_RELINK, ShopState.BLOCKED})


@dataclass(frozen=True, slots=True)
class Status:
    """`to_read` is what came in and is not worked off, of everybody; `to_tell` is this seller's own.

    `unknown_words` counts words of this seller's platforms that we do not know, `unknown_fields` what their
    answers have that their documents do not name.
    """

    shops: tuple[Shop, ...]
    ended: int
    troubled: int
    to_read: int
    to_tell: int
    unknown_words: int
    unknown_fields: int
    as_of: datetime | None
    version: str
    is_demo: bool
    pause: Pause | None = None
    resting: tuple[str, ...] = ()
    """The names of shops that are on holiday."""

    @property
    def is_well(self) -> bool:
        return not self.ended and not self.troubled and not self.pause


class StatusService:
    def __init__(self, db: Database, clock: Clock, version: str) -> None:
        self._db = db
        self._clock = clock
        self._version = version

    async def look(self, visitor: Visitor) -> Status:
        now = self._clock()

        def work(conn: Connection) -> Status:
            shops = Shops(conn, visitor.seller_id).all()
            odd = {
                place: words
                for place, (words, _) in figures.oddities(conn).items()
                if place[0] in {shop.platform for shop in shops}
            }
            resting = HolidayRows(conn, visitor.seller_id).resting()
            return Status(
                shops=tuple(shops),
                ended=sum(shop.state in ENDED for shop in shops),
                troubled=sum(bool(shop.trouble) and shop.state not in ENDED for shop in shops),
                to_read=_waiting(figures.inbox_states(conn)),
                to_tell=figures.due_of(conn, visitor.seller_id, now),
                unknown_words=sum(words for (_, place), words in odd.items() if place not in OF_FIELDS),
                unknown_fields=sum(words for (_, place), words in odd.items() if place in OF_FIELDS),
                as_of=oldest_sync(shops),
                version=self._version,
                is_demo=any(shop.is_simulated for shop in shops),
                pause=Pauses(conn, visitor.seller_id).find(),
                resting=tuple(shop.name for shop in shops if shop.id in resting),
            )

        return await self._db.read(work)


def _waiting(states: Mapping[tuple[str, str], int]) -> int:
    return sum(count for (_, state), count in states.items() if state == "new")
