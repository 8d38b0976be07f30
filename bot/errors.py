"""Whatever is raised while an update is handled ends here: a sentence, or a reference to the log."""

import secrets

import structlog
from telegram import Update
from telegram.ext import ApplicationHandlerStop

from bot.context import Ctx
from bot.reply import refuse
from bot.screen import Screen
from bot.views.errors import broke_screen, error_screen
from domain.errors import PlatformError, StoreSyncError
from domain.meters import Outcome

log = structlog.get_logger("storesync.bot.errors")

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 characters that nobody takes for one another when a reference is read aloud."""


async def explain(update: object, ctx: Ctx) -> None:
    """Tell the person in his language; nothing else is done with this update."""
    try:
        if isinstance(update, Update) and ctx.error:
            ctx.errand.outcome = _outcome(ctx.error)
            await refuse(ctx, await _screen(ctx.error, ctx))
    except Exception:
        log.exception("update.unexplained", source=ctx.source_key)
    raise ApplicationHandlerStop


def _outcome(error: Exception) -> Outcome:
    """A refusal is an answer; a platform that fails, or we, is a failure for the person."""
    is_answer = isinstance(error, StoreSyncError) and not isinstance(error, PlatformError)
    return Outcome.REFUSED if is_answer else Outcome.FAILED


async def _screen(error: Exception, ctx: Ctx) -> Screen:
    if isinstance(error, StoreSyncError):
        log.info("update.refused", source=ctx.source_key, code=error.code)
        typed = () if ctx.errand.press else ctx.words
        return error_screen(error, ctx.text, typed)
    reference = "".join(secrets.choice(_ALPHABET) for _ in range(4))
    log.error("update.broke", source=ctx.source_key, reference=reference, exc_info=error)
    await _keep(reference, error, ctx)
    return broke_screen(reference, ctx.text)


async def _keep(reference: str, error: Exception, ctx: Ctx) -> None:
    """Let the host find what stands behind the reference; the person is answered all the same."""
    seller_id = "" if ctx.is_stranger else ctx.visitor.seller_id
    try:
        await ctx.services.host.broke(reference, type(error).__name__, ctx.source_key, seller_id)
    except Exception:
        log.exception("reference.not_kept", reference=reference)
