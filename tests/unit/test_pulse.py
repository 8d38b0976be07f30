"""The heartbeat: chores are done again and again, one that fails holds up no other, and the last time at the end."""

import asyncio
import time

from domain.meters import Meters
from jobs.pulse import Pulse


async def test_chores_are_done_while_it_beats_and_once_more_at_the_end() -> None:
    done: list[str] = []
    twice = asyncio.Event()

    async def broken() -> None:
        done.append("broken")
        raise RuntimeError("canary")

    async def well() -> None:
        done.append("well")
        if done.count("well") == 2:
            twice.set()

    pulse = Pulse(Meters(), {"broken": broken, "well": well}, beat_s=0.001)
    await pulse.start()
    async with asyncio.timeout(10):
        await twice.wait()
    beaten = done.count("well")
    await pulse.stop()
    assert done.count("well") == done.count("broken") > beaten - 1
    assert done[-1] == "well"


async def test_a_late_loop_is_noticed() -> None:
    meters, looked = Meters(), asyncio.Event()
    seen: list[float] = []

    async def look() -> None:
        seen.append(meters.lag_s)
        if seen[-1] >= 0.05:
            looked.set()

    pulse = Pulse(meters, {"look": look}, beat_s=0.001)
    await pulse.start()
    await asyncio.sleep(0)
    end = time.monotonic() + 0.1
    while time.monotonic() < end:
        pass
    async with asyncio.timeout(10):
        await looked.wait()
    await pulse.stop()
