"""One line of a benchmark: a ratio over several rounds, and whether it reaches its aim."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

ROUNDS = 5
"""How often each side is measured, at the least."""

_AIM = re.compile(r"(<=|>=) (\d+(?:\.\d+)?)")
_DIGITS = 3
_COMPUTED = {"bench", "ratio", "spread", "aim", "ok"}


@dataclass(frozen=True, slots=True)
class Figure:
    """The ratios of one comparison, round by round; `facts` are printed beside it for the reader."""

    bench: str
    aim: str
    ratios: Sequence[float]
    facts: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not _AIM.fullmatch(self.aim):
            raise ValueError(f"an aim reads like '>= 0.5', not {self.aim!r}")
        if len(self.ratios) < ROUNDS:
            raise ValueError(f"{self.bench}: {len(self.ratios)} rounds are fewer than {ROUNDS}")
        if claimed := _COMPUTED & self.facts.keys():
            raise ValueError(f"{self.bench}: {', '.join(sorted(claimed))} cannot be claimed, only measured")

    def line(self) -> str:
        """Return the figure as one line of JSON; `ok` follows from what is printed and from nothing else."""
        middle = median(self.ratios)
        told = {
            "bench": self.bench,
            "ratio": round(middle, _DIGITS),
            "spread": round((max(self.ratios) - min(self.ratios)) / middle, _DIGITS),
            "aim": self.aim,
        }
        return json.dumps({**told, "ok": reaches(told), **self.facts})


def reaches(told: Mapping[str, object]) -> bool:
    """Tell whether a printed line reaches its aim, read back from its own ratio and aim."""
    found = _AIM.fullmatch(str(told["aim"]))
    if found is None:
        raise ValueError(f"no aim: {told['aim']!r}")
    ratio, bound = float(str(told["ratio"])), float(found[2])
    return ratio <= bound if found[1] == "<=" else ratio >= bound
