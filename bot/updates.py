"""Updates as they travel: which kinds we ask for, and what must be known of one before it is stored."""

import json
from collections.abc import Mapping

from telegram import Bot, Message, Update
from telegram.constants import UpdateType

from services.inbound import IncomingUpdate

ALLOWED_UPDATES = (
    UpdateType.MESSAGE,
    UpdateType.EDITED_MESSAGE,
    UpdateType.CALLBACK_QUERY,
    UpdateType.MY_CHAT_MEMBER,
    UpdateType.CHAT_MEMBER,
)
"""Said explicitly: left out, Telegram keeps whatever was asked for last."""

_ROWS_HOLD = 2**63


class UnreadableUpdate(Exception):
    """A stored update that python-telegram-bot cannot make sense of; it will not do better next time."""


def read_update(update: object) -> IncomingUpdate | None:
    """Return what is stored of an update, or None for something that cannot be an update."""
    if not isinstance(update, dict):
        return None
    update_id = update.get("update_id")
    if type(update_id) is not int or not 0 <= update_id < _ROWS_HOLD:
        return None
    # Only ASCII: an odd update may hold half an emoji, which no database takes.
    return IncomingUpdate(update_id, json.dumps(update), _chat_key(update, update_id))


def _chat_key(update: Mapping[str, object], update_id: int) -> str:
    """Name the queue: the chat it happened in, else the person, else the update itself."""
    for happened in update.values():
        message = _part(happened, "message")
        for place in (_part(happened, "chat"), _part(message, "chat"), _part(happened, "from")):
            if type(place.get("id")) is int:
                return f"chat:{place['id']}"
    return f"update:{update_id}"


def _part(whole: object, name: str) -> Mapping[str, object]:
    part = whole.get(name) if isinstance(whole, dict) else None
    return part if isinstance(part, dict) else {}


def parse_update(raw: str, bot: Bot) -> Update:
    """Return a stored update as handlers see it; raises UnreadableUpdate."""
    try:
        update = Update.de_json(json.loads(raw), bot)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, OSError) as odd:
        raise UnreadableUpdate(type(odd).__name__) from odd
    if update is None:
        raise UnreadableUpdate("empty")
    return update


def topic_of(update: Update) -> int | None:
    """Return the topic of a forum this happened in; a thread of replies elsewhere is none."""
    message = update.effective_message
    return message.message_thread_id if isinstance(message, Message) and message.is_topic_message else None


def hides_behind_chat(update: Update) -> bool:
    """Tell whether an administrator writes as his own group, so that nobody knows who it is."""
    message = update.message
    return bool(message and message.sender_chat and message.sender_chat.id == message.chat.id)


def is_from_person(update: Update) -> bool:
    """Tell whether a person speaks: neither a bot, nor a channel that speaks through the group."""
    user, message = update.effective_user, update.message
    speaks_as_chat = bool(message and message.sender_chat)
    return user is not None and (hides_behind_chat(update) or not (user.is_bot or speaks_as_chat))
