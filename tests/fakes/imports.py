"""Files in, as the bot sees them: one list of prices, of which the screens' rows cannot be taken."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from domain.chats import Visitor
from domain.errors import InputError
from domain.imports import LIMITS
from services.imports import Intake
from tests.unit.bot import screens_imports as i


@dataclass
class Imports:
    """`intake` is what every file comes to; `answered` are the words that went back beside its rows."""

    intake: Intake = field(default_factory=i.intake)
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    answered: list[dict[int, str]] = field(default_factory=list)

    def check_size(self, size_bytes: int) -> None:
        if size_bytes > LIMITS.size_bytes:
            raise InputError("file_large", most=5)

    async def take(self, visitor: Visitor, name: str, content: bytes, folder: Path) -> Intake:
        self.taken.append((name, content))
        return self.intake

    async def answer(self, intake: Intake, words: Mapping[int, str], folder: Path) -> Path:
        self.answered.append(dict(words))
        path = folder / "prices-checked.xlsx"
        path.write_bytes(b"made")
        return path
