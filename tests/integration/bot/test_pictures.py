"""Pictures on their way to Telegram: sent once, then named; a text becomes one; what is refused goes as words."""

import pytest
from telegram import Bot

from bot.lane import Post
from bot.screen import Button, Screen
from bot.sender import Sender
from services.photos import Photo
from simulator.telegram.server import TelegramSimulator
from simulator.world.drawing import draw
from simulator.world.raster import to_png
from tests.integration.bot.phone import Phone

PICTURE = to_png(draw("box", "#d0402b"), 64)
ROWS = ((Button("Back", "n1:goods"),),)


async def test_a_picture_is_uploaded_once_and_named_afterwards(
    telegram: TelegramSimulator, sender: Sender, sari: Phone, budi: Phone
) -> None:
    photo = Photo("listing", content=PICTURE)
    await sender.show(Post(sari.id, Screen("<b>42 left</b> · Lamp", ROWS, photo=photo)))
    assert photo.file_id
    named = Photo("listing", photo.file_id)
    await sender.show(Post(budi.id, Screen("42 left · Lamp", ROWS, photo=named)))
    assert named.file_id == photo.file_id
    shown = [person.messages[0] for person in (sari, budi)]
    assert [each["caption"] for each in shown] == ["42 left · Lamp"] * 2
    assert shown[0]["media"]["kind"] == "photo"
    assert shown[0]["media"] == shown[1]["media"]
    assert not telegram.engine.calls.violations()


async def test_words_become_a_picture_and_a_picture_turns_its_page(
    telegram: TelegramSimulator, sender: Sender, sari: Phone
) -> None:
    message_id = await sender.show(Post(sari.id, Screen("loading", ROWS)))
    photo = Photo("listing", content=PICTURE)
    assert await sender.show(Post(sari.id, Screen("page 1", ROWS, photo=photo), message_id)) == message_id
    for page in ("page 2", "page 2"):  # the same once more is no mistake
        again = Screen(page, ROWS, photo=Photo("listing", photo.file_id))
        assert await sender.show(Post(sari.id, again, message_id)) == message_id
    assert [each["caption"] for each in sari.messages] == ["page 2"]
    assert not telegram.engine.calls.violations()


async def test_a_gone_message_gets_its_picture_anew(bot: Bot, sender: Sender, sari: Phone) -> None:
    message_id = await sender.show(Post(sari.id, Screen("old")))
    await bot.delete_message(sari.id, message_id)
    photo = Photo("listing", content=PICTURE)
    assert await sender.show(Post(sari.id, Screen("new", photo=photo), message_id)) != message_id
    assert sari.messages[-1]["caption"] == "new"


@pytest.mark.parametrize(
    "photo", [Photo("listing", content=b"\xff\xd8\xff no picture"), Photo("listing", "AgACgone")]
)
@pytest.mark.parametrize("is_edit", [False, True])
async def test_what_telegram_does_not_show_goes_as_words(
    sender: Sender, sari: Phone, photo: Photo, *, is_edit: bool
) -> None:
    photo.is_refused = False
    message_id = await sender.show(Post(sari.id, Screen("old"))) if is_edit else None
    await sender.show(Post(sari.id, Screen("the words", ROWS, photo=photo), message_id))
    assert sari.texts == ["the words"]
    assert photo.is_refused


async def test_too_long_a_caption_goes_as_words(sender: Sender, sari: Phone) -> None:
    photo = Photo("listing", content=PICTURE)
    await sender.show(Post(sari.id, Screen("x" * 1025, photo=photo)))
    assert sari.texts == ["x" * 1025]
