"""Named points at which a proof may end the process (`promises.md` R22).

Nothing happens at a failpoint unless a proof has armed it; the cost is one attribute test.
"""

from collections.abc import Callable

_armed: Callable[[str], None] | None = None


def arm(reached: Callable[[str], None] | None) -> None:
    """Call `reached(name)` at every failpoint from now on; None disarms."""
    global _armed  # noqa: PLW0603 - one switch for the process, set once at start
    _armed = reached


def failpoint(name: str) -> None:
    """Mark a point between two effects, where a crash must do no harm."""
    if _armed is not None:
        _armed(name)
