"""What /healthz asks: does the database answer."""

from pathlib import Path

from app.wiring import _answers
from storage.database import Database


async def test_a_database_that_answers_is_well_and_one_that_cannot_is_not(
    sqlite_database: Database, tmp_path: Path
) -> None:
    assert await _answers(sqlite_database)
    await sqlite_database.close()
    assert not await _answers(sqlite_database)
    gone = Database(f"sqlite:///{tmp_path / 'gone' / 'storesync.db'}")
    assert not await _answers(gone)
    await gone.close()
