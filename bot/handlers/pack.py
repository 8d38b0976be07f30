"""/pack: the work list, a batch, numbers that pack, labels, handing over. What acts is `buttons`."""

import asyncio

from telegram import Update

from bot.context import Ctx
from bot.lane import Post
from bot.pack_cards import batch_card, hand_over_card, pull_out_card, scan_card, work_card
from bot.reply import delete_words, reply
from bot.views.batch import SUBJECT, photo_screen, pick_list_screen, picks_table, problems_screen
from bot.views.orders import orders_screen
from bot.views.pack import refused_screen
from bot.words import one
from domain.parcels import Scanned
from services.batches import Scan
from services.sheets import sheet
from services.views import OrderFilter

NUMBERS_AT_ONCE = 60


async def show_pack(update: Update, ctx: Ctx) -> None:
    """Answer /pack; a button's part names the shop. In a group there is the list of orders: labels are private."""
    if ctx.is_group:
        page = await ctx.services.orders.page(ctx.visitor, OrderFilter.TO_PACK)
        await reply(update, ctx, orders_screen(page, ctx.text))
        return
    work = await ctx.services.packing.work(ctx.visitor, "".join(ctx.words[:1]))
    await reply(update, ctx, await work_card(ctx.services, ctx.visitor, work, ctx.text))


async def after_take_end(update: Update, ctx: Ctx, _about: str) -> None:
    """Show the work list after something that ended."""
    ctx.errand.words = ()
    await show_pack(update, ctx)


async def open_batch(update: Update, ctx: Ctx) -> None:
    await show_batch(update, ctx, one(ctx.words))


async def show_batch(update: Update, ctx: Ctx, batch_id: str) -> None:
    """Show a batch; what moved while it was on its way to the chat is shown right after. Without one, the work list."""
    if not batch_id:
        await after_take_end(update, ctx, "")
        return
    seller_id, view = ctx.visitor.seller_id, ctx.visitor.view
    card = await ctx.services.packing.batch(seller_id, batch_id)
    await reply(update, ctx, await batch_card(ctx.services, view, card, ctx.text))
    latest = await ctx.services.packing.batch(seller_id, batch_id)
    if latest.batch.version != card.batch.version:
        await reply(update, ctx, await batch_card(ctx.services, view, latest, ctx.text))


async def after_print(update: Update, ctx: Ctx, batch_id: str) -> None:
    """Show a batch whose labels are on their way; the label of one parcel comes by itself."""
    if batch_id:
        await show_batch(update, ctx, batch_id)


async def send_pick_list(_update: Update, ctx: Ctx) -> None:
    """Send the pick list as a sheet; the batch stays where it is."""
    card = await ctx.services.packing.batch(ctx.visitor.seller_id, one(ctx.words))
    content = await asyncio.to_thread(sheet, picks_table(card, ctx.text), f"B{card.batch.number}")
    screen = pick_list_screen(card, content, ctx.text)
    await ctx.sender.show(Post(ctx.chat.telegram_id, screen, thread_id=ctx.chat.thread_id))


async def show_problems(update: Update, ctx: Ctx) -> None:
    card = await ctx.services.packing.batch(ctx.visitor.seller_id, one(ctx.words))
    await reply(update, ctx, problems_screen(card, ctx.text))


async def ask_hand_over(update: Update, ctx: Ctx) -> None:
    """Ask before a courier's parcels are handed over: those of the shop that is shown."""
    work = await ctx.services.packing.work(ctx.visitor, "".join(ctx.words[1:2]))
    screen = await hand_over_card(ctx.services, ctx.visitor, work, one(ctx.words), ctx.text)
    await reply(update, ctx, screen)


async def show_pull_outs(update: Update, ctx: Ctx) -> None:
    await reply(update, ctx, await pull_out_card(ctx.services, ctx.visitor, ctx.text))


async def after_pull(update: Update, ctx: Ctx, _order_id: str) -> None:
    await show_pull_outs(update, ctx)


async def show_refused(update: Update, ctx: Ctx) -> None:
    await reply(update, ctx, refused_screen(await ctx.services.packing.refused(ctx.visitor), ctx.text))


async def pack_numbers(update: Update, ctx: Ctx) -> bool:
    """Pack what these numbers name; False when the first means no parcel and the words something else."""
    if ctx.is_group or len(ctx.words) > NUMBERS_AT_ONCE:
        return False
    packed: list[Scan] = []
    for at, number in enumerate(ctx.words):
        scan = await ctx.services.packing.scan(ctx.visitor, number)
        if scan is None and not at:
            return False
        if scan and scan.result is Scanned.PACKED:
            packed.append(scan)
        elif scan:
            await reply(update, ctx, await scan_card(ctx.services, ctx.visitor.view, scan, ctx.text))
    if packed:
        await _show_packed(update, ctx, packed[-1])
    return True


async def _show_packed(update: Update, ctx: Ctx, scan: Scan) -> None:
    """Bring the batch's message up to date without waiting for it, and keep the chat short: the number goes."""
    if scan.batch is None:
        return
    visitor = ctx.visitor
    card = await ctx.services.packing.batch(visitor.seller_id, scan.batch.id)
    screen = await batch_card(ctx.services, visitor.view, card, ctx.text)
    cards = await ctx.services.cards.of(visitor.seller_id, SUBJECT, scan.batch.id)
    here = max((each.message_id for each in cards if each.view_id == visitor.view.id), default=None)
    if here is None:
        await reply(update, ctx, screen)
    else:
        ctx.sender.soon(Post(ctx.chat.telegram_id, screen, here, ctx.chat.thread_id))
    await delete_words(update, ctx)


async def keep_photo(update: Update, ctx: Ctx) -> None:
    """Keep a photo with the parcel packed last."""
    photos = update.message.photo if update.message else ()
    kept = None
    if photos and not ctx.is_group:
        largest = photos[-1]
        kept = await ctx.services.packing.keep_photo(ctx.visitor, largest.file_id, largest.file_unique_id)
    await reply(update, ctx, photo_screen(kept, ctx.text))
