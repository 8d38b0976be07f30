"""Which handler answers, with which words, and what is refused before the start."""

from dataclasses import replace
from typing import Any, cast

import pytest
from telegram import Bot, Update

from bot.callbacks import Place, pack
from bot.commands import Command
from bot.context import Ctx
from bot.routes import Route
from bot.routing import Routing
from domain.errors import ConfigurationError, InputError, NotFound
from domain.people import Role

BOT = Bot("1:token-of-no-bot")
PERSON = {"id": 5, "is_bot": False, "first_name": "Sari"}
MESSAGE = {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}, "from": PERSON}


async def show_orders(update: Update, ctx: Ctx) -> None: ...
async def show_home(update: Update, ctx: Ctx) -> None: ...
async def press_ticket(update: Update, ctx: Ctx) -> None: ...
async def search(update: Update, ctx: Ctx) -> None: ...
async def take_file(update: Update, ctx: Ctx) -> None: ...


ORDERS = Command("orders", show_orders, Role.VIEWER, "Orders")
START = Command("start", show_home, None, "Home")


def routing(*commands: Command) -> Routing:
    return Routing(
        commands or (ORDERS, START),
        {Place.ORDERS: Route(show_orders, Role.PACKER)},
        press_ticket=press_ticket,
        flows={},
        search=search,
        keep_photo=search,
        take_file=take_file,
    )


def update(**happened: Any) -> Update:
    return Update.de_json({"update_id": 1, **happened}, BOT)


def said(text: str) -> Update:
    return update(message={**MESSAGE, "text": text})


def pressed(data: str) -> Update:
    query = {"id": "1", "chat_instance": "1", "from": PERSON, "message": MESSAGE, "data": data}
    return update(callback_query=query)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/orders", ()),
        ("/orders@StoreSyncBot AB12X", ("AB12X",)),
        ("/Orders   two\nwords ", ("two", "words")),
    ],
)
def test_command_is_found_with_its_words(text: str, words: tuple[str, ...]) -> None:
    found = routing().find(said(text))
    assert (found.handler, found.role, found.words) == (show_orders, Role.VIEWER, words)


def test_unknown_command_names_the_nearest() -> None:
    with pytest.raises(InputError) as refused:
        routing().find(said("/ordes AB12X"))
    assert refused.value.code == "command_unknown"
    assert refused.value.params == {"command": "ordes", "nearest": "orders"}


@pytest.mark.parametrize("text", ["/", "/zzz", "//", "/@bot"])
def test_command_like_nothing_we_know_has_no_nearest(text: str) -> None:
    with pytest.raises(InputError) as refused:
        routing().find(said(text))
    assert refused.value.params["nearest"] == ""


def test_button_leads_to_its_place_with_its_parts() -> None:
    found = routing().find(pressed(pack(Place.ORDERS, "to_pack", 2)))
    assert (found.handler, found.role, found.words) == (show_orders, Role.PACKER, ("to_pack", "2"))


def test_ticket_goes_to_the_one_who_presses_tickets() -> None:
    found = routing().find(pressed("c1:abc"))
    assert (found.handler, found.role, found.words) == (press_ticket, Role.VIEWER, ("c1:abc",))


@pytest.mark.parametrize("data", ["", "n1:", "n1:nowhere", "n0:orders", "orders", "x" * 65])
def test_button_of_another_make_is_refused(data: str) -> None:
    with pytest.raises(NotFound) as refused:
        routing().find(pressed(data))
    assert refused.value.code == "button_unknown"


def test_plain_words_are_for_members() -> None:
    found = routing().find(said("LED-12W-W"))
    assert (found.role, found.words) == (Role.VIEWER, ("LED-12W-W",))


def test_sticker_is_refused_in_words() -> None:
    sticker = {
        "file_id": "1",
        "file_unique_id": "1",
        "type": "regular",
        "width": 1,
        "height": 1,
        "is_animated": False,
        "is_video": False,
    }
    sent = update(message={**MESSAGE, "sticker": sticker})
    assert routing().is_addressed(sent)
    with pytest.raises(InputError) as refused:
        routing().find(sent)
    assert refused.value.code == "not_text"


def test_a_file_is_for_managers_in_their_own_chat() -> None:
    document = {"file_id": "1", "file_unique_id": "1", "file_name": "prices.xlsx"}
    found = routing().find(update(message={**MESSAGE, "document": document}))
    assert (found.handler, found.role, found.is_private) == (take_file, Role.MANAGER, True)


@pytest.mark.parametrize(
    "notice",
    [
        update(edited_message={**MESSAGE, "text": "/orders"}),
        update(message={**MESSAGE, "pinned_message": MESSAGE}),
        update(message={**MESSAGE, "group_created": True}),
    ],
)
def test_notice_of_telegrams_own_is_not_answered(notice: Update) -> None:
    assert not routing().is_addressed(notice)


@pytest.mark.parametrize(
    "wrong",
    [
        replace(ORDERS, role=None),
        replace(ORDERS, role=cast("Role", "viewer")),
        replace(ORDERS, name="Orders!"),
        START,
    ],
)
def test_wrong_command_fails_at_the_start(wrong: Command) -> None:
    with pytest.raises(ConfigurationError):
        routing(START, wrong)
