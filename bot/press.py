"""A pressed button waits for its answer: exactly one, at once, whatever the handler does."""

import asyncio

from bot.sender import Sender

_PATIENCE_S = 0.7
"""A phone shows a spinner from about 0.3 s on; a handler that takes longer answers by editing."""


class Press:
    """Answers one callback query once: with a toast, when it has waited long enough, or at the end."""

    def __init__(self, sender: Sender, query_id: str, *, patience_s: float = _PATIENCE_S) -> None:
        self._sender = sender
        self._query_id = query_id
        self._is_answered = False
        self._waiting = asyncio.get_running_loop().call_later(patience_s, self.answer)

    def answer(self, text: str = "", *, alert: bool = False) -> bool:
        """Answer; False when it was answered before, and so the text was not shown."""
        if self._is_answered:
            return False
        self._is_answered = True
        self._waiting.cancel()
        self._sender.answer(self._query_id, text, alert=alert)
        return True
