"""What a proof says at its end."""

import json
from dataclasses import dataclass, field


class Enough(Exception):
    """One violation is all that was asked for."""


@dataclass(slots=True)
class Verdict:
    """Trials made, violations found (each in words), and figures worth keeping.

    With `one_will_do` the first violation ends the proof with `Enough`.
    """

    id: str
    seed: int
    trials: int = 0
    violations: list[str] = field(default_factory=list)
    numbers: dict[str, float | int] = field(default_factory=dict)
    one_will_do: bool = False

    def check(self, holds: bool, otherwise: str) -> None:  # noqa: FBT001 - reads as a sentence
        """Count a violation, in words, unless what was promised holds."""
        if not holds:
            self.violations.append(otherwise)
            if self.one_will_do:
                raise Enough(otherwise)

    def line(self) -> str:
        return json.dumps(
            {
                "id": self.id,
                "trials": self.trials,
                "violations": len(self.violations),
                "numbers": self.numbers,
                "seed": self.seed,
            }
        )
