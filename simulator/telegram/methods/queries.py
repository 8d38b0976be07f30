"""answerCallbackQuery: a press is answered once, and in time."""

from typing import Final

from simulator.telegram.engine import Call, Engine
from simulator.telegram.errors import QUERY_TOO_OLD, ApiError, bad_request, violation

MAX_ANSWER: Final = 200


def answer_callback_query(engine: Engine, call: Call) -> bool:
    if len(call.get("text", "")) > MAX_ANSWER:
        raise violation("MESSAGE_TOO_LONG")
    press = engine.world.presses.get(call.args["callback_query_id"])
    if press is None or press.answered.is_set():
        raise ApiError(400, QUERY_TOO_OLD)
    if engine.clock() - press.pressed_at > engine.query_lifetime_s:
        raise ApiError(400, QUERY_TOO_OLD)
    url = call.get("url")
    if url and not url.startswith(f"https://t.me/{engine.world.bot.username}?start"):
        raise bad_request("URL_INVALID")
    press.text = call.get("text") or None
    press.show_alert = call.get("show_alert", False)
    press.url = url or None
    press.answered.set()
    engine.events.publish(
        "answer",
        chat_id=press.chat_id,
        message_id=press.message_id,
        query_id=press.query_id,
        text=press.text,
        show_alert=press.show_alert,
    )
    return True
