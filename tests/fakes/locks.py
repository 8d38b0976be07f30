"""What went through after a promotion, in memory."""

from dataclasses import dataclass, field
from datetime import datetime

from services.locks import Freed, LockEnd
from tests.unit.bot import records as r


@dataclass
class Locks:
    end: LockEnd = field(default_factory=lambda: LockEnd(r.shop(), (Freed(r.variant(), units=12),), 0))

    async def ended(self, seller_id: str, shop_id: str, until: datetime, since: datetime) -> LockEnd:
        return self.end
