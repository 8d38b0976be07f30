"""The audit as the host looks at it: every seller's chain, walked from its beginning to its head."""

from storage.database import Database
from storage.repositories.audit import ChainLook, verify_all


class AuditService:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def verify(self) -> list[ChainLook]:
        """Find rows that were deleted, altered, moved, or cut from the end, in all chains."""
        return await self._db.read(verify_all)
