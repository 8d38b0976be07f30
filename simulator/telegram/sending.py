"""Putting a bot's message into a chat: where it goes, what it answers, who hears of it."""

from simulator.telegram.engine import Call, Engine
from simulator.telegram.errors import bad_request
from simulator.telegram.keyboard import Markup
from simulator.telegram.objects import message_object
from simulator.telegram.records import Chat, Content, Json, Message
from simulator.telegram.world import GENERAL_TOPIC


def target_chat(engine: Engine, call: Call, access: str) -> Chat:
    """Return the call's chat, if the bot has that access to it."""
    if call.get("business_connection_id"):
        raise bad_request("business connection not found")
    return engine.world.find_chat(call.get("chat_id", ""), access)


def target_thread(call: Call, chat: Chat) -> int | None:
    thread_id: int = call.get("message_thread_id", 0)
    if thread_id <= 0 or not (chat.is_forum or chat.is_private):
        return None
    topic = chat.topics.get(thread_id)
    if thread_id == GENERAL_TOPIC or topic is None:
        raise bad_request("message thread not found")
    if topic.is_closed and chat.bot_status != "administrator":
        raise bad_request("TOPIC_CLOSED")
    return thread_id


def replied_message(engine: Engine, call: Call, chat: Chat) -> int | None:
    reply: Json | None = call.get("reply_parameters")
    if not reply:
        return None
    message_id = int(reply["message_id"])
    elsewhere = reply.get("chat_id")
    source = chat if elsewhere is None else engine.world.find_chat(str(elsewhere), "read")
    if message_id in source.messages:
        return message_id if source is chat else None
    if reply.get("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def send(engine: Engine, call: Call, chat: Chat, content: Content, markup: Markup) -> Message:
    """Add the bot's message and tell everybody who watches."""
    thread_id = target_thread(call, chat)
    reply_to = replied_message(engine, call, chat)
    engine.rates.spend(str(chat.id))
    content.keyboard = markup.inline
    message = engine.world.add_message(chat, engine.world.bot, content)
    message.thread_id = thread_id
    message.reply_to = reply_to
    message.silent = call.get("disable_notification", False)
    message.protected = call.get("protect_content", False)
    message.had_reply_keyboard = markup.is_reply_keyboard
    engine.events.publish("message", chat_id=chat.id, message_id=message.message_id)
    return message


def result_of(engine: Engine, message: Message) -> Json:
    return message_object(engine.world, message)
