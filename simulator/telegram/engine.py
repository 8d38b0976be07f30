"""The parts of one running simulator, and the call that a method works on."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from simulator.telegram.calls import CallLog
from simulator.telegram.events import EventStream
from simulator.telegram.faults import FaultRules
from simulator.telegram.params import Upload
from simulator.telegram.polling import Poller
from simulator.telegram.profile import Profile
from simulator.telegram.rates import RateLimits
from simulator.telegram.records import Json, User
from simulator.telegram.schema import CheckedCall
from simulator.telegram.updates import UpdateQueue
from simulator.telegram.webhook import Webhook
from simulator.telegram.world import World

QUERY_LIFETIME_S: Final = 15.0


@dataclass(slots=True)
class Call:
    """A checked call with its files."""

    checked: CheckedCall
    uploads: dict[str, Upload] = field(default_factory=dict)

    @property
    def args(self) -> Json:
        return self.checked.args

    def get(self, name: str, default: Any = None) -> Any:
        value = self.checked.args.get(name)
        return default if value is None else value


class Engine:
    """Everything the Bot API side and the client side share."""

    def __init__(self, *, token: str, bot_username: str, seed: int, clock: Callable[[], float]) -> None:
        source = random.Random(seed)
        bot_id = int(token.partition(":")[0])
        bot = User(bot_id, bot_username.removesuffix("Bot") or "Bot", username=bot_username, is_bot=True)
        self.token = token
        self.clock = clock
        self.query_lifetime_s = QUERY_LIFETIME_S
        self.has_privacy_mode = True
        self.world = World(bot, seed=seed, clock=clock)
        self.updates = UpdateQueue(source, clock)
        self.events = EventStream()
        self.calls = CallLog()
        self.faults = FaultRules(source)
        self.rates = RateLimits(clock)
        self.poller = Poller(self.updates, self.rates)
        self.webhook = Webhook(self.updates, clock, source)
        self.profile = Profile()
        self.closing = asyncio.Event()
        self.next_webhook_at = 0.0

    def reset(self) -> None:
        """Forget messages, calls, violations, faults and waiting updates; keep the people and chats."""
        self.world.forget_messages()
        self.updates.drop_pending()
        self.updates.lose = self.updates.double = 0
        self.calls.clear()
        self.faults.clear()
        self.rates.switch(is_on=False)
