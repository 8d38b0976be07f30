"""What is done about a return, up to the button that sends it. What acts is `buttons`."""

from telegram import Update
from telegram.error import TelegramError

from bot import questions
from bot.context import Ctx
from bot.reply import reply
from bot.return_cards import DRAFT_MINUTES, accept_card, draft_card
from bot.views.return_actions import ask_amount_screen, ask_words_screen, offers_screen, reasons_screen
from bot.words import one, page_number, solution_of
from domain.chats import PRIVATE
from domain.errors import Conflict, InputError, NotAllowed, NotFound
from domain.return_actions import ReturnAction, ReturnActionKind
from services.return_actions import DisputeForm
from services.returns import ReturnCard


async def ask_accept(update: Update, ctx: Ctx) -> None:
    """Say what accepting costs; the Yes carries the ticket."""
    await _ask(update, ctx, ReturnActionKind.ACCEPT)


async def ask_take(update: Update, ctx: Ctx) -> None:
    """Say what taking the buyer's offer costs; the Yes carries the ticket."""
    await _ask(update, ctx, ReturnActionKind.ACCEPT_OFFER)


async def choose_offer(update: Update, ctx: Ctx) -> None:
    """Ask the platform what may be offered, and the person which."""
    card = await _card(ctx)
    offers = await ctx.services.return_actions.offers(ctx.visitor, card.back.id)
    await reply(update, ctx, offers_screen(card, offers, ctx.text))


async def ask_offer(update: Update, ctx: Ctx) -> None:
    """Ask how much is offered; where the platform leaves no choice, ask whether to offer it."""
    card, solution = await _card(ctx), solution_of(ctx.words[1:])
    offers = await ctx.services.return_actions.offers(ctx.visitor, card.back.id)
    wanted = next((each for each in offers if each.solution is solution), None)
    if wanted is None:
        raise Conflict("moved_on")
    if wanted.most is None:
        draft = await ctx.services.return_actions.offer(ctx.visitor, card.back.id, solution, None)
        await show_draft(update, ctx, draft)
        return
    about = {"return_id": card.back.id, "solution": solution.value, "currency": wanted.most.currency}
    await ctx.services.dialogues.ask(ctx.visitor, questions.RETURN_AMOUNT, about)
    await reply(update, ctx, ask_amount_screen(card, wanted, ctx.text))


async def choose_reason(update: Update, ctx: Ctx) -> None:
    """Ask the platform what counts against a return, and the person which it is."""
    _assert_private(ctx)
    card = await _card(ctx)
    reasons = await ctx.services.return_actions.reasons(ctx.visitor, card.back.id)
    await reply(update, ctx, reasons_screen(card, reasons, ctx.text))


async def begin_dispute(update: Update, ctx: Ctx) -> None:
    """Begin to put a dispute together for the reason a button names."""
    _assert_private(ctx)
    reason_id = one(ctx.words[1:])
    draft = await ctx.services.return_actions.object_to(ctx.visitor, one(ctx.words), reason_id)
    await show_draft(update, ctx, draft)


async def use_packing_photo(update: Update, ctx: Ctx) -> None:
    """Hand over the photo that was kept when the parcel was packed."""
    draft = await ctx.services.return_actions.draft(ctx.visitor, one(ctx.words))
    card = await ctx.services.returns.card(ctx.visitor.seller_id, draft.return_id)
    if not card.packing_photos:
        raise NotFound("button_unknown")
    await add_picture(update, ctx, draft.id, card.packing_photos[0])


async def go_on(update: Update, ctx: Ctx) -> None:
    """Look at the next proof, or at what comes after the last."""
    step = page_number("".join(ctx.words[1:2]))
    draft = await ctx.services.return_actions.go_on(ctx.visitor, one(ctx.words), step)
    await show_draft(update, ctx, draft)


async def ask_words(update: Update, ctx: Ctx) -> None:
    """Ask what the seller has to say himself against a return."""
    _assert_private(ctx)
    draft = await ctx.services.return_actions.draft(ctx.visitor, one(ctx.words))
    card = await ctx.services.returns.card(ctx.visitor.seller_id, draft.return_id)
    await ctx.services.dialogues.ask(
        ctx.visitor, questions.RETURN_WORDS, {"action_id": draft.id}, DRAFT_MINUTES
    )
    await reply(update, ctx, ask_words_screen(card, draft, ctx.text))


async def add_picture(update: Update, ctx: Ctx, action_id: str, file_id: str) -> None:
    """Fetch a picture from Telegram and hand it over for the proof that is looked at."""
    try:
        content = await ctx.sender.fetch(file_id)
    except TelegramError:
        raise InputError("photo_gone") from None
    draft = await ctx.services.return_actions.add_picture(ctx.visitor, action_id, content)
    await show_draft(update, ctx, draft)


async def show_draft(update: Update, ctx: Ctx, draft: ReturnAction) -> None:
    """Show what a draft asks for next, and wait for its answer."""
    card = await ctx.services.returns.card(ctx.visitor.seller_id, draft.return_id)
    form = await ctx.services.return_actions.form(draft)
    flow = _waits_for(draft, form)
    if flow:
        about = {"action_id": draft.id}
        await ctx.services.dialogues.ask(ctx.visitor, flow, about, DRAFT_MINUTES)
    else:
        await ctx.services.dialogues.end(ctx.visitor)
    await reply(update, ctx, await draft_card(ctx.services, ctx.visitor, card, draft, form, ctx.text))


def _waits_for(draft: ReturnAction, form: DisputeForm) -> str:
    """Return the question that a draft leaves open."""
    if draft.kind is not ReturnActionKind.DISPUTE:
        return ""
    if draft.step < len(draft.proofs):
        return questions.RETURN_PROOF
    return questions.RETURN_EMAIL if form.asks_address and not draft.email else ""


async def _ask(update: Update, ctx: Ctx, kind: ReturnActionKind) -> None:
    card = await _card(ctx)
    await reply(update, ctx, await accept_card(ctx.services, ctx.visitor, card, kind, ctx.text))


async def _card(ctx: Ctx) -> ReturnCard:
    return await ctx.services.returns.card(ctx.visitor.seller_id, one(ctx.words))


def _assert_private(ctx: Ctx) -> None:
    """Photos and an address are nothing for a group."""
    if ctx.visitor.chat.kind != PRIVATE:
        raise NotAllowed("private_only")
