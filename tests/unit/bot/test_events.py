"""Events as they reach a chat: new messages, and edits of the messages that show their subject."""

import pytest

from bot.delivery import Delivery
from bot.events import deliveries
from bot.render import Renderer
from domain.changes import ChangeState
from domain.errors import NotFound
from domain.events import EventKind
from domain.orders import OrderStatus
from domain.shops import LinkState, ShopState
from services.outbox import OutboxItem
from tests.fakes.health import health
from tests.fakes.low_stock import low_card, refilled
from tests.fakes.order_alerts import ALERT
from tests.fakes.services import FakeServices
from tests.unit.bot import records as r
from tests.unit.bot.desk import Desk
from tests.unit.bot.screens_pack import BATCH
from tests.unit.bot.screens_products import CHANGE, edit
from tests.unit.bot.screens_returns import RETURN, card, goods
from tests.unit.bot.screens_reviews import ANSWERED, REVIEW
from tests.unit.bot.screens_reviews import card as review_card
from tests.unit.bot.screens_stock import kept

SHOP = "a1a1a1a1a1a1a1a1"
ORDER = "0d0d0d0d0d0d0d0d"
LINKING = "11ce11ce11ce11ce"
LAMP = "beefbeefbeefbeef"


def item(kind: str, **payload: str) -> OutboxItem:
    here = r.visitor()
    return OutboxItem(1, here.view, here.chat, EventKind(kind), payload, r.NOW, 0, 1)


async def told(services: FakeServices, kind: str, **payload: str) -> list[Delivery]:
    text = Renderer("en", r.ZONE, lambda: r.NOW)
    return await deliveries(item(kind, **payload), services.as_services, text)


async def bring(desk: Desk, kind: str, **payload: str) -> None:
    """Let an event be told in the desk's chat, the way the notifier does."""
    view = r.visitor().view
    for each in await told(desk.services, kind, **payload):
        at = each.message_id or 100 + len(desk.chat.messages)
        desk.chat.messages[at] = each.screen
        if each.screen.subject:
            shown = each.screen
            desk.services.cards.show(view, at, shown.subject, shown.subject_id, shown.version)


@pytest.fixture
def services() -> FakeServices:
    made = FakeServices()
    made.orders.cards = {ORDER: r.order_card()}
    made.prices.proposals = {"9090909090909090": r.proposal(r.proposed(ChangeState.APPLIED))}
    return made


async def test_new_order_rings(services: FakeServices) -> None:
    [alert] = await told(services, "order_placed", order_id=ORDER)
    assert alert.screen.text.startswith("🔔 <b>New order</b> · 87,000")
    assert (alert.mode, alert.silent) == ("send", False)
    assert alert.screen.rows[0][0].data == f"n1:order:{ORDER}"


async def test_order_cancelled_before_it_was_told_rings_only_as_cancelled(services: FakeServices) -> None:
    services.orders.cards = {ORDER: r.order_card(status=OrderStatus.CANCELLED)}
    assert await told(services, "order_placed", order_id=ORDER) == []
    [alert] = await told(services, "order_cancelled", order_id=ORDER)
    assert "Order cancelled" in alert.screen.text


async def test_event_of_what_is_gone_is_not_found(services: FakeServices) -> None:
    with pytest.raises(NotFound):
        await told(services, "order_placed", order_id="ffffffffffffffff")


async def test_moved_proposal_edits_every_card_that_is_behind(services: FakeServices) -> None:
    view = r.visitor().view
    services.cards.show(view, 5, "proposal", "9090909090909090", 1)
    services.cards.show(view, 6, "proposal", "9090909090909090", 4)
    services.cards.show(view, 7, "proposal", "9090909090909090", 2)
    services.cards.show(view, 8, "proposal", "another", 1)
    made = await told(services, "proposal_moved", proposal_id="9090909090909090")
    assert sorted((each.mode, each.message_id) for each in made) == [("edit", 5), ("edit", 7)]
    assert all("26,500 is live" in each.screen.text for each in made)
    assert made[0].screen.version == 4


async def test_moved_proposal_that_nobody_sees_is_not_told(services: FakeServices) -> None:
    assert await told(services, "proposal_moved", proposal_id="9090909090909090") == []


async def test_returned_link_asks_in_the_message_that_offered_it(services: FakeServices) -> None:
    services.linking.shown_by = 12
    services.linking.comes_back()
    [asked] = await told(services, "link_returned", linking_id=LINKING)
    assert (asked.mode, asked.message_id) == ("edit", 12)
    assert [button.data[:3] for button in asked.screen.rows[0]] == ["c1:", "c1:"]


async def test_returned_link_without_a_message_is_a_new_one(services: FakeServices) -> None:
    services.linking.comes_back()
    [asked] = await told(services, "link_returned", linking_id=LINKING)
    assert asked.mode == "send"


async def test_link_confirmed_meanwhile_is_not_asked_again(services: FakeServices) -> None:
    services.linking.comes_back(LinkState.CONFIRMED)
    assert await told(services, "link_returned", linking_id=LINKING) == []


async def test_failed_link_says_why(services: FakeServices) -> None:
    services.linking.comes_back(LinkState.FAILED)
    [said] = await told(services, "link_failed", linking_id=LINKING, code="link_foreign")
    assert "already linked by somebody else" in said.screen.text


async def test_progress_is_shown_only_where_the_import_is_shown(services: FakeServices) -> None:
    assert await told(services, "backfill_progress", shop_id=SHOP) == []
    services.cards.show(r.visitor().view, 20, "import", SHOP, 0)
    [shown] = await told(services, "backfill_progress", shop_id=SHOP)
    assert (shown.mode, shown.message_id) == ("edit", 20)


async def test_end_of_an_import_without_orders_has_no_test_alert(services: FakeServices) -> None:
    services.orders.cards = {}
    services.shops.percent = 100
    services.cards.show(r.visitor().view, 20, "import", SHOP, 62)
    [done] = await told(services, "backfill_done", shop_id=SHOP)
    assert "All in" in done.screen.text


async def test_test_alert_makes_no_sound(services: FakeServices) -> None:
    services.shops.percent = 100
    services.cards.show(r.visitor().view, 20, "import", SHOP, 62)
    done, test = await told(services, "backfill_done", shop_id=SHOP)
    assert done.mode == "edit"
    assert test.silent
    assert "Test alert" in test.screen.text


async def test_cut_off_shop_rings_with_the_way_back(services: FakeServices) -> None:
    services.shops.shops = [r.shop(state=ShopState.NEEDS_RELINK), r.shop(id="b2b2b2b2b2b2b2b2")]
    [alert] = await told(services, "shop_cut_off", shop_id=SHOP)
    assert "Rumah Kita is cut off" in alert.screen.text
    assert alert.screen.rows[0][0].data == "n1:linkto:ab00ab00ab00ab00:ID"


async def test_low_stock_rings_once_and_then_only_its_message_moves(services: FakeServices) -> None:
    [rung] = await told(services, "stock_low", variant_id=LAMP, since=r.NOW.isoformat())
    assert (rung.mode, rung.silent, rung.screen.subject) == ("send", False, "low_alert")
    assert "Running out: Lampu LED E27 12W · Putih" in rung.screen.text
    assert await told(services, "stock_low_moved", alert_id=ALERT) == [], "somebody went on from it"
    services.cards.show(r.visitor().view, 7, "low_alert", ALERT, 1)
    services.low_stock.card = low_card(refilled())
    [moved] = await told(services, "stock_low_moved", alert_id=ALERT)
    assert (moved.mode, moved.message_id, moved.silent) == ("edit", 7, True)
    assert moved.screen.text.startswith("🟢 <b>Refilled: ")
    assert await told(services, "stock_low", variant_id=LAMP, since=r.NOW.isoformat()) == []
    services.low_stock.gathers = None
    services.low_stock.card = low_card()
    assert await told(services, "stock_low", variant_id=LAMP, since=r.NOW.isoformat()) == []


async def test_what_waits_rings_where_somebody_may_decide(services: FakeServices) -> None:
    services.prices.proposals["9090909090909090"] = r.proposal()
    [asked] = await told(services, "proposal_asked", proposal_id="9090909090909090")
    assert (asked.mode, asked.silent) == ("send", False)
    assert [button.text for row in asked.screen.rows for button in row][:2] == ["Approve 26,500", "Reject"]
    assert asked.screen.subject_id == "9090909090909090"
    [quiet] = await told(services, "proposal_asked", proposal_id="9090909090909090", is_quiet="1")
    assert quiet.silent


async def test_what_is_decided_or_shown_by_now_does_not_ring(services: FakeServices) -> None:
    assert await told(services, "proposal_asked", proposal_id="9090909090909090") == []
    services.prices.proposals["9090909090909090"] = r.proposal()
    services.cards.show(r.visitor().view, 5, "proposal", "9090909090909090", 1)
    assert await told(services, "proposal_asked", proposal_id="9090909090909090") == []


@pytest.mark.parametrize("kind", EventKind)
async def test_every_kind_of_event_is_told(kind: EventKind, services: FakeServices) -> None:
    services.linking.comes_back()
    if kind is EventKind.PROPOSAL_ASKED:
        services.prices.proposals["9090909090909090"] = r.proposal()
    else:
        services.cards.show(r.visitor().view, 5, "proposal", "9090909090909090", 1)
    services.cards.show(r.visitor().view, 20, "import", SHOP, 0)
    services.cards.show(r.visitor().view, 21, "shop", SHOP, -1)
    services.cards.show(r.visitor().view, 25, "order", ORDER, -1)
    services.stock.variants[LAMP] = r.variant_card()
    services.counts.kept[LAMP] = kept()
    services.cards.show(r.visitor().view, 30, "stock", LAMP, 1)
    services.cards.show(r.visitor().view, 40, "low_alert", ALERT, 1)
    services.cards.show(r.visitor().view, 31, "batch", BATCH.id, 1)
    services.cards.show(r.visitor().view, 32, "order", ORDER, 1)
    about = {"batch_id": BATCH.id, "courier": "J&T Express", "until": "2026-11-11T09:00:00+00:00"}
    about["since"] = about["until"]
    about |= {"proposal_id": "9090909090909090", "linking_id": LINKING, "shop_id": SHOP, "variant_id": LAMP}
    services.listing_edits.open_one = edit(ChangeState.APPLIED)
    services.bulks.move(ChangeState.PENDING)
    if kind is EventKind.BULK_MOVED:
        services.cards.show(r.visitor().view, 70, "bulk", "9090909090909090", 1)
    services.cards.show(r.visitor().view, 50, "listing_edit", CHANGE, 1)
    about |= {"change_id": CHANGE, "worse": "points"}
    services.returns.cards = {RETURN: card()}
    services.returned_goods.goods = goods()
    services.cards.show(r.visitor().view, 60, "return", RETURN, 0)
    about["return_id"] = RETURN
    services.cards.show(r.visitor().view, 62, "review", REVIEW, 1)
    about["review_id"] = REVIEW
    about |= {"day": "2026-11-11", "skipped": "0", "taken_at": "2026-11-11T05:00:00+00:00", "by": "4711"}
    about |= {"link_gen": "1", "at": "2026-11-14T05:00:00+00:00"}
    if kind is EventKind.WRITES_PAUSED:
        services.pausing.writes = r.writes(pause=r.pause())
    assert await told(services, kind, order_id=ORDER, alert_id=ALERT, **about)


async def test_what_got_worse_with_the_platform_rings_unless_it_is_well_again(services: FakeServices) -> None:
    about = {"shop_id": SHOP, "worse": "points late_shipment"}
    [rang] = await told(services, "health_worse", **about)
    first, *rest = rang.screen.text.splitlines()
    assert first == "🔴 <b>Rumah Kita stands worse</b> · 3 penalty points"
    assert "🔴 Shipped late: 12.4% · must stay below 10%" in rest
    assert "/pack" in rang.screen.text
    assert "not shown in search" not in rang.screen.text
    assert (rang.mode, rang.silent, rang.screen.rows[0][0].data) == ("send", False, f"n1:health:{SHOP}")
    services.health.read[SHOP] = health()
    assert await told(services, "health_worse", **about) == []


async def test_a_bad_review_rings_until_it_is_answered(services: FakeServices) -> None:
    [rung] = await told(services, "review_low", review_id=REVIEW, shop_id=SHOP)
    assert "Bad review, ★ 2" in rung.screen.text
    assert [button.text for row in rung.screen.rows for button in row] == ["Open", "🔕 1 h"]
    services.reviews.cards[REVIEW] = review_card(of=ANSWERED)
    assert await told(services, "review_low", review_id=REVIEW, shop_id=SHOP) == []


async def test_a_review_that_is_shown_stays_current(services: FakeServices) -> None:
    assert await told(services, "review_moved", review_id=REVIEW) == []
    services.cards.show(r.visitor().view, 60, "review", REVIEW, 2)
    services.cards.show(r.visitor().view, 61, "review", REVIEW, 3)
    [moved] = await told(services, "review_moved", review_id=REVIEW)
    assert (moved.mode, moved.message_id) == ("edit", 60)


async def test_a_link_that_ends_is_told_unless_it_was_renewed(services: FakeServices) -> None:
    about = {"shop_id": SHOP, "at": "2026-11-14T05:00:00+00:00"}
    [rang] = await told(services, "authorisation_ending", **about)
    assert rang.screen.text.startswith("🟡 <b>The link of Rumah Kita ends</b> · Sat 12:00")
    [[again]] = rang.screen.rows
    assert (again.text, again.data) == ("Link again", "n1:linkto:ab00ab00ab00ab00:ID")
    services.shops.shops = [r.shop(state=ShopState.NEEDS_RELINK)]
    [over] = await told(services, "authorisation_ending", **about | {"at": "2026-11-10T05:00:00+00:00"})
    assert over.screen.text.startswith("🔴 <b>Rumah Kita is still cut off</b> · since Tue 12:00")
    services.authorisations.is_renewed = True
    assert await told(services, "authorisation_ending", **about) == []


async def test_order_whose_message_stands_is_not_sent(services: FakeServices) -> None:
    services.order_alerts.gathers = None
    assert await told(services, "order_placed", order_id=ORDER) == []


async def test_instant_order_rings_though_a_message_stands(services: FakeServices) -> None:
    services.order_alerts.gathers = None
    services.orders.cards = {ORDER: r.order_card(courier="SPX Instant")}
    [alert] = await told(services, "order_placed", order_id=ORDER)
    assert (alert.mode, alert.silent) == ("send", False)
    services.orders.cards = {ORDER: r.order_card(courier="SPX Instant", status=OrderStatus.CANCELLED)}
    assert await told(services, "order_placed", order_id=ORDER) == []


async def test_orders_that_waited_ring_together(services: FakeServices) -> None:
    services.order_alerts.count = 12
    [alert] = await told(services, "order_placed", order_id=ORDER)
    assert "12 new orders" in alert.screen.text
    assert (alert.screen.subject, alert.screen.subject_id, alert.silent) == ("order_alert", ALERT, False)


async def test_alert_that_grew_is_edited_and_where_it_is_gone_sent_silently(services: FakeServices) -> None:
    services.order_alerts.count = 3
    [sent] = await told(services, "order_alert_grew", alert_id=ALERT)
    assert (sent.mode, sent.silent) == ("send", True)
    services.cards.show(r.visitor().view, 9, "order_alert", ALERT, 1)
    [edited] = await told(services, "order_alert_grew", alert_id=ALERT)
    assert (edited.mode, edited.message_id) == ("edit", 9)
    assert services.order_alerts.taken == [ALERT, ALERT]


async def test_a_pause_that_has_ended_meanwhile_is_not_told(services: FakeServices) -> None:
    assert await told(services, "writes_paused", by="4711") == []
    [resumed] = await told(services, "writes_resumed", by="4711")
    assert "Resumed by Sari" in resumed.screen.text
    services.pausing.writes = r.writes(pause=r.pause())
    assert await told(services, "writes_resumed", by="4711") == []
    [paused] = await told(services, "writes_paused", by="host")
    assert "By whoever runs this installation" in paused.screen.text
