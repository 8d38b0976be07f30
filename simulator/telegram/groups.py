"""Making chats and changing who is in them: admin, block, kick, migration to a supergroup."""

from typing import Any, Final

from simulator.telegram.engine import Engine
from simulator.telegram.people import (
    ClientError,
    announce,
    change_bot_status,
    chat_of,
    describe,
    people_fields,
    person,
    service,
)
from simulator.telegram.records import Chat, Json, User

PRIVATE_ACTIONS: Final = {"block", "unblock"}


def make_chat(engine: Engine, body: Json) -> Chat:
    """Make a private chat that was started, or a group with the bot in it."""
    kind = body.get("type")
    token = body.get("bot_token")
    if token not in {None, engine.token}:
        raise ClientError("this simulator has one bot, and not that one")
    user_ids = [person(engine, user_id).id for user_id in body.get("user_ids") or []]
    if kind == "private":
        if len(user_ids) != 1:
            raise ClientError("a private chat has exactly one user")
        return engine.world.private_chat(user_ids[0], is_started=True)
    if kind not in {"group", "supergroup"}:
        raise ClientError("type must be private, group or supergroup")
    if not user_ids:
        raise ClientError("a group needs at least one user")
    if body.get("is_forum") and kind == "group":
        raise ClientError("only a supergroup has topics")
    wanted = body.get("id")
    if wanted in engine.world.chats:
        raise ClientError(f"chat {wanted} exists already")
    chat = engine.world.new_group(str(kind), str(body.get("title") or "Group"), user_ids, wanted)
    chat.is_forum = bool(body.get("is_forum"))
    chat.bot_status = "left"
    _enter(engine, chat, engine.world.users[user_ids[0]])
    return chat


def change_chat(engine: Engine, chat_id: int, body: Json) -> Chat:
    """Apply one action of `PATCH /client/chats/{id}`."""
    chat = chat_of(engine, chat_id)
    action = body.get("action")
    actor = _actor(engine, chat, body.get("user_id"))
    if chat.is_private != (action in PRIVATE_ACTIONS):
        raise ClientError(f"{action} does not fit a {chat.type} chat")
    match action:
        case "block":
            change_bot_status(engine, chat, actor, "kicked")
        case "unblock":
            change_bot_status(engine, chat, actor, "member")
        case "admin":
            change_bot_status(engine, chat, actor, "administrator")
        case "kick_bot":
            _leave(engine, chat, actor)
        case "add_bot":
            _enter(engine, chat, actor)
        case "migrate":
            return _migrate(engine, chat, actor)
        case "add_member":
            _add_member(engine, chat, person(engine, body.get("user_id")))
        case "remove_member":
            _remove_member(engine, chat, person(engine, body.get("user_id")))
        case "close_topic" | "reopen_topic" | "delete_topic":
            _change_topic(engine, chat, actor, str(action), int(body["thread_id"]))
        case _:
            raise ClientError(f"unknown action: {action}")
    return chat


def _actor(engine: Engine, chat: Chat, user_id: Any) -> User:
    """Whoever does it: the user named, if in the chat, else its first member."""
    if user_id is not None and int(user_id) in chat.members:
        return person(engine, user_id)
    return engine.world.users[next(iter(chat.members))]


def _enter(engine: Engine, chat: Chat, actor: User) -> None:
    change_bot_status(engine, chat, actor, "member")
    service(engine, chat, actor, people_fields(engine.world.bot, joins=True))


def _leave(engine: Engine, chat: Chat, actor: User) -> None:
    service(engine, chat, actor, people_fields(engine.world.bot, joins=False))
    change_bot_status(engine, chat, actor, "kicked")


def _add_member(engine: Engine, chat: Chat, user: User) -> None:
    chat.members[user.id] = "member"
    service(engine, chat, user, people_fields(user, joins=True))


def _remove_member(engine: Engine, chat: Chat, user: User) -> None:
    if chat.members.pop(user.id, None) is None:
        raise ClientError(f"user {user.id} is not a member of chat {chat.id}")
    service(engine, chat, user, people_fields(user, joins=False))


def _migrate(engine: Engine, chat: Chat, actor: User) -> Chat:
    """Upgrade a basic group: a new chat with a new id and new message numbers."""
    if chat.type != "group" or chat.migrated_to is not None:
        raise ClientError("only a basic group becomes a supergroup, and once")
    upgraded = engine.world.new_group("supergroup", chat.title or "Group", [])
    upgraded.members = dict(chat.members)
    upgraded.bot_status = chat.bot_status
    service(engine, chat, actor, {"migrate_to_chat_id": upgraded.id})
    service(engine, upgraded, actor, {"migrate_from_chat_id": chat.id})
    chat.migrated_to = upgraded.id
    engine.events.publish("chat", chat_id=chat.id)
    return upgraded


def _change_topic(engine: Engine, chat: Chat, actor: User, action: str, thread_id: int) -> None:
    topic = chat.topics.get(thread_id)
    if topic is None:
        raise ClientError(f"chat {chat.id} has no topic {thread_id}")
    if action == "delete_topic":
        del chat.topics[thread_id]
        for message in [message for message in chat.messages.values() if message.thread_id == thread_id]:
            del chat.messages[message.message_id]
            engine.events.publish("delete", chat_id=chat.id, message_id=message.message_id)
        return
    topic.is_closed = action == "close_topic"
    word = "forum_topic_closed" if topic.is_closed else "forum_topic_reopened"
    notice = engine.world.add_service(chat, actor, {word: {}})
    notice.thread_id = thread_id
    announce(engine, chat, notice)


def chat_answer(engine: Engine, chat: Chat) -> Json:
    return {"ok": True, "chat": describe(engine, chat)}
