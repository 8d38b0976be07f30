"""`python -m bench [names] [--full]`: measure, print one line of JSON for each comparison."""

import argparse
import sys
from collections.abc import Sequence

from bench import answers, hooks, lists, order_storage, polls, start, workers
from bench.runner import Bench, run
from bench.scale import Scale

BENCHES: dict[str, Bench] = {
    "answers": answers.measure,
    "polls": polls.measure,
    "order_storage": order_storage.measure,
    "lists": lists.measure,
    "hooks": hooks.measure,
    "workers": workers.measure,
    "start": start.measure,
}
AIMS = answers.AIMS | polls.AIMS | order_storage.AIMS | lists.AIMS | hooks.AIMS | workers.AIMS | start.AIMS


def main(words: Sequence[str] | None = None) -> int:
    """Run what is named, or everything; 1 when something broke, whatever the figures say."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(BENCHES))
    parser.add_argument("--full", action="store_true", help="the sizes of the aims, which takes minutes")
    asked = parser.parse_args(words)
    if unknown := [name for name in asked.names if name not in BENCHES]:
        parser.error(f"there is no {unknown[0]}; there are {', '.join(BENCHES)}")

    def write(line: str) -> None:
        print(line, flush=True)

    return min(run(BENCHES, asked.names, Scale(is_full=asked.full), write), 1)


if __name__ == "__main__":
    sys.exit(main())
