"""Write the next migration: the difference between the newest one and the tables. Read it before you trust it."""

import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import create_engine

from storage.migrate import SCRIPTS, configuration, move


def write(message: str) -> None:
    number = len(list((SCRIPTS / "versions").glob("*.py"))) + 1
    config = configuration()
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{Path(folder) / 'empty.db'}")
        with engine.begin() as conn:
            if number > 1:
                move(conn, command.upgrade, "head")
            config.attributes["connection"] = conn
            command.revision(config, message, autogenerate=True, rev_id=f"{number:04}")
        engine.dispose()
    for script in (SCRIPTS / "versions").glob(f"{number:04}_*.py"):
        lines = script.read_text("utf-8").splitlines(keepends=True)
        script.write_text("".join(line for line in lines if "# ###" not in line), "utf-8")


if __name__ == "__main__":
    write(" ".join(sys.argv[1:]))
