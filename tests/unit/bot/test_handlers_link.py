"""Linking a shop from the chat: the button, the pasted address, the question, the end."""

from dataclasses import replace

import pytest

from domain.shops import LinkState, ShopState
from services.views import LinkChoice
from tests.fakes.services import FakeServices
from tests.unit.bot import records as r
from tests.unit.bot.desk import Desk
from tests.unit.bot.test_events import bring

SHOPEE = LinkChoice("ab00ab00ab00ab00", "shopee", "Shopee", "ID", is_simulated=False)
DEMO = LinkChoice("ab11ab11ab11ab11", "shopee", "Shopee", "SG", is_simulated=True)
ADDRESS = "https://nowhere.example/?state=s3cr3t&code=4d5a4d5a&shop_id=220000101"


@pytest.fixture
def services() -> FakeServices:
    made = FakeServices()
    made.linking.offers = [SHOPEE]
    return made


@pytest.fixture
def desk(services: FakeServices) -> Desk:
    return Desk(services)


async def test_a_single_choice_is_taken_at_once(desk: Desk, services: FakeServices) -> None:
    await desk.says("/link")
    assert "Link Shopee, Indonesia" in desk.text
    assert desk.screen.rows[0][0].url == "https://shops.example/connect/abc"
    assert services.linking.shown_by == 100


async def test_several_choices_are_offered(desk: Desk, services: FakeServices) -> None:
    services.linking.offers = [SHOPEE, DEMO]
    await desk.says("/link")
    assert desk.labels == ["Shopee ID", "DEMO Shopee SG", "Home"]
    await desk.presses("DEMO Shopee SG")
    assert desk.text.startswith("<b>DEMO</b>")
    assert services.linking.open_one is not None
    assert services.linking.open_one.region == "SG"


async def test_of_several_platforms_the_platform_is_asked_first(desk: Desk, services: FakeServices) -> None:
    other = replace(DEMO, app_id="ab22ab22ab22ab22", platform="tiktok_shop", platform_name="TikTok Shop")
    services.linking.offers = [SHOPEE, replace(other, region="ID"), other]
    await desk.says("/link")
    assert desk.labels == ["Shopee", "DEMO TikTok Shop", "Home"]
    await desk.presses("DEMO TikTok Shop")
    assert desk.labels == ["DEMO TikTok Shop ID", "DEMO TikTok Shop SG", "Back", "Home"]
    await desk.presses("Back")
    await desk.presses("Shopee")
    assert "Link Shopee, Indonesia" in desk.text


async def test_without_keys_nothing_can_be_linked(desk: Desk, services: FakeServices) -> None:
    services.linking.offers = []
    await desk.says("/link")
    assert "No platform can be linked" in desk.text


async def test_a_choice_that_is_gone_is_refused(desk: Desk) -> None:
    await desk.says("/start")
    await desk.presses_data("n1:linkto:ffffffffffffffff:ID")
    assert desk.chat.toasts[-1] == "This platform cannot be linked here any more."


async def test_pasted_address_is_taken_and_deleted(desk: Desk, services: FakeServices) -> None:
    await desk.says("/link")
    await desk.presses("I landed on a page that does not open")
    assert "Send me the address" in desk.text
    await desk.says(ADDRESS)
    assert services.linking.pasted == [ADDRESS]
    assert desk.chat.deleted == [1003]
    assert services.dialogues.open_one is None


async def test_a_wrong_address_is_deleted_too_and_may_be_sent_again(
    desk: Desk, services: FakeServices
) -> None:
    await desk.says("/link")
    await desk.presses("I landed on a page that does not open")
    await desk.says("https://nowhere.example/?code=4d5a")
    assert "This is not the address I need" in desk.text
    assert desk.chat.deleted == [1003]
    await desk.says(ADDRESS)
    assert services.linking.pasted == [ADDRESS]


async def test_an_address_pasted_unasked_is_not_left_in_the_chat(desk: Desk, services: FakeServices) -> None:
    await desk.says("/link")
    await desk.says(ADDRESS)
    assert desk.chat.deleted == [1002]
    assert services.linking.pasted == [ADDRESS]


async def test_asking_for_the_address_of_a_closed_link_says_so(desk: Desk, services: FakeServices) -> None:
    await desk.says("/link")
    services.linking.open_one = None
    await desk.presses("I landed on a page that does not open")
    assert desk.chat.toasts[-1].startswith("This link was too old")


async def test_link_is_cancelled_by_its_button(desk: Desk, services: FakeServices) -> None:
    await desk.says("/link")
    await desk.presses("Cancel")
    assert "nothing was linked" in desk.text
    assert services.linking.open_one is None


async def test_confirmed_shop_is_shown_coming_in(desk: Desk, services: FakeServices) -> None:
    await desk.says("/link")
    services.linking.comes_back()
    await bring(desk, "link_returned", linking_id="11ce11ce11ce11ce")
    assert "Is this your shop?" in desk.chat.messages[100].text
    await desk.presses("Yes, link it", message_id=100)
    assert "Linked: Rumah Kita" in desk.text
    assert desk.chat.toasts[-1] == "Linked"
    assert list(desk.chat.messages) == [100]


async def test_all_shops_of_one_login_are_linked_by_one_button(desk: Desk, services: FakeServices) -> None:
    await desk.says("/link")
    services.linking.siblings = (
        r.linking(shop_name="Rumah Kita Malaysia", shop_external_id="600012"),
        r.linking(shop_name="Dapur Bu Tini", shop_external_id="600021", refusal="link_foreign"),
    )
    services.linking.comes_back()
    await bring(desk, "link_returned", linking_id="11ce11ce11ce11ce")
    assert "Are these 2 shops yours?" in desk.chat.messages[100].text
    assert "Dapur Bu Tini: This shop is already linked by somebody else here." in desk.chat.messages[100].text
    await desk.presses("Yes, link all 2", message_id=100)
    assert desk.chat.toasts[-1] == "Linked"
    assert "Linked: 2 shops" in desk.text
    assert "Dapur Bu Tini" in desk.text


async def test_refused_shop_stays_out(desk: Desk, services: FakeServices) -> None:
    await desk.says("/link")
    services.linking.comes_back()
    await bring(desk, "link_returned", linking_id="11ce11ce11ce11ce")
    await desk.presses("No", message_id=100)
    assert "The shop Rumah Kita stays out" in desk.text


async def test_a_shop_whose_link_ended_is_linked_again_from_the_list(
    desk: Desk, services: FakeServices
) -> None:
    services.shops.shops = [r.shop(state=ShopState.NEEDS_RELINK)]
    await desk.says("/shops")
    await desk.presses("Relink Rumah Kita")
    assert "Link Shopee, Indonesia" in desk.text


async def test_import_goes_on_in_the_same_message_and_ends_with_a_test_alert(
    desk: Desk, services: FakeServices
) -> None:
    services.orders.cards = {"0d0d0d0d0d0d0d0d": r.order_card()}
    await desk.says("/link")
    services.linking.comes_back(LinkState.RETURNED)
    await bring(desk, "link_returned", linking_id="11ce11ce11ce11ce")
    await desk.presses("Yes, link it", message_id=100)
    services.shops.percent = 62
    await bring(desk, "backfill_progress", shop_id="a1a1a1a1a1a1a1a1")
    assert "62%" in desk.chat.messages[100].text
    services.shops.percent = 100
    await bring(desk, "backfill_done", shop_id="a1a1a1a1a1a1a1a1")
    assert "All in: 484 listings" in desk.chat.messages[100].text
    assert "Test alert" in desk.chat.messages[101].text
    assert list(desk.chat.messages) == [100, 101]
