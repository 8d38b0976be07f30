"""python-telegram-bot against the simulator: every call the bot makes, every object it reads."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import telegram
from telegram import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    LinkPreviewOptions,
    ReplyParameters,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
)
from telegram.request import HTTPXRequest

from simulator.telegram.server import TelegramSimulator
from tests.simulator.telegram.conftest import NO_TLS
from tests.simulator.telegram.partners import TOKEN, BotSide, Phone, png

KEYBOARD = InlineKeyboardMarkup(
    [
        [
            InlineKeyboardButton("Approve", callback_data="ok", style="success"),
            InlineKeyboardButton("Open", url="http://127.0.0.1:8080/x"),
        ],
        [InlineKeyboardButton("Copy", copy_text=CopyTextButton("JX4412"))],
    ]
)


def request() -> HTTPXRequest:
    return HTTPXRequest(read_timeout=15, connect_timeout=15, httpx_kwargs={"verify": NO_TLS})


@pytest.fixture
async def library(simulator: TelegramSimulator) -> AsyncIterator[telegram.Bot]:
    bot = telegram.Bot(
        TOKEN,
        base_url=f"{simulator.url}/bot",
        base_file_url=f"{simulator.url}/file/bot",
        request=request(),
        get_updates_request=request(),
    )
    async with bot:
        yield bot


async def test_every_call_of_the_bot_is_understood(library: telegram.Bot, phone: Phone) -> None:
    chat_id = phone.user_id
    assert (await library.get_me()).username == "PackerBot"
    assert await library.delete_webhook(drop_pending_updates=False)
    assert await library.set_my_commands(
        [BotCommand("orders", "To pack")], BotCommandScopeAllPrivateChats(), "id"
    )
    assert await library.send_chat_action(chat_id, "typing")
    sent = await library.send_message(
        chat_id,
        "<b>New order</b> 😀 <blockquote expandable>lines</blockquote>",
        parse_mode="HTML",
        reply_markup=KEYBOARD,
        disable_notification=True,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        reply_parameters=ReplyParameters(99, allow_sending_without_reply=True),
    )
    assert [entity.type for entity in sent.entities] == ["bold", "expandable_blockquote"]
    assert sent.reply_markup == KEYBOARD
    edited = await library.edit_message_text("Shipped", chat_id, sent.message_id, reply_markup=KEYBOARD)
    assert isinstance(edited, telegram.Message)
    assert edited.text == "Shipped"
    assert await library.edit_message_reply_markup(chat_id, sent.message_id)
    photo = await library.send_photo(
        chat_id, png(400, 300), caption="<i>chart</i>", parse_mode="HTML", filename="c.png"
    )
    assert photo.photo[-1].width == 400
    document = await library.send_document(chat_id, b"a,b\n", filename="orders.csv", caption="1 row")
    assert document.document is not None
    file = await library.get_file(document.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"a,b\n"
    assert await library.pin_chat_message(chat_id, sent.message_id, disable_notification=True)
    assert await library.edit_message_media(InputMediaPhoto(png(8, 8)), chat_id, photo.message_id)
    assert await library.edit_message_caption(chat_id, photo.message_id, caption="new")
    assert len(await library.send_media_group(chat_id, [InputMediaPhoto(png()), InputMediaPhoto(png())])) == 2
    assert await library.unpin_chat_message(chat_id, sent.message_id)
    assert await library.delete_message(chat_id, sent.message_id)
    assert await library.delete_messages(chat_id, [photo.message_id, document.message_id])
    assert await phone.violations() == []


async def test_profile_and_chat_calls_are_understood(library: telegram.Bot, phone: Phone) -> None:
    chat_id = await phone.group("supergroup")
    assert await library.set_my_name("Packer")
    assert await library.set_my_description("Packs", language_code="id")
    assert await library.set_my_short_description("Packs")
    assert (await library.get_my_name()).name == "Packer"
    assert (await library.get_my_description("id")).description == "Packs"
    assert (await library.get_my_short_description()).short_description == "Packs"
    assert (await library.get_chat(chat_id)).title == "Packers"
    assert (await library.get_chat(phone.user_id)).first_name == "Sari"
    assert (await library.get_chat_member(chat_id, phone.user_id)).status == "creator"
    assert [member.user.id for member in await library.get_chat_administrators(chat_id)] == [phone.user_id]
    await phone.patch(f"chats/{chat_id}", action="admin")
    assert (await library.get_chat_member(chat_id, library.id)).status == "administrator"
    assert await phone.violations() == []


async def test_webhook_calls_are_understood(library: telegram.Bot, phone: Phone) -> None:
    assert await library.set_webhook("http://127.0.0.1:9/", secret_token="s", allowed_updates=["message"])
    info = await library.get_webhook_info()
    assert (info.url, info.pending_update_count, info.allowed_updates) == (
        "http://127.0.0.1:9/",
        0,
        ("message",),
    )
    assert await library.delete_webhook()
    assert await phone.violations() == []


async def test_press_is_read_and_answered(library: telegram.Bot, phone: Phone) -> None:
    sent = await library.send_message(phone.user_id, "x", reply_markup=KEYBOARD)
    press = asyncio.create_task(phone.presses(sent.message_id, "Approve"))
    (update,) = await library.get_updates(timeout=10)
    query = update.callback_query
    assert query is not None
    assert (query.data, query.from_user.first_name) == ("ok", "Sari")
    assert isinstance(query.message, telegram.Message)
    await query.answer("Approved")
    await query.edit_message_text("Done")
    assert (await press)["text"] == "Approved"
    assert (await phone.sees())[0]["text"] == "Done"


async def everything_said(phone: Phone) -> int:
    """Make one update of every kind that is emitted; return their number."""
    said = await phone.says("/start abc")
    await phone.patch(
        "messages", chat_id=phone.user_id, message_id=said["message_id"], user_id=phone.user_id, text="b"
    )
    await phone.sends_file("a.csv", "text/csv", b"x")
    await phone.sends_file("a.png", "image/png", png(400, 300), caption="c")
    await phone.patch(f"chats/{phone.user_id}", action="block")
    await phone.patch(f"chats/{phone.user_id}", action="unblock")
    group = await phone.group()
    budi = await phone.person("Budi")
    for action in ("admin", "add_member", "remove_member", "migrate"):
        user = {"user_id": budi} if "member" in action else {}
        await phone.patch(f"chats/{group}", action=action, **user)
    forum = await phone.group("supergroup", is_forum=True)
    await phone.says("/x", forum, thread_id=5)
    await phone.patch(f"chats/{forum}", action="kick_bot")
    return 18


async def test_every_emitted_update_is_parsed_whole(
    library: telegram.Bot, bot: BotSide, phone: Phone
) -> None:
    expected = await everything_said(phone)
    raw = await bot.updates()
    assert len(raw) == expected
    for body in raw:
        update = telegram.Update.de_json(body, library)
        (kind,) = set(body) - {"update_id"}
        part = getattr(update, kind)
        assert part is not None
        assert not update.api_kwargs
        assert not unknown_fields(part)


def unknown_fields(part: telegram.TelegramObject) -> dict[str, Any]:
    """Return what the library does not know, but for two old names that Telegram still sends."""
    old = {
        "new_chat_participant",
        "left_chat_participant",
        "new_chat_member",
        "all_members_are_administrators",
    }
    return {name: value for name, value in part.api_kwargs.items() if name not in old}


async def test_refusals_become_the_librarys_errors(
    library: telegram.Bot, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # the other type of RetryAfter.retry_after is deprecated
    with pytest.raises(BadRequest, match="Chat not found"):
        await library.send_message(5, "x")
    group = await phone.group()
    new = (await phone.patch(f"chats/{group}", action="migrate"))["chat"]["id"]
    with pytest.raises(ChatMigrated) as moved:
        await library.send_message(group, "x")
    assert moved.value.new_chat_id == new
    await phone.patch(f"chats/{phone.user_id}", action="block")
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await library.send_message(phone.user_id, "x")
    await phone.post("faults", kind="429", retry_after=3)
    with pytest.raises(RetryAfter):
        await library.get_me()
    for kind, error in (
        ("401", InvalidToken),
        ("409", Conflict),
        ("500", NetworkError),
        ("502_html", NetworkError),
    ):
        await phone.post("faults", kind=kind)
        with pytest.raises(error):
            await library.get_me()


async def test_server_stops_while_a_poll_waits(simulator: TelegramSimulator, http: httpx.AsyncClient) -> None:
    bot = BotSide(http)
    poll = asyncio.create_task(bot.updates(timeout=30))
    assert (await bot.ok("getMe"))["is_bot"] is True
    simulator.engine.closing.set()
    assert await asyncio.wait_for(poll, 10) == []
