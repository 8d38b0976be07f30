"""The step of a scare: everything is stopped by one button, held over a kill, and sent once after it."""

from tests.tour.steps import propose
from tests.tour.walk import Walk


async def paused(walk: Walk) -> None:
    """A price approved while all sending is paused waits, also over a kill, and is live after the resume."""
    before = await walk.price_in_shop()
    after, sent = before * 98 // 100, await _sent(walk)
    screen = await walk.phone.sees("Nothing is paused", after=await walk.phone.say("/pause"))
    await walk.phone.press(screen, "^Pause all")
    await walk.phone.sees_in(screen, "All sending is paused")
    card = await propose(walk, after)
    await walk.phone.press(card, "^Approve")
    await walk.phone.sees_in(card, "Approved, held")
    await walk.stage.kill_bot()
    await walk.stage.start_bot()
    home = await walk.phone.sees("Sending is paused since", after=await walk.phone.say("/start"))
    assert (await walk.price_in_shop(), await _sent(walk)) == (before, sent), "sent while paused"
    await walk.phone.press(home, "^Resume…")
    await walk.phone.press(await walk.phone.sees_in(home, "Waiting: prices 1"), "^Resume:")
    await walk.phone.sees_in(home, "Nothing is paused")
    await walk.phone.sees_in(card, "read back")
    assert (await walk.price_in_shop(), await _sent(walk)) == (after, sent + 1)


async def _sent(walk: Walk) -> int:
    return len(await walk.stage.seller.calls("/product/update_price"))


PAUSE_STEPS = (("/pause holds an approved price over a kill, resuming sends it once", paused),)
