"""What happened, told to everybody who watches: the web chat's event stream."""

import asyncio

from simulator.telegram.records import Json


class EventStream:
    def __init__(self) -> None:
        self._watchers: set[asyncio.Queue[tuple[str, Json]]] = set()

    def publish(self, name: str, **fields: object) -> None:
        for watcher in self._watchers:
            watcher.put_nowait((name, dict(fields)))

    def watch(self) -> asyncio.Queue[tuple[str, Json]]:
        watcher: asyncio.Queue[tuple[str, Json]] = asyncio.Queue()
        self._watchers.add(watcher)
        return watcher

    def leave(self, watcher: asyncio.Queue[tuple[str, Json]]) -> None:
        self._watchers.discard(watcher)
