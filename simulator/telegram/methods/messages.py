"""sendMessage, the edits of text and keyboard, deletions, chat actions."""

from typing import Final

from simulator.telegram.engine import Call, Engine
from simulator.telegram.errors import NOT_MODIFIED, ApiError, bad_request, violation
from simulator.telegram.keyboard import Markup, parse_markup
from simulator.telegram.records import Chat, Content, Json, Message
from simulator.telegram.sending import result_of, send, target_chat, target_thread
from simulator.telegram.text import MAX_TEXT, formatted, is_blank, options_of

DELETE_WINDOW_S: Final = 48 * 3600
TYPING_S: Final = 5.0
ACTIONS: Final = {
    *("typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice"),
    *("upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note"),
}


def text_content(call: Call) -> Content:
    """Return the call's `text` as content, or Telegram's refusal of it."""
    text, entities = formatted(
        call.args["text"], call.get("parse_mode"), call.get("entities"), limit=MAX_TEXT, what="message"
    )
    if is_blank(text):
        raise violation("message text is empty")
    return Content(text, entities, options=options_of(call.args, ("link_preview_options",)))


def send_message(engine: Engine, call: Call) -> Json:
    content = text_content(call)
    chat = target_chat(engine, call, "write")
    markup = parse_markup(call.checked, in_private=chat.is_private)
    return result_of(engine, send(engine, call, chat, content, markup))


def editable(engine: Engine, call: Call) -> Message:
    """Return the message an edit is about, if it is the bot's own and can be edited."""
    if not call.get("chat_id") and not call.get("message_id"):
        if call.get("inline_message_id"):
            raise bad_request("MESSAGE_ID_INVALID")
        raise violation("message identifier is not specified")
    if not call.get("chat_id"):
        raise violation("chat_id is empty")
    chat = target_chat(engine, call, "edit")
    message = engine.world.find_message(chat, call.get("message_id", 0), "message to edit")
    is_own = message.sender.id == engine.world.bot.id
    if not is_own or message.had_reply_keyboard or message.service:
        raise bad_request("message can't be edited")
    return message


def replace_content(engine: Engine, message: Message, content: Content, *, is_marked: bool = True) -> Json:
    """Put new content into a message; the same content again is refused."""
    if content == message.content:
        raise ApiError(400, NOT_MODIFIED)
    engine.rates.spend(str(message.chat_id))
    message.content = content
    if is_marked:
        message.edit_date = engine.world.now
    engine.events.publish("edit", chat_id=message.chat_id, message_id=message.message_id)
    return result_of(engine, message)


def edit_markup(engine: Engine, call: Call, message: Message) -> Markup:
    chat = engine.world.chats[message.chat_id]
    return parse_markup(call.checked, in_private=chat.is_private, inline_only=True)


def edit_message_text(engine: Engine, call: Call) -> Json:
    content = text_content(call)
    message = editable(engine, call)
    if message.content.kind != "text":
        raise bad_request("there is no text in the message to edit")
    content.keyboard = edit_markup(engine, call, message).inline
    return replace_content(engine, message, content)


def edit_message_reply_markup(engine: Engine, call: Call) -> Json:
    message = editable(engine, call)
    old = message.content
    keyboard = edit_markup(engine, call, message).inline
    content = Content(old.text, old.entities, old.kind, old.file, keyboard, old.options)
    return replace_content(engine, message, content, is_marked=False)


def delete_message(engine: Engine, call: Call) -> bool:
    chat = target_chat(engine, call, "write")
    message = engine.world.find_message(chat, call.args["message_id"], "message to delete")
    if not _may_delete(engine, chat, message):
        raise bad_request("message can't be deleted")
    _delete(engine, chat, message)
    return True


def delete_messages(engine: Engine, call: Call) -> bool:
    chat = target_chat(engine, call, "write")
    for message_id in map(int, call.args["message_ids"]):
        message = chat.messages.get(message_id)
        if message and _may_delete(engine, chat, message):
            _delete(engine, chat, message)
    return True


def _may_delete(engine: Engine, chat: Chat, message: Message) -> bool:
    is_own = message.sender.id == engine.world.bot.id
    is_admin = chat.bot_status == "administrator"
    if is_admin and not chat.is_private:
        return True
    if message.date < engine.world.now - DELETE_WINDOW_S:
        return False
    return is_own or chat.is_private


def _delete(engine: Engine, chat: Chat, message: Message) -> None:
    del chat.messages[message.message_id]
    if message.message_id in chat.pinned:
        chat.pinned.remove(message.message_id)
    engine.events.publish("delete", chat_id=chat.id, message_id=message.message_id)


def send_chat_action(engine: Engine, call: Call) -> bool:
    if call.args["action"].lower() not in ACTIONS:
        raise violation("wrong parameter action in request")
    chat = target_chat(engine, call, "write")
    target_thread(call, chat)
    chat.typing_until = engine.clock() + TYPING_S
    engine.events.publish("typing", chat_id=chat.id)
    return True
