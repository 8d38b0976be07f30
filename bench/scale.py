"""How much a run takes on itself."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """`is_full` asks for the sizes of the aims; a quick run says its smaller ones in its lines."""

    is_full: bool = False
