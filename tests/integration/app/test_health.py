"""What /healthz asks: does the database answer."""

from pathlib import Path

from app.health import answers
from storage.database import Database


async def test_a_database_that_answers_is_well_and_one_that_cannot_is_not(
    sqlite_database: Database, tmp_path: Path
) -> None:
    assert await answers(sqlite_database)
    await sqlite_database.close()
    assert not await answers(sqlite_database)
    gone = Database(f"sqlite:///{tmp_path / 'gone' / 'storesync.db'}")
    assert not await answers(gone)
    await gone.close()
