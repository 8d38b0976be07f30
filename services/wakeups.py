"""Bells: what is ready wakes its worker at once, the tick is only the net.

Between processes PostgreSQL rings `outbox` (`Database.listen`): the bot tells what a worker wrote.
"""

import asyncio


class Wakeups:
    """`updates`: the inbox has Telegram updates; `outbox`: something waits to be said."""

    def __init__(self) -> None:
        self.updates = asyncio.Event()
        self.outbox = asyncio.Event()
