"""The Bot API's objects as JSON, made from what the simulator remembers."""

from typing import Final

from simulator.telegram.files import document_object, photo_sizes
from simulator.telegram.records import Chat, Json, Message, Press, User
from simulator.telegram.world import World

ADMIN_RIGHTS: Final = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
)


def user_object(user: User) -> Json:
    fields = {
        "id": user.id,
        "is_bot": user.is_bot,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "username": user.username,
        "language_code": user.language_code,
    }
    return {name: value for name, value in fields.items() if value is not None}


def chat_object(world: World, chat: Chat) -> Json:
    if chat.is_private:
        person = user_object(world.users[chat.id])
        return {
            "id": chat.id,
            **{name: person[name] for name in ("first_name", "last_name", "username") if name in person},
            "type": "private",
        }
    fields: Json = {"id": chat.id, "title": chat.title, "type": chat.type}
    if chat.type == "group":
        fields["all_members_are_administrators"] = False
    if chat.is_forum:
        fields["is_forum"] = True
    return fields


def message_object(world: World, message: Message, *, with_reply: bool = True) -> Json:
    chat = world.chats[message.chat_id]
    fields: Json = {
        "message_id": message.message_id,
        "from": user_object(message.sender),
        "chat": chat_object(world, chat),
        "date": message.date,
    }
    if message.is_anonymous:
        fields["sender_chat"] = chat_object(world, chat)
    if message.edit_date:
        fields["edit_date"] = message.edit_date
    if message.thread_id is not None:
        fields |= {"message_thread_id": message.thread_id, "is_topic_message": True}
    replied = chat.messages.get(message.reply_to) if message.reply_to else None
    if with_reply and replied:
        fields["reply_to_message"] = message_object(world, replied, with_reply=False)
    if message.media_group_id:
        fields["media_group_id"] = message.media_group_id
    if message.protected:
        fields["has_protected_content"] = True
    return fields | content_fields(message)


def content_fields(message: Message) -> Json:
    """Return what an edit can change."""
    content = message.content
    fields: Json = dict(message.service or {})
    words, entities = ("text", "entities") if content.kind == "text" else ("caption", "caption_entities")
    if content.text:
        fields[words] = content.text
    if content.entities:
        fields[entities] = content.entities
    if content.kind == "photo" and content.file:
        fields["photo"] = photo_sizes(content.file)
    elif content.kind == "document" and content.file:
        fields["document"] = document_object(content.file)
    fields |= content.options
    if content.keyboard:
        fields["reply_markup"] = content.keyboard
    return fields


def press_object(world: World, press: Press, data: str) -> Json:
    chat = world.chats[press.chat_id]
    message = chat.messages.get(press.message_id)
    inaccessible = {"chat": chat_object(world, chat), "message_id": press.message_id, "date": 0}
    return {
        "id": press.query_id,
        "from": user_object(world.users[press.user_id]),
        "message": message_object(world, message) if message else inaccessible,
        "chat_instance": world.chat_instance(press.chat_id),
        "data": data,
    }


def member_object(user: User, status: str) -> Json:
    fields: Json = {"status": status, "user": user_object(user)}
    if status == "creator":
        fields["is_anonymous"] = False
    elif status == "administrator":
        fields |= {"can_be_edited": False, "is_anonymous": False}
        fields |= dict.fromkeys(ADMIN_RIGHTS, True)
    elif status == "kicked":
        fields["until_date"] = 0
    return fields


def membership_change(world: World, chat: Chat, actor: User, subject: User, old: str, new: str) -> Json:
    """Return a ChatMemberUpdated."""
    return {
        "chat": chat_object(world, chat),
        "from": user_object(actor),
        "date": world.now,
        "old_chat_member": member_object(subject, old),
        "new_chat_member": member_object(subject, new),
    }
