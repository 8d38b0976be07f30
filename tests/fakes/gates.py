"""A gate in the way of one call, for tests of what happens meanwhile."""

import asyncio
from dataclasses import dataclass, field


@dataclass
class Gate:
    """Holds one call up, before its effect or after it: `reached` is set when it is there, `open` lets it go on."""

    is_done: bool = False
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    open: asyncio.Event = field(default_factory=asyncio.Event)

    async def passed(self) -> None:
        self.reached.set()
        await self.open.wait()
