"""Steps with their times, and the one line for programs at the end."""

import contextlib
import json
import sys
import time
import traceback
from collections.abc import Iterator


class Report:
    def __init__(self) -> None:
        self.steps = 0
        self.failed: list[str] = []
        self.figures: dict[str, float | int] = {}
        self._began = time.perf_counter()

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Run one step; its failure is noted and ends the tour."""
        began = time.perf_counter()
        self.steps += 1
        try:
            yield
        except BaseException:
            self.failed.append(name)
            say(f"FAILED  {name}")
            raise
        say(f"{time.perf_counter() - began:8.3f} s  {name}")

    def figure(self, name: str, value: float) -> None:
        """Keep a figure for the last line."""
        self.figures[name] = round(value, 3)

    def end(self, violations: int) -> int:
        """Print the line for programs; return the exit code."""
        seconds = round(time.perf_counter() - self._began, 2)
        line = {"steps": self.steps, "failed": len(self.failed), "violations": violations, "seconds": seconds}
        say(json.dumps(line | self.figures))
        return 1 if self.failed or violations else 0


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def say_why(error: BaseException) -> None:
    """Print what went wrong, where it is of use to whoever mends it."""
    sys.stdout.write("".join(traceback.format_exception(error)[-6:]))
    sys.stdout.flush()
