"""What the host's chat is told. Only hosts read it."""

from bot.render import Renderer
from bot.screen import Screen
from domain.notices import Feedback, HostNote


def note_screen(note: HostNote, text: Renderer) -> Screen:
    """Say what is wrong with the installation, and what to do."""
    return Screen(text.render("host/note.html.j2", kind=note.kind, facts=note.facts, at=note.created_at))


def feedback_note_screen(written: Feedback, text: Renderer) -> Screen:
    """Pass on what somebody wrote, with what stands behind their reference."""
    return Screen(text.render("host/feedback.html.j2", written=written, broke=written.broke))
