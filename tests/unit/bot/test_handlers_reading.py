"""Handlers that only read: home, orders, stock, search, help, settings, shops."""

import pytest

from domain.people import Role
from domain.shops import ShopState
from tests.fakes.services import FakeServices
from tests.unit.bot import records as r
from tests.unit.bot.desk import Desk


@pytest.fixture
def services() -> FakeServices:
    made = FakeServices()
    made.orders.cards = {"0d0d0d0d0d0d0d0d": r.order_card()}
    made.stock.variants = {"beefbeefbeefbeef": r.variant_card()}
    return made


@pytest.fixture
def desk(services: FakeServices) -> Desk:
    return Desk(services)


async def test_start_shows_home(desk: Desk) -> None:
    await desk.says("/start")
    assert "Today 812,000" in desk.text


async def test_start_without_a_shop_offers_to_link_one(desk: Desk, services: FakeServices) -> None:
    services.home.home = r.home(shops=())
    await desk.says("/start")
    assert desk.labels == ["Link a shop", "Language", "Help"]


async def test_stranger_is_told_that_it_is_private(services: FakeServices) -> None:
    desk = Desk(services, is_stranger=True)
    await desk.says("/start")
    assert "This one is private" in desk.text
    assert desk.visitor is None


async def test_stranger_comes_in_by_an_invite_once(services: FakeServices) -> None:
    desk = Desk(services, is_stranger=True)
    await desk.says("/start wrong-invite")
    assert "I do not know this invite" in desk.text
    await desk.says("/start good-invite")
    assert "Today" in desk.text
    assert desk.visitor is not None
    other = Desk(services, is_stranger=True)
    await other.says("/start good-invite")
    assert "I do not know this invite" in other.text


async def test_member_opening_an_old_invite_lands_at_home(desk: Desk) -> None:
    await desk.says("/start spent-invite")
    assert "Today" in desk.text


async def test_stranger_sees_the_commands_that_work_for_him(services: FakeServices) -> None:
    desk = Desk(services, is_stranger=True)
    await desk.says("/help")
    assert "/start" in desk.text
    assert "/orders" not in desk.text


async def test_help_lists_what_the_role_may_use(services: FakeServices) -> None:
    owner, viewer = Desk(services), Desk(services, r.visitor(Role.VIEWER))
    await owner.says("/help")
    await viewer.says("/help")
    assert "/link" in owner.text
    assert "search it: /stock lamp" in owner.text
    assert "/price" in owner.text
    assert "/link" not in viewer.text
    assert "/price" not in viewer.text
    assert "/orders" in viewer.text


async def test_unknown_command_names_the_nearest(desk: Desk) -> None:
    await desk.says("/ordrs")
    assert "Did you mean /orders?" in desk.text


async def test_orders_start_with_what_is_to_pack(desk: Desk) -> None:
    await desk.says("/orders")
    assert "1 order to pack" in desk.text
    await desk.presses("…AB12X")
    assert "ship by" in desk.text
    assert desk.chat.edits == 1
    await desk.presses("Back")
    assert "1 order to pack" in desk.text


async def test_words_after_orders_are_looked_up(desk: Desk) -> None:
    await desk.says("/orders AB12X")
    assert "ship by" in desk.text


async def test_pages_keep_the_moment_the_list_was_opened_at(desk: Desk, services: FakeServices) -> None:
    services.orders.pages = 3
    await desk.says("/orders")
    await desk.presses("›")
    await desk.presses("›")
    assert [page for _, page, _ in services.orders.asked] == [1, 2, 3]
    assert services.orders.asked[2][2] == r.NOW


async def test_the_middle_of_the_pager_tells_where_we_are(desk: Desk, services: FakeServices) -> None:
    services.orders.pages = 3
    await desk.says("/orders")
    await desk.presses("1/3")
    assert desk.chat.toasts == ["Page 1 of 3"]
    await desk.presses("·")
    assert desk.chat.toasts[-1] == "There is no further page"
    assert desk.chat.edits == 0


async def test_a_page_of_yesterdays_list_leads_to_todays(desk: Desk, services: FakeServices) -> None:
    await desk.says("/orders")
    yesterday = int(r.at(-20).timestamp())
    await desk.presses_data(f"n1:orders:done:4:{yesterday}")
    assert desk.chat.toasts == ["This list is from 10 Nov; here is today's."]
    assert services.orders.asked[-1] == ("done", 1, None)


async def test_order_by_its_tail(desk: Desk) -> None:
    await desk.says("/order ab12x")
    assert "2611110GAB12X" in desk.text


async def test_order_without_words_asks_which(desk: Desk) -> None:
    await desk.says("/order")
    assert "Which order?" in desk.text


async def test_unknown_order_says_what_was_read_and_offers_to_search(desk: Desk) -> None:
    await desk.says("/order ZZ99")
    assert "I do not know this order" in desk.text
    assert "<code>ZZ99</code>" in desk.text
    await desk.presses("Search for it")
    assert "Nothing found" in desk.text


async def test_several_orders_with_one_end_are_listed(desk: Desk, services: FakeServices) -> None:
    services.orders.cards["0e0e0e0e0e0e0e0e"] = r.order_card(external_id="2511110GAB12X")
    await desk.says("/order AB12X")
    assert "2 orders match" in desk.text
    await desk.presses("…AB12X")
    assert "ship by" in desk.text


async def test_stock_can_be_searched_and_opened(desk: Desk, services: FakeServices) -> None:
    await desk.says("/stock lampu led")
    assert services.stock.asked == [("lampu led", 1)]
    await desk.presses("1 · LED-12W-W")
    assert "3 left" in desk.text
    await desk.presses("Back")
    assert services.stock.asked[-1] == ("lampu led", 1)


@pytest.mark.parametrize(
    ("words", "shows"),
    [("AB12X", "ship by"), ("led-12w-w", "Change price"), ("nonsense", "Nothing found")],
)
async def test_any_text_is_looked_up(desk: Desk, words: str, shows: str) -> None:
    await desk.says(words)
    assert shows in desk.text + " ".join(desk.labels)


async def test_a_text_that_may_mean_both_shows_both(desk: Desk, services: FakeServices) -> None:
    services.orders.cards = {"0d0d0d0d0d0d0d0d": r.order_card(external_id="26LED-12W-W")}
    await desk.says("LED-12W-W")
    assert "2 hits" in desk.text


async def test_viewer_gets_no_button_to_change_a_price(services: FakeServices) -> None:
    desk = Desk(services, r.visitor(Role.VIEWER))
    await desk.says("LED-12W-W")
    assert "Change price" not in desk.labels


async def test_language_is_changed_at_once(desk: Desk) -> None:
    await desk.says("/settings")
    await desk.presses("Bahasa Indonesia")
    assert desk.chat.toasts[-1] == "Tersimpan"
    assert "Bahasa: Bahasa Indonesia" in desk.text
    assert "✅ Bahasa Indonesia" in desk.labels


async def test_zone_is_chosen_or_typed(desk: Desk) -> None:
    await desk.says("/settings")
    await desk.presses("Time zone")
    await desk.presses("Makassar")
    assert "✅ Makassar" in desk.labels
    await desk.presses("Another time zone…")
    await desk.says("mars")
    assert "I do not know this time zone" in desk.text
    await desk.says("pontianak")
    assert "Asia/Pontianak" in desk.text
    assert desk.services.dialogues.open_one is None


async def test_shops_can_be_read_at_once(desk: Desk, services: FakeServices) -> None:
    await desk.says("/shops")
    await desk.presses("Rumah Kita")
    await desk.presses("Sync now")
    assert services.shops.synced == ["a1a1a1a1a1a1a1a1"]
    assert desk.chat.toasts[-1] == "Syncing Rumah Kita"


async def test_a_shop_that_is_gone_is_a_toast_and_the_list_stays(desk: Desk) -> None:
    await desk.says("/shops")
    await desk.presses_data("n1:sync:0000000000000000")
    assert desk.chat.toasts == ["This shop is not among yours any more."]
    assert "1 shop linked" in desk.text


async def test_viewer_may_look_at_shops_only(services: FakeServices) -> None:
    services.shops.shops = [r.shop(), r.shop(state=ShopState.NEEDS_RELINK)]
    desk = Desk(services, r.visitor(Role.VIEWER))
    await desk.says("/shops")
    assert desk.labels == ["Rumah Kita", "Rumah Kita", "Home"]


@pytest.mark.parametrize(
    "data",
    ["n1:nowhere", "n1:orders:bogus", "n1:order", "n1:stock:x", "n1:variant:", "n1:again:a:NaN", "n9:home"],
)
async def test_forged_buttons_are_unknown_buttons(desk: Desk, data: str) -> None:
    await desk.says("/start")
    await desk.presses_data(data)
    assert desk.chat.toasts[-1].startswith("This button no longer works")
    assert len(desk.chat.messages) == 1


async def test_cancel_says_that_nothing_was_open(desk: Desk) -> None:
    await desk.says("/cancel")
    assert "nothing to cancel" in desk.text
