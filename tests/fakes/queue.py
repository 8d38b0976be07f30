"""A queue that only remembers: a test runs what was asked for when it wants to."""

from domain.queue import Task


class FakeQueue:
    """`asked` holds every request in order, repeats left out while they wait."""

    def __init__(self) -> None:
        self.asked: list[tuple[Task, tuple[str, ...]]] = []

    async def enqueue(self, task: Task, *ids: str) -> None:
        if (task, ids) not in self.asked:
            self.asked.append((task, ids))

    def take(self, task: Task) -> list[tuple[str, ...]]:
        """Return the ids of everything of one kind, and forget it."""
        found = [ids for each, ids in self.asked if each is task]
        self.asked = [each for each in self.asked if each[0] is not task]
        return found
