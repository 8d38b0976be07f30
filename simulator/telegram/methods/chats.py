"""What a bot may ask about a chat, and pinned messages."""

from typing import Final

from simulator.telegram.engine import Call, Engine
from simulator.telegram.errors import bad_request, violation
from simulator.telegram.objects import chat_object, member_object, message_object
from simulator.telegram.records import Chat, Json
from simulator.telegram.sending import target_chat

ADMINS: Final = {"creator", "administrator"}
GIFTS: Final = (
    "unlimited_gifts",
    "limited_gifts",
    "unique_gifts",
    "premium_subscription",
    "gifts_from_channels",
)


def get_chat(engine: Engine, call: Call) -> Json:
    chat = target_chat(engine, call, "read")
    full: Json = chat_object(engine.world, chat) | {
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(GIFTS, False),
    }
    if chat.pinned:
        full["pinned_message"] = message_object(engine.world, chat.messages[chat.pinned[-1]])
    return full


def get_chat_member(engine: Engine, call: Call) -> Json:
    user_id = call.args["user_id"]
    if user_id <= 0:
        raise violation("invalid user_id specified")
    chat = target_chat(engine, call, "members")
    user = engine.world.users.get(user_id)
    if user is None:
        raise bad_request("PARTICIPANT_ID_INVALID")
    status = chat.bot_status if user is engine.world.bot else chat.members.get(user_id, "left")
    return member_object(user, status)


def get_chat_administrators(engine: Engine, call: Call) -> list[Json]:
    chat = target_chat(engine, call, "members")
    if chat.is_private:
        raise bad_request("there are no administrators in the private chat")
    users = engine.world.users
    people = [member_object(users[who], status) for who, status in chat.members.items() if status in ADMINS]
    is_listed = chat.bot_status == "administrator" and call.get("return_bots", False)
    return people + ([member_object(engine.world.bot, chat.bot_status)] if is_listed else [])


def pin_chat_message(engine: Engine, call: Call) -> bool:
    chat = _pinnable(engine, call)
    message = engine.world.find_message(chat, call.args["message_id"], "message to pin")
    if message.service:
        raise bad_request("message can't be pinned")
    if message.message_id in chat.pinned:
        chat.pinned.remove(message.message_id)
    chat.pinned.append(message.message_id)
    notice = engine.world.add_service(
        chat, engine.world.bot, {"pinned_message": message_object(engine.world, message, with_reply=False)}
    )
    notice.silent = call.get("disable_notification", False)
    engine.events.publish("message", chat_id=chat.id, message_id=notice.message_id)
    engine.events.publish("chat", chat_id=chat.id)
    return True


def unpin_chat_message(engine: Engine, call: Call) -> bool:
    chat = _pinnable(engine, call)
    if not call.get("message_id"):
        if not chat.pinned:
            raise bad_request("message to unpin not found")
        chat.pinned.pop()
    else:
        engine.world.find_message(chat, call.args["message_id"], "message to unpin")
        chat.pinned = [pinned for pinned in chat.pinned if pinned != call.args["message_id"]]
    engine.events.publish("chat", chat_id=chat.id)
    return True


def unpin_all_chat_messages(engine: Engine, call: Call) -> bool:
    chat = _pinnable(engine, call)
    chat.pinned.clear()
    engine.events.publish("chat", chat_id=chat.id)
    return True


def _pinnable(engine: Engine, call: Call) -> Chat:
    chat = target_chat(engine, call, "write")
    if not chat.is_private and chat.bot_status != "administrator":
        raise bad_request("not enough rights to manage pinned messages in the chat")
    return chat
