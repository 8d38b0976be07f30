"""The client side: people, presses, command lists, what a phone shows."""

import asyncio
import json

import httpx
import pytest

from tests.simulator.telegram.partners import BotSide, Json, MovedClock, Phone, until

KEYBOARD = {
    "inline_keyboard": [
        [
            {"text": "Approve", "callback_data": "ok:1", "style": "success"},
            {"text": "Open", "url": "https://e.com/"},
        ],
        [{"text": "Copy", "copy_text": {"text": "JX4412"}}],
    ]
}


async def board(bot: BotSide, phone: Phone) -> int:
    sent = await bot.ok("sendMessage", chat_id=phone.user_id, text="Board", reply_markup=KEYBOARD)
    message_id: int = sent["message_id"]
    return message_id


async def pressed(bot: BotSide) -> Json:
    """Return the first press that arrives."""

    async def find() -> list[Json]:
        return [update for update in await bot.updates(timeout=5) if "callback_query" in update]

    query: Json = (await until(find))[0]["callback_query"]
    return query


async def test_buttons_are_shown_by_kind(bot: BotSide, phone: Phone) -> None:
    await board(bot, phone)
    (shown,) = await phone.sees()
    assert shown["buttons"] == [
        [
            {"text": "Approve", "kind": "callback", "data": "ok:1", "style": "success"},
            {"text": "Open", "kind": "url", "url": "https://e.com/"},
        ],
        [{"text": "Copy", "kind": "copy", "copy": "JX4412"}],
    ]


@pytest.mark.parametrize("button", ["Approve", "ok:1"])
async def test_press_waits_for_its_answer(button: str, bot: BotSide, phone: Phone) -> None:
    message_id = await board(bot, phone)
    press = asyncio.create_task(phone.presses(message_id, button))
    query = await pressed(bot)
    assert (query["data"], query["from"]["id"], query["message"]["text"]) == ("ok:1", phone.user_id, "Board")
    assert query["chat_instance"]
    await bot.ok("answerCallbackQuery", callback_query_id=query["id"], text="Approved", show_alert=True)
    answer = await press
    assert answer["query_id"] == query["id"]
    assert (answer["answered"], answer["text"], answer["show_alert"]) == (True, "Approved", True)


async def test_unanswered_press_gives_up(bot: BotSide, phone: Phone) -> None:
    message_id = await board(bot, phone)
    answer = await phone.presses(message_id, "Approve", wait_s=0.05)
    assert (answer["answered"], answer["text"]) == (False, None)


async def test_press_is_answered_once_and_in_time(bot: BotSide, phone: Phone, clock: MovedClock) -> None:
    message_id = await board(bot, phone)
    too_old = (400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    query_id = (await phone.presses(message_id, "Approve", wait_s=0))["query_id"]
    await bot.ok("answerCallbackQuery", callback_query_id=query_id)
    assert await bot.refused("answerCallbackQuery", callback_query_id=query_id) == too_old
    late = (await phone.presses(message_id, "Approve", wait_s=0))["query_id"]
    clock.move(16)
    assert await bot.refused("answerCallbackQuery", callback_query_id=late) == too_old


async def test_repeated_press_is_one_query_with_new_update_ids(bot: BotSide, phone: Phone) -> None:
    message_id = await board(bot, phone)
    await phone.presses(message_id, "Approve", wait_s=0, repeat=2)
    updates = await bot.updates()
    assert len({update["update_id"] for update in updates}) == 3
    assert len({update["callback_query"]["id"] for update in updates}) == 1


async def test_links_and_copies_need_no_bot(bot: BotSide, phone: Phone) -> None:
    message_id = await board(bot, phone)
    assert await phone.presses(message_id, "Open") == {"url": "https://e.com/"}
    assert await phone.presses(message_id, "Copy") == {"copied": "JX4412"}
    assert await bot.updates() == []


async def test_button_of_a_deleted_message_is_refused(bot: BotSide, phone: Phone) -> None:
    message_id = await board(bot, phone)
    await bot.ok("deleteMessage", chat_id=phone.user_id, message_id=message_id)
    body = {"chat_id": phone.user_id, "user_id": phone.user_id, "message_id": message_id, "button": "Approve"}
    answer = await phone.http.post("/client/presses", json=body)
    assert (answer.status_code, answer.json()) == (
        400,
        {"error": f"no message {message_id} in chat {phone.user_id}"},
    )


async def test_press_on_a_message_deleted_meanwhile_is_inaccessible(bot: BotSide, phone: Phone) -> None:
    message_id = await board(bot, phone)
    await phone.presses(message_id, "Approve", wait_s=0)
    (update,) = await bot.updates()
    assert update["callback_query"]["message"]["date"] > 0


@pytest.mark.parametrize(
    ("path", "body", "error"),
    [
        ("users", {}, "first_name is required"),
        ("users", {"first_name": "A", "id": 7123456789}, "user 7123456789 exists already"),
        ("chats", {"type": "channel", "user_ids": []}, "type must be private, group or supergroup"),
        ("chats", {"type": "group"}, "a group needs at least one user"),
        ("messages", {"chat_id": 1, "user_id": 1, "text": "x"}, "no such user: 1"),
        ("messages", {"chat_id": 1}, "missing field: user_id"),
        ("faults", {"kind": "earthquake"}, "unknown kind of fault: earthquake"),
        (
            "faults",
            {"kind": "429", "next": "two"},
            "wrong value: invalid literal for int() with base 10: 'two'",
        ),
    ],
)
async def test_senseless_client_call_says_why(
    path: str, body: Json, error: str, http: httpx.AsyncClient
) -> None:
    answer = await http.post(f"/client/{path}", json=body)
    assert (answer.status_code, answer.json()) == (400, {"error": error})


async def test_first_message_opens_the_private_chat(bot: BotSide, http: httpx.AsyncClient) -> None:
    phone = Phone(http)
    phone.user_id = await phone.person("Budi", last_name="Santoso", username="budi")
    answer = await bot.refused("sendMessage", chat_id=phone.user_id, text="x")
    assert answer == (403, "Forbidden: bot can't initiate conversation with a user")
    await phone.says("/start")
    await bot.ok("sendMessage", chat_id=phone.user_id, text="Welcome")
    (row,) = await phone.get("chats")
    assert (row["title"], row["last_message"]["text"], row["unread"]) == ("Budi Santoso", "Welcome", 1)
    assert row["chat"] == {
        "id": phone.user_id,
        "first_name": "Budi",
        "last_name": "Santoso",
        "username": "budi",
        "type": "private",
    }
    assert [user["username"] for user in await phone.get("users")] == ["budi"]


async def test_messages_after_a_number(bot: BotSide, phone: Phone) -> None:
    first = (await phone.says("one"))["message_id"]
    await phone.says("two")
    assert [message["text"] for message in await phone.sees(after=first)] == ["two"]


async def test_command_list_follows_scope_and_language(bot: BotSide, phone: Phone) -> None:
    def listed(name: str) -> list[Json]:
        return [{"command": name, "description": f"about {name}"}]

    chat_id = await phone.group()

    async def shown(chat: int) -> list[str]:
        found = await phone.get("commands", chat_id=chat, user_id=phone.user_id)
        return [command["command"] for command in found]

    assert await shown(phone.user_id) == []
    steps: list[tuple[str, Json | None, str | None, str, str]] = [
        ("plain", None, None, "plain", "plain"),
        ("indonesian", None, "id", "indonesian", "indonesian"),
        ("private", {"type": "all_private_chats"}, None, "private", "indonesian"),
        ("groups", {"type": "all_group_chats"}, "id", "private", "groups"),
        ("admins", {"type": "all_chat_administrators"}, None, "private", "admins"),
        ("here", {"type": "chat", "chat_id": chat_id}, None, "private", "here"),
        ("chiefs", {"type": "chat_administrators", "chat_id": chat_id}, None, "private", "chiefs"),
        (
            "sari",
            {"type": "chat_member", "chat_id": chat_id, "user_id": phone.user_id},
            None,
            "private",
            "sari",
        ),
        ("mine", {"type": "chat", "chat_id": phone.user_id}, "id", "mine", "sari"),
    ]
    for name, scope, language, in_private, in_group in steps:
        await bot.ok("setMyCommands", commands=listed(name), scope=scope, language_code=language)
        assert (await shown(phone.user_id), await shown(chat_id)) == ([in_private], [in_group])
    mine = {"type": "chat", "chat_id": phone.user_id}
    assert await bot.ok("getMyCommands", scope=mine, language_code="id") == listed("mine")
    assert await bot.ok("getMyCommands", scope=mine) == []
    await bot.ok("deleteMyCommands", scope=mine, language_code="id")
    await bot.ok("setMyCommands", commands=[], scope={"type": "all_private_chats"})
    assert await shown(phone.user_id) == ["indonesian"]


async def test_events_tell_what_happens(bot: BotSide, phone: Phone) -> None:
    seen: list[tuple[str, Json]] = []
    async with phone.http.stream("GET", "/client/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = stream.aiter_lines()
        assert (await anext(lines)).startswith(":")
        message_id = await board(bot, phone)
        await bot.ok(
            "editMessageText", chat_id=phone.user_id, message_id=message_id, text="New", reply_markup=KEYBOARD
        )
        await bot.ok("sendChatAction", chat_id=phone.user_id, action="typing")
        query_id = (await phone.presses(message_id, "Approve", wait_s=0))["query_id"]
        await bot.ok("answerCallbackQuery", callback_query_id=query_id, text="Yes")
        await bot.ok("deleteMessage", chat_id=phone.user_id, message_id=message_id)
        name = ""
        async for line in lines:
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                seen.append((name, json.loads(line.removeprefix("data: "))))
            if name == "delete" and seen[-1][0] == "delete":
                break
    assert [name for name, _ in seen] == ["message", "edit", "typing", "press", "answer", "delete"]
    assert {data["chat_id"] for _, data in seen} == {phone.user_id}
    answer = seen[4][1]
    assert (answer["query_id"], answer["text"], answer["show_alert"]) == (query_id, "Yes", False)


async def test_reset_keeps_people_and_forgets_the_rest(bot: BotSide, phone: Phone) -> None:
    await phone.says("x")
    await bot.refused("sendMessage", chat_id=phone.user_id)
    await phone.post("faults", kind="500", next=5)
    await phone.post("reset")
    assert await phone.sees() == []
    assert await phone.violations() == []
    assert await bot.updates() == []
    assert [user["id"] for user in await phone.get("users")] == [phone.user_id]
