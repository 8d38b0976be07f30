"""Platform apps: seeded from the settings, then rows; read often, so kept in memory between writes."""

from collections.abc import Sequence

from domain.clock import Clock
from domain.errors import NotFound
from domain.shops import PlatformApp
from storage.database import Connection, Database
from storage.repositories.apps import Apps
from storage.vault import Vault


class AppService:
    def __init__(self, db: Database, clock: Clock, vault: Vault) -> None:
        self._db = db
        self._clock = clock
        self._vault = vault
        self._known: dict[str, PlatformApp] | None = None

    async def seed(self, apps: Sequence[PlatformApp]) -> list[PlatformApp]:
        """Write the apps that the settings name; what they change is taken over."""
        now = self._clock()

        def work(conn: Connection) -> list[PlatformApp]:
            repository = Apps(conn, self._vault)
            return [repository.save(each, now) for each in apps]

        saved = await self._db.write(work, "apps.seed")
        self._known = None
        return saved

    async def all(self) -> list[PlatformApp]:
        if self._known is None:
            found = await self._db.read(lambda conn: Apps(conn, self._vault).all())
            self._known = {each.id: each for each in found}
        return list(self._known.values())

    async def get(self, app_id: str) -> PlatformApp | None:
        await self.all()
        return (self._known or {}).get(app_id)


def app_in(conn: Connection, vault: Vault, app_id: str) -> PlatformApp:
    """Return an app inside somebody's transaction."""
    app = Apps(conn, vault).get(app_id)
    if app is None:
        raise NotFound("app_unknown")
    return app
