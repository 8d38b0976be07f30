"""A photo that somebody sends: proof for a dispute where one is asked for, else it is kept with a parcel."""

from telegram import Update

from bot import questions
from bot.context import Ctx
from bot.handlers.pack import keep_photo
from bot.handlers.return_actions import add_picture


async def hear_photo(update: Update, ctx: Ctx) -> None:
    """Take a photo for what it was sent for."""
    dialogue = await ctx.services.dialogues.current(ctx.visitor)
    photos = update.message.photo if update.message else ()
    if dialogue and dialogue.flow == questions.RETURN_PROOF and photos and not ctx.is_group:
        await add_picture(update, ctx, dialogue.draft["action_id"], photos[-1].file_id)
        return
    await keep_photo(update, ctx)
