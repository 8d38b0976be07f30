"""The world's clock: real time with an offset, or standing still, so that a test can let thirty days pass."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Clock:
    def __init__(self, frozen_at: datetime | None = None) -> None:
        self._offset = timedelta()
        self._frozen_at = frozen_at
        self._listeners: list[Callable[[], None]] = []

    def now(self) -> datetime:
        if self._frozen_at is not None:
            return self._frozen_at
        return datetime.now(UTC) + self._offset

    def epoch(self) -> int:
        return int(self.now().timestamp())

    @property
    def is_frozen(self) -> bool:
        return self._frozen_at is not None

    def advance(self, by: timedelta) -> None:
        if self._frozen_at is not None:
            self._frozen_at += by
        else:
            self._offset += by
        self._tell()

    def set(self, at: datetime) -> None:
        self.advance(at - self.now())

    def freeze(self) -> None:
        self._frozen_at = self.now()
        self._tell()

    def resume(self) -> None:
        """Run on from the moment the clock stood at."""
        if self._frozen_at is not None:
            self._offset = self._frozen_at - datetime.now(UTC)
            self._frozen_at = None
        self._tell()

    def on_change(self, listener: Callable[[], None]) -> None:
        """Call `listener` whenever somebody moves the clock; passing time alone does not."""
        self._listeners.append(listener)

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()
