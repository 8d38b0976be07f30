"""What events of packing become in a chat: labels, a batch brought up to date, what must be pulled out."""

from datetime import datetime

from bot.delivery import Delivery
from bot.pack_cards import batch_card, called_off_card
from bot.render import Renderer
from bot.views.batch import SUBJECT, labels_screen, no_labels_screen
from bot.views.pack import cut_off_near_screen
from domain.parcels import PackState
from services import Services
from services.outbox import OutboxItem
from services.packing import Lane


async def batch_moved(item: OutboxItem, services: Services, text: Renderer) -> list[Delivery]:
    """Bring the message that shows a batch up to date; one that shows this already stays."""
    batch_id = item.payload["batch_id"]
    cards = await services.cards.of(item.view.seller_id, SUBJECT, batch_id)
    here = [card for card in cards if card.view_id == item.view.id]
    if not here:
        return []
    card = await services.packing.batch(item.view.seller_id, batch_id)
    screen = await batch_card(services, item.view, card, text)
    newest = max(here, key=lambda each: each.message_id)
    return [Delivery(screen, "edit", newest.message_id)] if newest.version < screen.version else []


async def labels_ready(item: OutboxItem, services: Services, text: Renderer) -> list[Delivery]:
    """Send the labels of a batch, or of one parcel, and bring the batch's message up to date."""
    seller_id = item.view.seller_id
    printed = await services.labels.fetch(seller_id, item.payload)
    batch_id = item.payload.get("batch_id", "")
    card = await services.packing.batch(seller_id, batch_id) if batch_id else None
    number = card.batch.number if card else 0
    papers = [
        Delivery(labels_screen(paper, picks, printed, number, text))
        for paper, picks in zip(printed.papers, printed.picks, strict=True)
    ]
    if not papers:
        papers = [Delivery(no_labels_screen(printed, text))]
    return [*papers, *(await batch_moved(item, services, text) if batch_id else [])]


async def pull_out(item: OutboxItem, services: Services, text: Renderer) -> list[Delivery]:
    """Ring: parcels of an order that somebody has in hand must not leave. One that is out already is not told."""
    seller_id, order_id = item.view.seller_id, item.payload["order_id"]
    parcels = await services.packing.of_order(seller_id, order_id)
    off = [each for each in parcels if each.state is PackState.PULL_OUT]
    if not off:
        return []
    card = await services.orders.card_for(seller_id, order_id)
    return [Delivery(await called_off_card(services, item.view, card, off, text))]


async def cut_off_near(item: OutboxItem, services: Services, text: Renderer) -> list[Delivery]:
    """Ring: a courier's time comes near; when all is packed by now, nothing is said."""
    courier, until = item.payload["courier"], datetime.fromisoformat(item.payload["until"])
    work = await services.packing.work_of(item.view)
    lane: Lane | None = next((each for each in work.lanes if each.courier == courier), None)
    if lane is None or not lane.waiting or lane.first_due is None or lane.first_due > until:
        return []
    return [Delivery(cut_off_near_screen(courier, lane, text, is_demo=work.is_demo))]
