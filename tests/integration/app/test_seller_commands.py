"""storesync seller: what a host sees, sets, takes out and deletes, typed at a terminal beside a running server."""

import json
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.wiring import open_store
from domain.clock import utc_now
from domain.meters import Meters
from services.feedback import FeedbackService
from services.host import HostService
from services.people import ChatRef, PeopleService, UserRef
from services.sellers import SellerService
from storage.database import Database
from tests.integration.app.test_commands import environment, settings
from tests.stage.process import shared_nursery

STEERING = "\x1b[2J"


@dataclass
class Desk:
    """A database with two sellers, and a host at a terminal."""

    variables: dict[str, str]
    database: Database

    async def type(self, *words: str, typed: str = "", noun: str = "seller") -> tuple[int, str, str]:
        """Run a command to its end; return its exit code and what it wrote."""
        code, told, complained = await shared_nursery().run(self.variables, noun, *words, typed=typed)
        assert "Traceback" not in complained
        return code, told, complained


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    variables = environment(tmp_path, LOG_LEVEL="ERROR")
    async with open_store(settings(variables)) as (database, _, _):
        people = PeopleService(database, utc_now, signup="open")
        for name, number in (("Sari", 4711), (f"Budi{STEERING}", 4712)):
            chat = ChatRef(number, "private", name)
            await people.admit("123456", chat, UserRef(str(number), name), "", "en")
        yield Desk(variables, database)


async def test_sellers_are_listed_for_people_and_for_programs(desk: Desk) -> None:
    code, told, _ = await desk.type("list")
    assert code == 0
    assert [line.split()[-1] for line in told.splitlines()] == ["name", "Sari", "Budi?[2J"]
    assert STEERING not in told
    code, told, _ = await desk.type("list", "--json")
    assert [(each["name"], each["members"]) for each in json.loads(told)] == [
        ("Sari", 1),
        (f"Budi{STEERING}", 1),
    ]


async def test_writes_are_paused_and_resumed_by_the_host(desk: Desk) -> None:
    code, told, _ = await desk.type("pause", "Sari")
    assert (code, "Nothing is sent" in told) == (0, True)
    code, told, _ = await desk.type("show", "Sari")
    assert "writes paused since" in told
    code, _, complained = await desk.type("pause", "Sari")
    assert (code, complained.strip()) == (2, "It is so already; nothing was changed.")
    code, told, _ = await desk.type("resume", "Sari")
    assert (code, "What waited is sent" in told) == (0, True)
    assert "paused" not in (await desk.type("show", "Sari"))[1]
    found = json.loads((await desk.type("list", "--json"))[1])
    assert [each["writes_paused_at"] for each in found] == [None, None]


async def test_a_limit_is_set_and_shown(desk: Desk) -> None:
    assert (await desk.type("limit", "Sari", "--percent", "12", "--shops", "3"))[0] == 0
    code, told, _ = await desk.type("show", "Sari")
    assert code == 0
    assert "percent 12" in told
    assert "shops 3" in told
    assert "member  owner    Sari" in told
    code, _, complained = await desk.type("limit", "Sari", "--percent", "500")
    assert (code, complained.strip()) == (2, "percent cannot be 500.")
    assert (await desk.type("limit", "Sari"))[0] == 2


async def test_a_seller_that_is_not_there_is_told(desk: Desk) -> None:
    code, told, complained = await desk.type("show", "Nobody")
    assert (code, told, complained.strip()) == (2, "", "There is no seller Nobody.")


async def test_everything_of_a_seller_is_written_into_a_new_file(desk: Desk, tmp_path: Path) -> None:
    into = tmp_path / "sari.zip"
    code, told, _ = await desk.type("export", "Sari", "--into", str(into))
    assert (code, "without secrets" in told) == (0, True)
    with zipfile.ZipFile(into) as packed:
        assert json.loads(packed.read("member.jsonl"))["name"] == "Sari"
        assert json.loads(packed.read("about.json"))["rows"]["seller"] == 1
    code, _, complained = await desk.type("export", "Sari", "--into", str(into))
    assert (code, "is there already" in complained) == (2, True)


async def test_a_seller_is_deleted_when_its_name_is_typed(desk: Desk) -> None:
    code, _, complained = await desk.type("delete", "Sari", typed="Sarah\n")
    assert code == 2
    assert "nothing was deleted" in complained
    code, told, _ = await desk.type("delete", "Sari", typed="sari\n")
    assert (code, "Deleted:" in told) == (0, True)
    assert (await desk.type("show", "Sari"))[0] == 2


async def test_a_program_deletes_without_being_asked(desk: Desk) -> None:
    code, told, _ = await desk.type("delete", "Sari", "--yes")
    assert (code, "Deleted:" in told) == (0, True)
    _, told, _ = await desk.type("list", "--json")
    assert len(json.loads(told)) == 1


async def test_what_sellers_wrote_and_what_broke_is_shown(desk: Desk) -> None:
    assert (await desk.type(noun="feedback"))[:2] == (0, "Nobody has written yet.\n")
    host = HostService(desk.database, utc_now, Meters())
    (sari, _) = await SellerService(desk.database, utc_now).all()
    await host.broke("K7Q2", "ZeroDivisionError", "inbox:412", sari.id)
    chat = ChatRef(4711, "private", "Sari")
    visitor = await PeopleService(desk.database, utc_now, signup="open").visit(
        "123456", chat, UserRef("4711", "Sari")
    )
    assert visitor
    await FeedbackService(desk.database, utc_now, host).give(visitor, f"K7Q2 empty{STEERING}")
    code, told, _ = await desk.type(noun="feedback")
    assert code == 0
    assert "K7Q2: ZeroDivisionError in inbox:412" in told
    assert "empty?[2J" in told
    assert (await desk.type("k7q2", noun="feedback"))[0] == 0
    assert (await desk.type("ZZZZ", noun="feedback"))[0] == 2
