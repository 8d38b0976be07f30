"""Trouble on order: the next calls, or a share of them, go wrong in a way the real platform sometimes does."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from random import Random
from typing import Any

CALL_FAULTS = frozenset(
    {
        "latency",
        "server_error",
        "html",
        "broken_json",
        "rate_limit",
        "error",
        "timeout_before",
        "timeout_after",
    }
)
PUSH_FAULTS = frozenset({"push_lost", "push_doubled", "push_late", "push_reordered"})


class UnknownFaultError(ValueError):
    pass


@dataclass(slots=True)
class Fault:
    kind: str
    path: str = "*"
    """For calls: which paths, with * as a wildcard. For pushes: which code, or * for all."""
    left: int | None = 1
    """How many times more; None is without end."""
    probability: float = 1.0
    seconds: float = 0.0
    status: int = 500
    error: str = "error_system_busy"
    message: str = "Our system is taking some time to respond, please try later."
    after_effect: bool = False
    """The call takes effect and only its answer is lost."""


def parse_fault(fields: dict[str, Any]) -> Fault:
    """Read a fault from a control request; `count` names how many times, absent with a probability means always."""
    kind = str(fields.get("kind", ""))
    if kind not in CALL_FAULTS | PUSH_FAULTS:
        raise UnknownFaultError(f"Unknown fault {kind!r}: choose one of {sorted(CALL_FAULTS | PUSH_FAULTS)}.")
    probability = float(fields.get("probability", 1.0))
    left = fields.get("count", None if "probability" in fields else 1)
    fault = Fault(kind, str(fields.get("path", fields.get("push_code", "*"))), left, probability)
    if kind in {"timeout_before", "timeout_after"}:
        fault.seconds = 60.0
    for name in ("seconds", "status", "error", "message", "after_effect"):
        if name in fields:
            setattr(fault, name, fields[name])
    fault.after_effect = fault.after_effect or kind == "timeout_after"
    return fault


class Faults:
    """Draws the faults that hit one call or one push."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._faults.append(fault)

    def clear(self) -> None:
        self._faults.clear()

    def draw(self, subject: str, kinds: frozenset[str]) -> list[Fault]:
        hit = [fault for fault in self._faults if fault.kind in kinds and self._strikes(fault, subject)]
        for fault in hit:
            if fault.left is not None:
                fault.left -= 1
        self._faults = [fault for fault in self._faults if fault.left is None or fault.left > 0]
        return hit

    def _strikes(self, fault: Fault, subject: str) -> bool:
        return fnmatchcase(subject, fault.path) and self._random.random() < fault.probability
