"""Pushes of the platform in memory that were not delivered: kept until they are confirmed."""

from domain.platform import Hint, LostPushes, PushHealth, PushState
from domain.shops import PlatformApp

PAGE = 2


class LostStore:
    """`keep` loses a push; pages are of two, and marks count what was ever lost."""

    def __init__(self) -> None:
        self._lost: list[tuple[int, Hint]] = []
        self._count = 0
        self.confirmed: list[str] = []
        self.push_state = PushHealth(PushState.NORMAL)

    def keep(self, hint: Hint) -> None:
        self._count += 1
        self._lost.append((self._count, hint))

    async def push_health(self, app: PlatformApp) -> PushHealth:
        return self.push_state

    async def lost(self, app: PlatformApp) -> LostPushes:
        page = self._lost[:PAGE]
        mark = str(page[-1][0]) if page else ""
        return LostPushes(tuple(hint for _, hint in page), mark, has_more=len(self._lost) > PAGE)

    async def confirm_lost(self, app: PlatformApp, mark: str) -> None:
        self.confirmed.append(mark)
        self._lost = [each for each in self._lost if each[0] > int(mark)]
