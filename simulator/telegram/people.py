"""What people do in the chats: speak, send files, edit, press buttons, join, block."""

import asyncio
import base64
import binascii
import contextlib
import mimetypes
from typing import Any, Final

from simulator.telegram.engine import Engine
from simulator.telegram.errors import ApiError
from simulator.telegram.objects import (
    chat_object,
    membership_change,
    message_object,
    press_object,
    user_object,
)
from simulator.telegram.profile import ADMINS
from simulator.telegram.records import Chat, Content, Json, Message, Press, Topic, User
from simulator.telegram.text import MAX_TEXT, plain

ANONYMOUS: Final = User(1_087_968_824, "Group", username="GroupAnonymousBot", is_bot=True)
IN_CHAT: Final = {"member", "administrator", "creator"}


class ClientError(Exception):
    """A client call that makes no sense; the text says why."""


def person(engine: Engine, user_id: Any) -> User:
    user = engine.world.users.get(int(user_id))
    if user is None or user.is_bot:
        raise ClientError(f"no such user: {user_id}")
    return user


def chat_of(engine: Engine, chat_id: Any) -> Chat:
    chat = engine.world.chats.get(int(chat_id))
    if chat is None:
        raise ClientError(f"no such chat: {chat_id}")
    return chat


def speak(engine: Engine, body: Json) -> Json:
    """Let a user send text or a file; the first message of a private chat opens it."""
    user = person(engine, body["user_id"])
    chat_id = int(body["chat_id"])
    chat = (
        engine.world.private_chat(user.id, is_started=True)
        if chat_id == user.id
        else chat_of(engine, chat_id)
    )
    if chat.migrated_to is not None:
        raise ClientError(f"the group became the supergroup {chat.migrated_to}")
    if not chat.is_private and user.id not in chat.members:
        raise ClientError(f"user {user.id} is not a member of chat {chat.id}")
    if chat.is_private and chat.bot_status == "kicked":
        raise ClientError("this user has blocked the bot")
    if body.get("as_group") and chat.members[user.id] not in ADMINS:
        raise ClientError("only an administrator of a group can write as the group")
    message = engine.world.add_message(chat, user, _spoken(engine, body))
    if body.get("as_group"):
        message.sender, message.is_anonymous = ANONYMOUS, True
    message.thread_id = _thread(chat, body.get("thread_id"))
    message.reply_to = body.get("reply_to_message_id")
    return announce(engine, chat, message)


def announce(engine: Engine, chat: Chat, message: Message) -> Json:
    """Show a new message to the watchers and, if the bot may see it, to the bot."""
    engine.events.publish("message", chat_id=chat.id, message_id=message.message_id)
    update_id = None
    if _bot_sees(engine, chat, message):
        payload = message_object(engine.world, message)
        update_id = engine.updates.add("message", payload, f"chat{chat.id}")
    return {"update_id": update_id, "message_id": message.message_id, "chat_id": chat.id}


def _spoken(engine: Engine, body: Json) -> Content:
    file = body.get("file")
    text, entities = plain(str(body.get("caption" if file else "text") or ""))
    if not file:
        if not text or len(text) > MAX_TEXT:
            raise ClientError("text must have 1 to 4096 characters")
        return Content(text, entities)
    name = str(file.get("name") or "file")
    mime = file.get("mime") or mimetypes.guess_type(name)[0] or "application/octet-stream"
    kind = "photo" if mime.startswith("image/") and not file.get("as_document") else "document"
    try:
        stored = engine.world.files.add(kind, name, mime, base64.b64decode(file["base64"], validate=True))
    except (ApiError, binascii.Error) as error:
        raise ClientError(f"the file was not taken: {error}") from error
    return Content(text, entities, kind, stored)


def _thread(chat: Chat, thread_id: int | None) -> int | None:
    """A thread a user writes into exists from then on."""
    if thread_id is None:
        return None
    if not chat.is_forum:
        raise ClientError(f"chat {chat.id} has no topics")
    chat.topics.setdefault(int(thread_id), Topic(int(thread_id), f"Topic {thread_id}"))
    return int(thread_id)


def _bot_sees(engine: Engine, chat: Chat, message: Message) -> bool:
    """In a group an ordinary bot in privacy mode sees commands, replies to it, and service messages."""
    if chat.is_private:
        return chat.bot_status == "member"
    if chat.bot_status not in IN_CHAT:
        return False
    if message.service or chat.bot_status == "administrator" or not engine.has_privacy_mode:
        return True
    replied = chat.messages.get(message.reply_to) if message.reply_to else None
    if replied and replied.sender is engine.world.bot:
        return True
    handle = f"@{engine.world.bot.username}".lower()
    return any(_calls_bot(message.content.text, entity, handle) for entity in message.content.entities)


def _calls_bot(text: str, entity: Json, handle: str) -> bool:
    units = text.encode("utf-16-le")[entity["offset"] * 2 : (entity["offset"] + entity["length"]) * 2]
    words = units.decode("utf-16-le").lower()
    if entity["type"] == "mention":
        return words == handle
    return entity["type"] == "bot_command" and ("@" not in words or words.endswith(handle))


def edit_own(engine: Engine, body: Json) -> Json:
    """Let a user edit the text of their own message."""
    chat = chat_of(engine, body["chat_id"])
    message = chat.messages.get(int(body["message_id"]))
    if message is None or message.sender.id != int(body["user_id"]):
        raise ClientError("no such message of this user")
    text, entities = plain(str(body.get("text") or ""))
    if not text:
        raise ClientError("text must not be empty")
    old = message.content
    message.content = Content(text, entities, old.kind, old.file)
    message.edit_date = engine.world.now
    engine.events.publish("edit", chat_id=chat.id, message_id=message.message_id)
    update_id = None
    if _bot_sees(engine, chat, message):
        update_id = engine.updates.add(
            "edited_message", message_object(engine.world, message), f"chat{chat.id}"
        )
    return {"update_id": update_id, "message_id": message.message_id, "chat_id": chat.id}


async def press(engine: Engine, body: Json) -> Json:
    """Press a button by its words or data, and wait for the bot's answer."""
    user = person(engine, body["user_id"])
    chat = chat_of(engine, body["chat_id"])
    if user.id not in chat.members:
        raise ClientError(f"user {user.id} is not in chat {chat.id}")
    button = _button(chat, int(body["message_id"]), str(body["button"]))
    if "url" in button:
        return {"url": button["url"]}
    if "copy_text" in button:
        return {"copied": button["copy_text"]["text"]}
    if "callback_data" not in button:
        raise ClientError("this kind of button does nothing here")
    query_id = str(engine.world.random.randrange(1 << 60, 1 << 63))
    pressed = Press(query_id, chat.id, int(body["message_id"]), user.id, engine.clock())
    engine.world.presses[query_id] = pressed
    payload = press_object(engine.world, pressed, button["callback_data"])
    engine.events.publish("press", chat_id=chat.id, message_id=pressed.message_id, query_id=query_id)
    update_id = None
    for _ in range(1 + int(body.get("repeat") or 0)):  # the app sends a press again under a new update id
        update_id = engine.updates.add("callback_query", payload, f"user{user.id}")
    await _answered(engine, pressed, float(body.get("wait_s", 15)))
    return {
        "query_id": query_id,
        "update_id": update_id,
        "answered": pressed.answered.is_set(),
        "text": pressed.text,
        "show_alert": pressed.show_alert,
        "url": pressed.url,
    }


async def _answered(engine: Engine, pressed: Press, wait_s: float) -> None:
    waits = [asyncio.ensure_future(pressed.answered.wait()), asyncio.ensure_future(engine.closing.wait())]
    await asyncio.wait(waits, timeout=max(wait_s, 0), return_when=asyncio.FIRST_COMPLETED)
    for waiting in waits:
        waiting.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.gather(*waits, return_exceptions=True)


def _button(chat: Chat, message_id: int, wanted: str) -> Json:
    message = chat.messages.get(message_id)
    if message is None:
        raise ClientError(f"no message {message_id} in chat {chat.id}")
    keyboard = (message.content.keyboard or {}).get("inline_keyboard", [])
    buttons: list[Json] = [button for row in keyboard for button in row]
    for name in ("text", "callback_data"):
        for button in buttons:
            if button.get(name) == wanted:
                return button
    shown = ", ".join(button["text"] for button in buttons) or "none"
    raise ClientError(f"no button {wanted!r}; the message has: {shown}")


def change_bot_status(engine: Engine, chat: Chat, actor: User, status: str) -> None:
    """Change the bot's membership and tell it by my_chat_member."""
    old, chat.bot_status = chat.bot_status, status
    if old == status:
        return
    change = membership_change(engine.world, chat, actor, engine.world.bot, old, status)
    engine.updates.add("my_chat_member", change, f"chat{chat.id}")
    engine.events.publish("chat", chat_id=chat.id)


def service(engine: Engine, chat: Chat, actor: User, fields: Json) -> None:
    announce(engine, chat, engine.world.add_service(chat, actor, fields))


def people_fields(user: User, *, joins: bool) -> Json:
    wire = user_object(user)
    if joins:
        return {"new_chat_members": [wire], "new_chat_member": wire, "new_chat_participant": wire}
    return {"left_chat_member": wire, "left_chat_participant": wire}


def describe(engine: Engine, chat: Chat) -> Json:
    return chat_object(engine.world, chat)
