"""What a phone would show: chats and messages in the form of the client side."""

from typing import Any, Final

from simulator.telegram.engine import Engine
from simulator.telegram.objects import chat_object, user_object
from simulator.telegram.records import Chat, Json, Message
from simulator.telegram.render import to_html


def message_view(message: Message) -> Json:
    content = message.content
    is_media = content.kind in {"photo", "document"}
    rendered = to_html(content.text, content.entities)
    return {
        "message_id": message.message_id,
        "from": user_object(message.sender),
        "is_bot": message.sender.is_bot,
        "date": message.date,
        "edit_date": message.edit_date,
        "text": None if is_media else content.text,
        "caption": content.text if is_media else None,
        "entities": content.entities,
        "html": rendered,
        "buttons": [[_button(button) for button in row] for row in _rows(content.keyboard)],
        "media": _media(message),
        "silent": message.silent,
        "reply_to": message.reply_to,
        "thread_id": message.thread_id,
        "service": _service_words(message) if message.service else None,
    }


def _rows(keyboard: Json | None) -> list[list[Json]]:
    rows: list[list[Json]] = (keyboard or {}).get("inline_keyboard", [])
    return rows


def _button(button: Json) -> Json:
    view: Json = {"text": button["text"], "kind": "callback"}
    if "url" in button:
        view |= {"kind": "url", "url": button["url"]}
    elif "copy_text" in button:
        view |= {"kind": "copy", "copy": button["copy_text"]["text"]}
    else:
        view["data"] = button.get("callback_data", "")
    if button.get("style"):
        view["style"] = button["style"]
    return view


def _media(message: Message) -> Json | None:
    file = message.content.file
    if file is None:
        return None
    view: Json = {
        "kind": message.content.kind,
        "url": f"/client/files/{file.file_id}",
        "file_name": file.name,
        "mime": file.mime,
        "size": len(file.content),
    }
    return view | ({"width": file.width, "height": file.height} if file.width else {})


def _service_words(message: Message) -> str:
    service = message.service or {}
    who = message.sender.first_name
    names = ", ".join(user["first_name"] for user in service.get("new_chat_members", []))
    left = service.get("left_chat_member", {}).get("first_name", "")
    words = {
        "new_chat_members": f"{who} added {names}",
        "left_chat_member": f"{left} left the group",
        "migrate_to_chat_id": "The group became a supergroup",
        "migrate_from_chat_id": "The group became a supergroup",
        "pinned_message": f"{who} pinned a message",
        "forum_topic_closed": "The topic was closed",
        "forum_topic_reopened": "The topic was reopened",
    }
    return next((text for name, text in words.items() if name in service), "Something happened")


def chat_view(engine: Engine, chat: Chat, after: int) -> Json:
    return {
        "messages": [message_view(message) for number, message in chat.messages.items() if number > after],
        "typing": chat.typing_until > engine.clock(),
        "pinned_message_id": chat.pinned[-1] if chat.pinned else None,
    }


def chat_list(engine: Engine) -> list[Json]:
    """Return the chats with the liveliest first."""
    rows = []
    for chat in engine.world.chats.values():
        last = next(reversed(chat.messages.values()), None)
        rows.append(
            {
                "chat": chat_object(engine.world, chat),
                "title": _title(engine, chat),
                "last_message": message_view(last) if last else None,
                "unread": chat.unread,
                "pinned_message_id": chat.pinned[-1] if chat.pinned else None,
                "user_ids": list(chat.members),
                "bot_status": chat.bot_status,
            }
        )
    return sorted(rows, key=_liveliness, reverse=True)


def _liveliness(row: Json) -> tuple[int, int]:
    last = row["last_message"]
    return (last["date"], last["message_id"]) if last else (0, 0)


def _title(engine: Engine, chat: Chat) -> str:
    if not chat.is_private:
        return chat.title or "Group"
    user = engine.world.users[chat.id]
    return " ".join(filter(None, (user.first_name, user.last_name)))


WITH_MESSAGE: Final = {"message", "edit"}


def event_view(engine: Engine, name: str, fields: dict[str, Any]) -> Json:
    """Return an event's data; new and edited messages are in it as they are now."""
    chat = engine.world.chats.get(fields["chat_id"])
    message = chat.messages.get(fields.get("message_id", 0)) if chat and name in WITH_MESSAGE else None
    return fields | ({"message": message_view(message)} if message else {})
