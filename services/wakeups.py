"""Bells between rooms of one process: what is ready wakes its worker at once, the tick is only the net."""

import asyncio


class Wakeups:
    """`updates`: the inbox has Telegram updates; `outbox`: something waits to be said."""

    def __init__(self) -> None:
        self.updates = asyncio.Event()
        self.outbox = asyncio.Event()
