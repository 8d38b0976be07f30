"""Dialogues of several steps: who takes the answer to which question. The draft is a row, not memory."""

from bot import questions
from bot.commands import Handler
from bot.flows.type_answer import take_answer
from bot.flows.type_bulk import take_change, take_count, take_floor
from bot.flows.type_edit import take_edit
from bot.flows.type_forget import take_name
from bot.flows.type_note import take_note
from bot.flows.type_own_number import take_number
from bot.flows.type_price import take_price, take_typed
from bot.flows.type_return import take_amount, take_email, take_own_words, want_photo
from bot.flows.type_stock import take_alert, take_keep_back, take_placed, take_stock
from bot.flows.type_zone import take_zone
from bot.handlers.link import take_address

FLOWS: dict[str, Handler] = {
    questions.PRICE: take_price,
    questions.TYPING: take_typed,
    questions.ADDRESS: take_address,
    questions.ZONE: take_zone,
    questions.FORGET: take_name,
    questions.EDIT: take_edit,
    questions.STOCK: take_stock,
    questions.PLACED: take_placed,
    questions.ALERT_AT: take_alert,
    questions.KEEP_BACK: take_keep_back,
    questions.NOTE: take_note,
    questions.OWN_NUMBER: take_number,
    questions.RETURN_AMOUNT: take_amount,
    questions.RETURN_PROOF: want_photo,
    questions.RETURN_EMAIL: take_email,
    questions.RETURN_WORDS: take_own_words,
    questions.ANSWER: take_answer,
    questions.BULK: take_change,
    questions.BULK_FLOOR: take_floor,
    questions.BULK_COUNT: take_count,
}
