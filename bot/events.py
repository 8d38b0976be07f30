"""What an event becomes in one chat: new messages, and edits of the messages that show its subject.

Payloads hold ids only; what they name is read when the event is sent, so an old event tells the truth
of now. An event that is told already (a card that shows this version) becomes nothing.
"""

from collections.abc import Awaitable, Callable
from datetime import date, datetime

from bot.bulk_events import bulk_asked, bulk_moved, bulk_wait_failed
from bot.cards import (
    edit_card,
    link_card,
    order_card,
    order_tools,
    price_card,
    review_card,
    shop_card,
    stock_card,
)
from bot.delivery import Delivery
from bot.pack_events import batch_moved, cut_off_near, labels_ready, pull_out
from bot.render import Renderer
from bot.return_events import return_asked, return_back, return_due, return_moved
from bot.screen import Screen
from bot.views.alerts import (
    authorisation_screen,
    cancelled_order_screen,
    cut_off_screen,
    new_order_screen,
    restored_screen,
)
from bot.views.daily import daily_card_screen
from bot.views.health import worse_screen
from bot.views.link import failed_screen, linked_screen
from bot.views.locks import lock_end_screen
from bot.views.low_stock import LOW_ALERT, low_alert_screen
from bot.views.order_alerts import ORDER_ALERT, order_alert_screen
from bot.views.pause import pause_told_screen
from bot.views.price_card import SUBJECT, UNDECIDED, stage
from bot.views.reviews import low_review_screen
from bot.views.shop import SUBJECT as SHOP
from domain.alerts import breaks_through
from domain.chats import PRIVATE, Visitor
from domain.events import EventKind
from domain.orders import OrderStatus
from domain.people import Member, Role
from domain.shops import LinkState
from services import Services, counting, listing_edits, order_actions, reviews
from services.cards import IMPORT
from services.outbox import OutboxItem
from services.views import OrderFilter


async def deliveries(item: OutboxItem, services: Services, renderer: Renderer) -> list[Delivery]:
    """Return what this event becomes in its view. Raises NotFound when what it names is gone."""
    return await _BY_KIND[item.kind](item, services, renderer)


async def _order_placed(item: OutboxItem, services: Services, text: Renderer) -> list[Delivery]:
    """Ring for an order, or put it on the message that stands; one that breaks through has its own."""
    card = await services.orders.card_for(item.view.seller_id, item.payload["order_id"])
    if breaks_through(item.kind, card.order.snapshot):
        is_off = card.order.snapshot.status is OrderStatus.CANCELLED
        return [] if is_off else [Delivery(new_order_screen(card, text))]
    gathered = await services.order_alerts.gather(item)
    if gathered is None:
        return []
    alert_id, rings = gathered
    screen = await _alert(item, services, text, alert_id)
    return [Delivery(screen, silent=not rings)] if screen else []


async def _alert(item: OutboxItem, services: Services, text: Renderer, alert_id: str) -> Screen | None:
    """Draw an alert: the one order it rings for as such, several as a list; nothing for one that is cancelled."""
    page = await services.order_alerts.first(item.view.seller_id, alert_id)
    if page.alert.count > 1:
        return order_alert_screen(page, text, is_group=item.chat.kind != PRIVATE)
    card = await services.orders.card_for(item.view.seller_id, item.payload["order_id"])
    if card.order.snapshot.status is OrderStatus.CANCELLED:
        return None
    return new_order_screen(card, text, alert_id=alert_id)


async def _order_alert_grew(item: OutboxItem, services: Services, text: Renderer) -> list[Delivery]:
    """Bring an alert's message up to date; where somebody went on from it to something else, send it anew."""
    page = await services.order_alerts.take_edit(item.view.seller_id, item.payload["alert_id"])
    screen = order_alert_screen(page, text, is_group=item.chat.kind != PRIVATE)
    cards = await services.cards.of(item.view.seller_id, ORDER_ALERT, page.alert.id)
    here = max((card.message_id for card in cards if card.view_id == item.view.id), default=None)
    return [Delivery(screen, "edit", here) if here else Delivery(screen, silent=True)]


async def _order_cancelled(item: OutboxItem, services: Services, text: Renderer) -> list[Delivery]:
    card = await services.orders.card_for(item.view.seller_id, item.payload["order_id"])
    onlooker = await services.prices.onlooker(item.view, item.chat)
    tools = await order_tools(services, item.view, onlooker.role, card)
    return [Delivery(cancelled_order_screen(card, text, tools))]


async def _order_moved(item: OutboxItem, services: Services, text: Renderer) -> list[Delivery]:
    """Bring every card of the order in this view up to date."""
    seller_id, order_id = item.view.seller_id, item.payload["order_id"]
    cards = await services.cards.of(seller_id, order_actions.SUBJECT, order_id)
    here = [card for card in cards if card.view_id == item.view.id]
    if not here:
        return []
    onlooker = await services.prices.onlooker(item.view, item.chat)
    card = await services.orders.card_for(seller_id, order_id)
    screen = await order_card(services, item.view, onlooker.role, card, text)
    return [Delivery(screen, "edit", each.message_id) for each in here if each.version < screen.version]


async def _proposal_asked(item: OutboxItem, services: Services, text: Renderer) -> list[Delivery]:
    """Show what waits for a decision where somebody may make it, unless it is decided or shown already."""
    proposal = await services.prices.proposal_of(item.view.seller_id, item.payload["proposal_id"])
    cards = await services.cards.of(item.view.seller_id, SUBJECT, proposal.id)
    is_shown = any(card.view_id == item.view.id for card in cards)
    if is_shown or stage(proposal, text.now()) not in UNDECIDED:
        return []
    screen = await price_card(services, item.view, item.chat, proposal, text)
    return [Delivery(screen, silent="is_quiet" in item.payload)]


async def _proposal_moved(item: OutboxItem, services: Services, text: Renderer) -> list[Delivery]:
    """Bring every card of the proposal in this view up to date."""
    proposal = await services.prices.proposal_of(item.view.seller_id, item.payload["proposal_id"])
    cards = await services.cards.of(item.view.seller_id, SUBJECT, proposal.id)
    here = [card for card in cards if card.view_id == item.view.id and card.version < proposal.version]
    if not here:
        return []
    screen = await price_card(services, item.view, item.chat, proposal, text)
    return [Delivery(screen, "edit", card.message_id) for card in here]


async def _lock_ended(item: OutboxItem, services: Services, text: Renderer) -> list[Delivery]:
    """Tell what went through when a promotion had ended, without a sound: nobody has to do anything."""
    until, since = (datetime.fromisoformat(item.payload[each]) for each in ("until", "since"))
    end = await services.locks.ended(item.view.seller_id, item.payload["shop_id"], until, since)
    return [Delivery(lock_end_screen(end, text), silent=True)] if end.freed else []


async def _wait_failed(item: OutboxItem, services: Services, text: Renderer) -> list[Delivery]:
    """Show a price anew that waited and was not sent after all: it can be asked for again from here."""
    proposal = await services.prices.proposal_of(item.view.seller_id, item.payload["proposal_id"])
    return [Delivery(await price_card(services, item.view, item.chat, proposal, text))]


async def _stock_moved(item: OutboxItem, services: Services, text: Renderer) -> list[Delivery]:
    """Bring every card of the variant in this view up to date."""
    seller_id, variant_id = item.view.seller_id, item.payload["variant_id"]
    cards = await services.cards.of(seller_id, counting.SUBJECT, variant_id)
    here = [card for card in cards if card.view_id == item.view.id]
    if not here:
        return []
    onlooker = await services.prices.onlooker(item.view, item.chat)
    card = await services.stock.card(_as_visitor(item), variant_id)
    screen = await stock_card(services, item.view, onlooker.role, card, text)
    return [Delivery(screen, "edit", each.message_id) for each in here if each.version < screen.version]


async def _listing_edit_moved(item: OutboxItem, services: Services, text: Renderer) -> list[Delivery]:
    """Bring every card of the change in this view up to date."""
    seller_id, change_id = item.view.seller_id, item.payload["change_id"]
    edit = await services.listing_edits.edit(seller_id, change_id)
    cards = await services.cards.of(seller_id, listing_edits.SUBJECT, change_id)
    here = [card for card in cards if card.view_id == item.view.id and card.version < edit.change.version]
    if not here:
        return []
    onlooker = await services.prices.onlooker(item.view, item.chat)
    screen = await edit_card(services, item.view, onlooker.role, edit, text)
    return [Delivery(screen, "edit", each.message_id) for each in here]


async def _review_low(item: OutboxItem, services: Services, text: Renderer) -> list[Delivery]:
    """Ring for a bad review, unless it was answered meanwhile."""
    card = await services.reviews.card_of(item.view.seller_id, item.payload["review_id"])
    return [] if card.review.is_answered else [Delivery(low_review_screen(card, text))]


async def _review_moved(item: OutboxItem, services: Services, text: Renderer) -> list[Delivery]:
    """Bring every card of the review in this view up to date."""
    seller_id, review_id = item.view.seller_id, item.payload["review_id"]
    card = await services.reviews.card_of(seller_id, review_id)
    cards = await services.cards.of(seller_id, reviews.SUBJECT, review_id)
    here = [each for each in cards if each.view_id == item.view.id and each.version < card.version]
    if not here:
        return []
    onlooker = await services.prices.onlooker(item.view, item.chat)
    screen = await review_card(services, item.view, onlooker.role, card, text)
    return [Delivery(screen, "edit", each.message_id) for each in here]


async def _stock_low(item: OutboxItem, services: Services, text: Renderer) -> list[Delivery]:
    """Ring once for every level that was reached; what is refilled meanwhile is no news."""
    alert_id = await services.low_stock.gather(item)
    if alert_id is None:
        return []
    card = await services.low_stock.alert(item.view.seller_id, alert_id)
    screen = low_alert_screen(card, text, is_group=item.chat.kind != PRIVATE)
    return [Delivery(screen)] if card.low else []


async def _stock_low_moved(item: OutboxItem, services: Services, text: Renderer) -> list[Delivery]:
    """Bring a low stock message up to date, without a sound; where somebody went on from it, nothing is said."""
    card = await services.low_stock.take_edit(item.view.seller_id, item.payload["alert_id"])
    screen = low_alert_screen(card, text, is_group=item.chat.kind != PRIVATE)
    cards = await services.cards.of(item.view.seller_id, LOW_ALERT, card.alert_id)
    here = max((each.message_id for each in cards if each.view_id == item.view.id), default=None)
    return [Delivery(screen, "edit", here, silent=True)] if here else []


async def _link_returned(item: OutboxItem, services: Services, text: Renderer) -> list[Delivery]:
    """Ask whether this is the right shop, in the message that offered the link."""
    linking = await services.linking.linking(item.view.seller_id, item.payload["linking_id"])
    if linking.state is not LinkState.RETURNED:
        return []
    choices = await services.linking.choices(_as_visitor(item))
    is_demo = any(each.is_simulated for each in choices if each.app_id == linking.app_id)
    screen = await link_card(services, item.view, linking, text, is_demo=is_demo)
    return [_into(linking.message_id, screen)]


async def _link_failed(item: OutboxItem, services: Services, text: Renderer) -> list[Delivery]:
    linking = await services.linking.linking(item.view.seller_id, item.payload["linking_id"])
    return [_into(linking.message_id, failed_screen(linking.platform, item.payload.get("code", ""), text))]


async def _backfill_progress(item: OutboxItem, services: Services, text: Renderer) -> list[Delivery]:
    shop_id = item.payload["shop_id"]
    message_id = await _import_message(item, services, shop_id)
    if message_id is None:
        return []
    return [_into(message_id, linked_screen(await services.shops.progress(shop_id), text))]


async def _backfill_done(item: OutboxItem, services: Services, text: Renderer) -> list[Delivery]:
    """Close the import's message, and show by a real order how an alert will look."""
    shop_id = item.payload["shop_id"]
    message_id = await _import_message(item, services, shop_id)
    progress = await services.shops.progress(shop_id)
    done = _into(message_id, linked_screen(progress, text))
    page = await services.orders.page(_as_visitor(item), OrderFilter.ALL)
    row = next((each for each in page.rows if each.shop_name == progress.shop.name), None)
    if message_id is None or row is None:
        return [done]
    sample = await services.orders.card_for(item.view.seller_id, row.order_id)
    test = new_order_screen(sample, text, is_test=True)
    return [done, Delivery(test, silent=test.silent)]


async def _daily_card(item: OutboxItem, services: Services, text: Renderer) -> list[Delivery]:
    payload = item.payload
    card = await services.schedules.card(item.view, date.fromisoformat(payload["day"]))
    skipped = int(payload["skipped"])
    return [Delivery(daily_card_screen(card, text, is_late="is_late" in payload, skipped=skipped))]


async def _shop_cut_off(item: OutboxItem, services: Services, text: Renderer) -> list[Delivery]:
    shops = await services.shops.list_shops(_as_visitor(item))
    return [Delivery(cut_off_screen(shop, text)) for shop in shops if shop.id == item.payload["shop_id"]]


async def _shop_moved(item: OutboxItem, services: Services, text: Renderer) -> list[Delivery]:
    """Bring every message that shows the shop in this view up to date."""
    shop_id = item.payload["shop_id"]
    cards = await services.cards.of(item.view.seller_id, SHOP, shop_id)
    here = [card for card in cards if card.view_id == item.view.id]
    if not here:
        return []
    onlooker = await services.prices.onlooker(item.view, item.chat)
    member = Member(item.view.seller_id, "", "", onlooker.role)
    visitor = Visitor(item.chat, item.view, member)
    details = await services.shops.details(visitor, shop_id)
    screen = await shop_card(services, visitor, details, text)
    return [Delivery(screen, "edit", each.message_id) for each in here if each.version < screen.version]


async def _authorisation_ending(item: OutboxItem, services: Services, text: Renderer) -> list[Delivery]:
    """Tell of a link that ends or has ended, unless somebody has linked the shop again or let it go."""
    at = datetime.fromisoformat(item.payload["at"])
    shop = await services.authorisations.still(item.view.seller_id, item.payload["shop_id"], at)
    return [Delivery(authorisation_screen(shop, at, text))] if shop else []


async def _health_worse(item: OutboxItem, services: Services, text: Renderer) -> list[Delivery]:
    """Ring: a shop stands worse with its platform; what is well again by now is not told."""
    card = await services.health.card(item.view.seller_id, item.payload["shop_id"])
    screen = worse_screen(card, item.payload["worse"].split(), text)
    return [Delivery(screen)] if screen else []


async def _writes_switched(item: OutboxItem, services: Services, text: Renderer) -> list[Delivery]:
    """Tell that somebody paused or resumed, unless that has turned meanwhile."""
    writes = await services.pausing.look_at(item.view.seller_id)
    if (writes.pause is not None) is not (item.kind is EventKind.WRITES_PAUSED):
        return []
    who = await services.pausing.name_of(item.view.seller_id, item.payload["by"])
    return [Delivery(pause_told_screen(writes, who, text))]


async def _restored(item: OutboxItem, _services: Services, text: Renderer) -> list[Delivery]:
    return [Delivery(restored_screen(datetime.fromisoformat(item.payload["taken_at"]), text))]


async def _import_message(item: OutboxItem, services: Services, shop_id: str) -> int | None:
    cards = await services.cards.of(item.view.seller_id, IMPORT, shop_id)
    return max((card.message_id for card in cards if card.view_id == item.view.id), default=None)


def _into(message_id: int | None, screen: Screen) -> Delivery:
    return Delivery(screen, "edit", message_id) if message_id is not None else Delivery(screen)


def _as_visitor(item: OutboxItem) -> Visitor:
    """Return the view itself as a visitor: nobody is looking, and nothing but reading is asked for."""
    nobody = Member(item.view.seller_id, "", "", Role.VIEWER)
    return Visitor(item.chat, item.view, nobody)


_BY_KIND: dict[EventKind, Callable[[OutboxItem, Services, Renderer], Awaitable[list[Delivery]]]] = {
    EventKind.RESTORED: _restored,
    EventKind.ORDER_PLACED: _order_placed,
    EventKind.ORDER_CANCELLED: _order_cancelled,
    EventKind.ORDER_MOVED: _order_moved,
    EventKind.ORDER_ALERT_GREW: _order_alert_grew,
    EventKind.PROPOSAL_ASKED: _proposal_asked,
    EventKind.PROPOSAL_MOVED: _proposal_moved,
    EventKind.BULK_ASKED: bulk_asked,
    EventKind.BULK_MOVED: bulk_moved,
    EventKind.BULK_WAIT_FAILED: bulk_wait_failed,
    EventKind.LINK_RETURNED: _link_returned,
    EventKind.LINK_FAILED: _link_failed,
    EventKind.BACKFILL_PROGRESS: _backfill_progress,
    EventKind.BACKFILL_DONE: _backfill_done,
    EventKind.DAILY_CARD: _daily_card,
    EventKind.SHOP_CUT_OFF: _shop_cut_off,
    EventKind.HEALTH_WORSE: _health_worse,
    EventKind.LOCK_ENDED: _lock_ended,
    EventKind.WAIT_FAILED: _wait_failed,
    EventKind.AUTHORISATION_ENDING: _authorisation_ending,
    EventKind.SHOP_MOVED: _shop_moved,
    EventKind.STOCK_MOVED: _stock_moved,
    EventKind.LISTING_EDIT_MOVED: _listing_edit_moved,
    EventKind.REVIEW_LOW: _review_low,
    EventKind.REVIEW_MOVED: _review_moved,
    EventKind.WRITES_PAUSED: _writes_switched,
    EventKind.WRITES_RESUMED: _writes_switched,
    EventKind.STOCK_LOW: _stock_low,
    EventKind.STOCK_LOW_MOVED: _stock_low_moved,
    EventKind.BATCH_MOVED: batch_moved,
    EventKind.LABELS_READY: labels_ready,
    EventKind.PULL_OUT: pull_out,
    EventKind.CUT_OFF_NEAR: cut_off_near,
    EventKind.RETURN_ASKED: return_asked,
    EventKind.RETURN_DUE: return_due,
    EventKind.RETURN_MOVED: return_moved,
    EventKind.RETURN_BACK: return_back,
}
