"""The step of a bad day: the file is lost, a backup of the night is brought into a new process."""

from tests.tour.steps import propose
from tests.tour.walk import Walk


async def backup_and_restore(walk: Walk) -> None:
    """A backup is taken while StoreSync runs, its database is lost, the backup comes back: nothing is sent twice."""
    before = await walk.price_in_shop()
    card = await propose(walk, before * 97 // 100)
    await walk.phone.press(card, "^Approve")
    await walk.phone.sees_in(card, "read back")
    backup = walk.stage.folder / "night.backup"
    await walk.stage.command("backup", str(backup))
    await walk.stage.stop_bot()
    for file in walk.stage.folder.glob("storesync.db*"):
        file.unlink()
    await walk.stage.command("restore", str(backup))
    sent, rung = await _sent(walk), await _rung(walk)
    await walk.stage.start_bot()
    await walk.phone.sees("Restored from a backup", within_s=60)
    placed = await walk.stage.seller.order(walk.model["item_id"], walk.model["model_id"])
    await walk.phone.sees("ew order", placed["order_sn"][-5:], within_s=120)  # what comes next rings again
    assert await _sent(walk) == sent, "a price was sent again"
    again = [
        words for words in await _rung(walk) if words not in rung and placed["order_sn"][-5:] not in words
    ]
    assert not again, again
    home = await walk.phone.sees("nothing is sent to your shops", after=await walk.phone.say("/start"))
    await walk.phone.press(home, "^Resume…")
    await walk.phone.press(await walk.phone.sees_in(home, "restored from a backup"), "^Resume:")
    await walk.phone.sees_in(home, "Nothing is paused")


async def _sent(walk: Walk) -> int:
    return len(await walk.stage.seller.calls("/product/update_price"))


async def _rung(walk: Walk) -> set[str]:
    """Return the messages of new orders that the seller's phone shows."""
    return {one.text for one in await walk.phone.messages() if "ew order" in one.text}


RESTORE_STEPS = (("the database is lost, a backup is restored: nothing is sent twice", backup_and_restore),)
