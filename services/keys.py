"""The host's master keys in use: what is under which, and moving everything to the first (R14)."""

from collections.abc import Callable

from storage.database import Database
from storage.vault import Vault

BATCH = 25
"""Owners in one transaction: a killed run loses no more, and a running bot waits for no more."""


class KeyService:
    def __init__(self, db: Database, vault: Vault) -> None:
        self._db = db
        self._vault = vault

    async def rotate(self, progress: Callable[[int], None]) -> int:
        """Bring all secrets under the first key; return how many owners had to move.

        May be killed anywhere and run again, and may run beside a bot that was started with the same keys.
        """
        moved = 0
        while batch := await self._db.write(lambda conn: self._vault.rotate(conn, BATCH), "keys.rotate"):
            moved += batch
            progress(moved)
        return moved

    async def under(self) -> dict[str, int]:
        """Count secrets by the key they are under."""
        return await self._db.read(self._vault.under)

    async def unreadable(self) -> int:
        """Count the secrets that do not open under the keys that are given."""
        return await self._db.read(self._vault.unreadable)

    async def retire(self, key_id: str) -> None:
        """Forget a key that nothing is under; raises ConfigurationError while something is."""
        await self._db.write(lambda conn: self._vault.retire(conn, key_id), "keys.retire")
