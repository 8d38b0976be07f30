"""What is asked while an answer to a return is put together: an amount, photos, an e-mail address, own words."""

from telegram import Update

from bot.context import Ctx
from bot.handlers.return_actions import show_draft
from bot.reply import delete_words
from bot.words import solution_of
from domain.amounts import parse_amount
from domain.errors import InputError, NotFound
from domain.money import Money


async def take_amount(update: Update, ctx: Ctx) -> None:
    """Put the typed offer together; one that cannot be leaves the question open."""
    about = await _about(ctx, "return_id")
    currency = about["currency"]
    amount = Money(parse_amount(" ".join(ctx.words), currency), currency)
    solution = solution_of((about["solution"],))
    draft = await ctx.services.return_actions.offer(ctx.visitor, about["return_id"], solution, amount)
    await show_draft(update, ctx, draft)


async def want_photo(_update: Update, ctx: Ctx) -> None:
    """Say that a photo is waited for, where words came."""
    await _about(ctx, "action_id")
    raise InputError("photo_needed")


async def take_email(update: Update, ctx: Ctx) -> None:
    """Take the typed address, and take it out of the chat; what is none leaves the question open."""
    about = await _about(ctx, "action_id")
    draft = await ctx.services.return_actions.answer_to(ctx.visitor, about["action_id"], "".join(ctx.words))
    await delete_words(update, ctx)
    await show_draft(update, ctx, draft)


async def take_own_words(update: Update, ctx: Ctx) -> None:
    """Take what the seller has to say, lines and all; what is too long leaves the question open."""
    about = await _about(ctx, "action_id")
    typed = (update.message.text or "") if update.message else ""
    draft = await ctx.services.return_actions.put_in_words(ctx.visitor, about["action_id"], typed)
    await show_draft(update, ctx, draft)


async def _about(ctx: Ctx, name: str) -> dict[str, str]:
    dialogue = await ctx.services.dialogues.current(ctx.visitor)
    if dialogue is None or name not in dialogue.draft:
        raise NotFound("button_unknown")
    return dialogue.draft
