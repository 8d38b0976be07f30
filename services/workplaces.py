"""Where a file is made that is to be sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory


@contextmanager
def workplace() -> Iterator[Path]:
    """Lend a folder for a file that is made to be sent; it goes away with everything in it."""
    with TemporaryDirectory(prefix="storesync-export-") as folder:
        yield Path(folder)
