"""Runs benchmarks one after the other and prints what each found."""

import asyncio
import sys
import traceback
from collections.abc import AsyncIterator, Callable, Mapping, Sequence

from bench.figures import Figure
from bench.scale import Scale

Bench = Callable[[Scale], AsyncIterator[Figure]]


def run(
    benches: Mapping[str, Bench], names: Sequence[str], scale: Scale, write: Callable[[str], object]
) -> int:
    """Run the named benchmarks (none: all of them), a line for each figure; return how many broke."""
    return sum(not asyncio.run(_ran(name, benches[name], scale, write)) for name in names or benches)


async def _ran(name: str, bench: Bench, scale: Scale, write: Callable[[str], object]) -> bool:
    try:
        async for figure in bench(scale):
            write(figure.line())
    except Exception:  # noqa: BLE001 - the other benchmarks shall still be run
        traceback.print_exc()
        print(f"{name} broke and has no figures", file=sys.stderr)
        return False
    return True
