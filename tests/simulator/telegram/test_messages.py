"""Sending, editing and deleting: what Telegram does and what it refuses."""

from typing import Any

import pytest

from tests.simulator.telegram.partners import BotSide, Json, MovedClock, Phone

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the"
    " same as a current content and reply markup of the message"
)


def keys(*words: str) -> Json:
    return {"inline_keyboard": [[{"text": word, "callback_data": word} for word in words]]}


async def test_message_has_the_fields_of_the_bot_api(bot: BotSide, phone: Phone, clock: MovedClock) -> None:
    sent = await bot.ok("sendMessage", chat_id=phone.user_id, text="Hi")
    assert sent == {
        "message_id": 1,
        "from": {"id": 7123456789, "is_bot": True, "first_name": "Packer", "username": "PackerBot"},
        "chat": {"id": phone.user_id, "first_name": "Sari", "type": "private"},
        "date": int(clock.now),
        "text": "Hi",
    }


async def test_edit_replaces_text_and_drops_the_keyboard(
    bot: BotSide, phone: Phone, clock: MovedClock
) -> None:
    sent = await bot.ok("sendMessage", chat_id=phone.user_id, text="old", reply_markup=keys("a"))
    clock.move(60)
    edited = await bot.ok(
        "editMessageText",
        chat_id=phone.user_id,
        message_id=sent["message_id"],
        text="<b>new</b>",
        parse_mode="HTML",
    )
    assert (edited["text"], edited["date"], edited["edit_date"]) == ("new", sent["date"], sent["date"] + 60)
    (shown,) = await phone.sees()
    assert (shown["html"], shown["buttons"], shown["edit_date"]) == ("<b>new</b>", [], sent["date"] + 60)


async def test_keyboard_alone_is_edited_without_a_mark(bot: BotSide, phone: Phone) -> None:
    sent = await bot.ok("sendMessage", chat_id=phone.user_id, text="x", reply_markup=keys("a"))
    target = {"chat_id": phone.user_id, "message_id": sent["message_id"]}
    await bot.ok("editMessageReplyMarkup", reply_markup=keys("b", "c"), **target)
    (shown,) = await phone.sees()
    assert [button["text"] for button in shown["buttons"][0]] == ["b", "c"]
    assert shown["edit_date"] is None
    await bot.ok("editMessageReplyMarkup", **target)
    assert (await phone.sees())[0]["buttons"] == []


@pytest.mark.parametrize(
    ("method", "change"),
    [
        ("editMessageText", {"text": "<b>x</b>", "parse_mode": "HTML", "reply_markup": keys("a")}),
        ("editMessageReplyMarkup", {"reply_markup": keys("a")}),
    ],
)
async def test_same_content_is_not_modified(
    method: str, change: dict[str, Any], bot: BotSide, phone: Phone
) -> None:
    sent = await bot.ok(
        "sendMessage", chat_id=phone.user_id, text="<b>x</b>", parse_mode="HTML", reply_markup=keys("a")
    )
    answer = await bot.refused(method, chat_id=phone.user_id, message_id=sent["message_id"], **change)
    assert answer == (400, NOT_MODIFIED)


async def test_only_own_editable_messages_are_edited(bot: BotSide, phone: Phone) -> None:
    theirs = (await phone.says("mine"))["message_id"]
    forced = await bot.ok("sendMessage", chat_id=phone.user_id, text="?", reply_markup={"force_reply": True})
    for message_id in (theirs, forced["message_id"]):
        answer = await bot.refused("editMessageText", chat_id=phone.user_id, message_id=message_id, text="x")
        assert answer == (400, "Bad Request: message can't be edited")


@pytest.mark.parametrize(
    ("target", "text"),
    [
        ({}, "Bad Request: message identifier is not specified"),
        ({"message_id": 1}, "Bad Request: chat_id is empty"),
        ({"inline_message_id": "abc"}, "Bad Request: MESSAGE_ID_INVALID"),
    ],
)
async def test_edit_needs_a_target(target: Json, text: str, bot: BotSide) -> None:
    assert await bot.refused("editMessageText", text="x", **target) == (400, text)


async def test_deleted_message_is_gone_everywhere(bot: BotSide, phone: Phone) -> None:
    sent = await bot.ok("sendMessage", chat_id=phone.user_id, text="x")
    target = {"chat_id": phone.user_id, "message_id": sent["message_id"]}
    await bot.ok("deleteMessage", **target)
    assert await phone.sees() == []
    assert await bot.refused("deleteMessage", **target) == (400, "Bad Request: message to delete not found")
    assert await bot.refused("editMessageText", text="y", **target) == (
        400,
        "Bad Request: message to edit not found",
    )


async def test_messages_older_than_two_days_stay(bot: BotSide, phone: Phone, clock: MovedClock) -> None:
    sent = await bot.ok("sendMessage", chat_id=phone.user_id, text="x")
    clock.move(48 * 3600 + 1)
    answer = await bot.refused("deleteMessage", chat_id=phone.user_id, message_id=sent["message_id"])
    assert answer == (400, "Bad Request: message can't be deleted")


async def test_many_are_deleted_and_missing_ones_passed_over(bot: BotSide, phone: Phone) -> None:
    ids = [(await phone.says(str(n)))["message_id"] for n in range(3)]
    await bot.ok("deleteMessages", chat_id=phone.user_id, message_ids=[ids[0], ids[2], 999])
    assert [message["message_id"] for message in await phone.sees()] == [ids[1]]
    too_many = await bot.refused("deleteMessages", chat_id=phone.user_id, message_ids=list(range(1, 102)))
    assert too_many == (400, "Bad Request: too many message identifiers specified")


async def test_others_messages_in_a_group_need_an_administrator(bot: BotSide, phone: Phone) -> None:
    chat_id = await phone.group()
    said = await phone.says("/x", chat_id)
    answer = await bot.refused("deleteMessage", chat_id=chat_id, message_id=said["message_id"])
    assert answer == (400, "Bad Request: message can't be deleted")
    await phone.patch(f"chats/{chat_id}", action="admin")
    await bot.ok("deleteMessage", chat_id=chat_id, message_id=said["message_id"])


async def test_reply_shows_what_it_answers(bot: BotSide, phone: Phone) -> None:
    said = await phone.says("question")
    sent = await bot.ok(
        "sendMessage",
        chat_id=phone.user_id,
        text="answer",
        reply_parameters={"message_id": said["message_id"]},
    )
    assert sent["reply_to_message"]["text"] == "question"
    assert (await phone.sees())[-1]["reply_to"] == said["message_id"]
    lost = {"message_id": 999, "allow_sending_without_reply": True}
    sent = await bot.ok("sendMessage", chat_id=phone.user_id, text="anyway", reply_parameters=lost)
    assert "reply_to_message" not in sent


async def test_typing_ends_after_five_seconds_or_with_the_message(
    bot: BotSide, phone: Phone, clock: MovedClock
) -> None:
    async def is_typing() -> bool:
        shown = await phone.get(f"chats/{phone.user_id}/messages")
        return bool(shown["typing"])

    await bot.ok("sendChatAction", chat_id=phone.user_id, action="typing")
    assert await is_typing()
    clock.move(5)
    assert not await is_typing()
    await bot.ok("sendChatAction", chat_id=phone.user_id, action="typing")
    await bot.ok("sendMessage", chat_id=phone.user_id, text="x")
    assert not await is_typing()


async def test_pinning_is_seen_and_announced(bot: BotSide, phone: Phone) -> None:
    first = (await bot.ok("sendMessage", chat_id=phone.user_id, text="one"))["message_id"]
    second = (await bot.ok("sendMessage", chat_id=phone.user_id, text="two"))["message_id"]
    for message_id in (first, second):
        await bot.ok(
            "pinChatMessage", chat_id=phone.user_id, message_id=message_id, disable_notification=True
        )
    shown = await phone.get(f"chats/{phone.user_id}/messages")
    assert shown["pinned_message_id"] == second
    assert shown["messages"][-1]["service"] == "Packer pinned a message"
    assert (await bot.ok("getChat", chat_id=phone.user_id))["pinned_message"]["text"] == "two"
    await bot.ok("unpinChatMessage", chat_id=phone.user_id)
    assert (await phone.get(f"chats/{phone.user_id}/messages"))["pinned_message_id"] == first
    await bot.ok("unpinAllChatMessages", chat_id=phone.user_id)
    assert (await phone.get(f"chats/{phone.user_id}/messages"))["pinned_message_id"] is None


async def test_pinning_in_a_group_needs_an_administrator(bot: BotSide, phone: Phone) -> None:
    chat_id = await phone.group("supergroup")
    sent = await bot.ok("sendMessage", chat_id=chat_id, text="x")
    target = {"chat_id": chat_id, "message_id": sent["message_id"]}
    answer = await bot.refused("pinChatMessage", **target)
    assert answer == (400, "Bad Request: not enough rights to manage pinned messages in the chat")
    await phone.patch(f"chats/{chat_id}", action="admin")
    await bot.ok("pinChatMessage", **target)


async def test_web_app_button_belongs_in_a_private_chat(bot: BotSide, phone: Phone) -> None:
    chat_id = await phone.group()
    keyboard = {"inline_keyboard": [[{"text": "Open", "web_app": {"url": "https://example.com/"}}]]}
    answer = await bot.refused("sendMessage", chat_id=chat_id, text="x", reply_markup=keyboard)
    assert answer == (400, "Bad Request: BUTTON_TYPE_INVALID")
    await bot.ok("sendMessage", chat_id=phone.user_id, text="x", reply_markup=keyboard)
