"""What each view hears: chosen, snoozed, and kept quiet at night."""

from collections.abc import Callable
from datetime import timedelta

from domain import alerts as rules
from domain.alerts import Alert, Loudness, Preferences, QuietHours
from domain.chats import Visitor
from domain.clock import Clock
from domain.errors import NotAllowed
from domain.people import Role
from services.decisions import need
from storage.database import Connection, Database
from storage.repositories import alerts as stored

SNOOZE = {Alert.LOW_STOCK: timedelta(days=1)}
USUAL_SNOOZE = timedelta(hours=1)


class AlertService:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def preferences(self, visitor: Visitor) -> Preferences:
        return await self._db.read(lambda conn: stored.preferences(conn, visitor.view.id))

    async def choose(self, visitor: Visitor, alert: Alert, loudness: Loudness) -> Preferences:
        """Say how loudly an alert comes here. Raises NotAllowed("alert_needed") for what must not be off."""
        if not rules.is_allowed(alert, loudness):
            raise NotAllowed("alert_needed")
        return await self._set(visitor, lambda conn, view: stored.choose(conn, view, alert, loudness))

    async def be_quiet(self, visitor: Visitor, hours: QuietHours | None) -> Preferences:
        return await self._set(visitor, lambda conn, view: stored.be_quiet(conn, view, hours))

    async def snooze(self, visitor: Visitor, alert: Alert) -> Preferences:
        """Hush an alert here for a while; it still comes, without sound."""
        until = self._clock() + SNOOZE.get(alert, USUAL_SNOOZE)
        return await self._set(visitor, lambda conn, view: stored.snooze(conn, view, alert, until))

    async def wake(self, visitor: Visitor, alert: Alert) -> Preferences:
        """End a snooze before its time."""
        return await self._set(visitor, lambda conn, view: stored.snooze(conn, view, alert, None))

    async def _set(self, visitor: Visitor, write: Callable[[Connection, str], None]) -> Preferences:
        """Write what one person chooses for himself; in a group it takes a manager."""
        if visitor.chat.kind != "private":
            need(visitor, Role.MANAGER)

        def work(conn: Connection) -> Preferences:
            write(conn, visitor.view.id)
            return stored.preferences(conn, visitor.view.id)

        return await self._db.write(work, "alerts.set")
