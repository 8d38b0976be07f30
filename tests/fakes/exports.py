"""Files out, as the bot sees them: made at once, of a few rows."""

from dataclasses import dataclass, field
from pathlib import Path

from domain.chats import Visitor
from domain.exports import Export, FileForm
from services.exports import MadeFile


@dataclass
class Exports:
    rows: dict[Export, int] = field(
        default_factory=lambda: {Export.PRODUCTS: 484, Export.ORDERS: 1920, Export.MOVEMENTS: 37}
    )
    made: list[tuple[Export, FileForm]] = field(default_factory=list)

    async def offered(self, visitor: Visitor) -> dict[Export, int]:
        return self.rows

    async def make(self, visitor: Visitor, what: Export, form: FileForm, folder: Path) -> MadeFile:
        self.made.append((what, form))
        path = folder / f"{what}.{form}"
        path.write_bytes(b"made")
        return MadeFile(path, what, self.rows[what], is_cut=False)
