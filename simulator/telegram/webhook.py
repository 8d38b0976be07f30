"""Webhook delivery: one update at a time in each queue, retried until its lifetime ends."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import httpx

from simulator.telegram.records import Json
from simulator.telegram.updates import Update, UpdateQueue

HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"
READ_TIMEOUT_S: Final = 60.0
MAX_RETRY_AFTER_S: Final = 3600
GONE_S: Final = 23 * 3600.0


@dataclass(slots=True)
class WebhookSetting:
    url: str
    secret: str = ""
    max_connections: int = 40
    ip_address: str = ""
    has_certificate: bool = False


@dataclass(slots=True)
class _Lane:
    """The updates of one queue that wait for their turn."""

    updates: list[Update] = field(default_factory=list)
    task: asyncio.Task[None] | None = None


class Webhook:
    """`retry_unit_s` is the second of the retry delays; tests make it shorter."""

    def __init__(self, updates: UpdateQueue, clock: Callable[[], float], source: random.Random) -> None:
        self._updates = updates
        self._clock = clock
        self._random = source
        self._lanes: dict[str, _Lane] = {}
        self._pump: asyncio.Task[None] | None = None
        self._gone_since: float | None = None
        self.retry_unit_s = 1.0
        self.setting: WebhookSetting | None = None
        self.last_error: tuple[int, str] | None = None

    def start(self, setting: WebhookSetting) -> None:
        self.setting = setting
        self.last_error = None
        self._gone_since = None
        self._pump = asyncio.create_task(self._run(setting))

    async def stop(self) -> None:
        """Stop delivering; what is not delivered stays pending."""
        self.setting = None
        lanes = [lane.task for lane in self._lanes.values()]
        tasks = [task for task in (self._pump, *lanes) if task and task is not asyncio.current_task()]
        self._lanes.clear()
        self._pump = None
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def info(self) -> Json:
        fields: Json = {
            "url": self.setting.url if self.setting else "",
            "has_custom_certificate": bool(self.setting and self.setting.has_certificate),
            "pending_update_count": len(self._updates.pending()),
        }
        if self.setting:
            fields["max_connections"] = self.setting.max_connections
            fields["ip_address"] = self.setting.ip_address or "127.0.0.1"
        if self.last_error:
            fields["last_error_date"], fields["last_error_message"] = self.last_error
        if self._updates.allowed is not None:
            fields["allowed_updates"] = sorted(self._updates.allowed)
        return fields

    async def _run(self, setting: WebhookSetting) -> None:
        slots = asyncio.Semaphore(setting.max_connections)
        known: set[int] = set()
        async with httpx.AsyncClient(timeout=READ_TIMEOUT_S, trust_env=False) as client:
            try:
                while True:
                    self._updates.arrived.clear()
                    pending = self._updates.pending()
                    known &= {id(update) for update in pending}
                    for update in pending:
                        if id(update) not in known:
                            known.add(id(update))
                            self._enqueue(update, client, slots, setting)
                    await self._updates.arrived.wait()
            finally:
                lanes = [lane.task for lane in self._lanes.values() if lane.task]
                for task in lanes:
                    task.cancel()
                await asyncio.gather(*lanes, return_exceptions=True)

    def _enqueue(
        self, update: Update, client: httpx.AsyncClient, slots: asyncio.Semaphore, setting: WebhookSetting
    ) -> None:
        lane = self._lanes.setdefault(update.queue, _Lane())
        copies = sum(waiting is update for waiting in self._updates.pending())
        lane.updates += [update] * copies
        if lane.task is None or lane.task.done():
            lane.task = asyncio.create_task(self._drain(lane, client, slots, setting))

    async def _drain(
        self, lane: _Lane, client: httpx.AsyncClient, slots: asyncio.Semaphore, setting: WebhookSetting
    ) -> None:
        while lane.updates:
            update = lane.updates[0]
            delay, fails = 1.0, 0
            while update.expires_at > self._clock():
                async with slots:
                    retry_after = await self._deliver(update, client, setting)
                if retry_after is None:
                    break
                if fails and not retry_after:
                    delay = min(self._random.uniform(60, 120), delay * 2)
                wait = retry_after or (delay if fails else 0.0)
                fails += 1
                await asyncio.sleep(wait * self.retry_unit_s)
            lane.updates.pop(0)
            self._updates.discard(update)

    async def _deliver(
        self, update: Update, client: httpx.AsyncClient, setting: WebhookSetting
    ) -> float | None:
        """Post one update; return None if it was taken, else how long the receiver asks to wait."""
        headers = {HEADER: setting.secret} if setting.secret else {}
        try:
            response = await client.post(setting.url, json=update.body, headers=headers)
        except httpx.HTTPError as error:
            self._failed(
                "Read timeout expired" if isinstance(error, httpx.TimeoutException) else "Connection refused"
            )
            return 0.0
        if response.is_success:
            self._gone_since = None
            return None
        self._failed(f"Wrong response from the webhook: {response.status_code} {response.reason_phrase}")
        self._note_gone(is_gone=response.status_code == httpx.codes.GONE)
        asked = response.headers.get("retry-after", "")
        return float(min(int(asked), MAX_RETRY_AFTER_S)) if asked.isdecimal() else 0.0

    def _failed(self, text: str) -> None:
        self.last_error = (int(self._clock()), text)

    def _note_gone(self, *, is_gone: bool) -> None:
        """Remove the webhook when its receiver has said 410 for 23 hours."""
        if not is_gone:
            self._gone_since = None
        elif self._gone_since is None:
            self._gone_since = self._clock()
        elif self._clock() > self._gone_since + GONE_S and self._pump:
            self._pump.cancel()
            self.setting = None
