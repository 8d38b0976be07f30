"""Moves of a change in the database: only those of the state machine, only from where it was read."""

from dataclasses import replace

import pytest
from sqlalchemy import update

from domain.changes import Change, ChangeState
from domain.tickets import Action
from storage.database import Connection
from storage.repositories.changes import Changes
from storage.tables.changes import change as change_rows
from tests.integration.services.house import House
from tests.unit.domain.test_changes import ALLOWED


def put(conn: Connection, moved: Change, state: ChangeState) -> Change:
    conn.execute(update(change_rows).where(change_rows.c.id == moved.id).values(state=state, version=1))
    return replace(moved, state=state, version=1)


async def waiting(house: House) -> Change:
    await house.stocked()
    return (await house.propose(119000)).prices[0].change


async def test_a_move_that_does_not_exist_cannot_happen(house: House) -> None:
    change = await waiting(house)

    def work(conn: Connection) -> set[tuple[ChangeState, ChangeState]]:
        changes = Changes(conn, change.seller_id)
        return {
            (state, to)
            for state in ChangeState
            for to in ChangeState
            if changes.move(put(conn, change, state), to)
        }

    assert await house.database.write(work, "t") == ALLOWED


async def test_a_move_from_an_outdated_view_is_refused(house: House) -> None:
    change = await waiting(house)
    stranger = await house.found("Eve", 6666)

    def work(conn: Connection) -> list[bool]:
        ours, theirs = Changes(conn, change.seller_id), Changes(conn, stranger.seller_id)
        return [
            theirs.move(change, ChangeState.APPROVED),
            ours.move(replace(change, version=2), ChangeState.APPROVED),
            ours.move(replace(change, id="0" * 16), ChangeState.APPROVED),
            ours.move(change, ChangeState.APPROVED),
            ours.move(change, ChangeState.REJECTED),
        ]

    assert await house.database.write(work, "t") == [False, False, False, True, False]
    assert (await house.change(change.id)).version == 2


async def test_a_change_somebody_moved_is_not_held_any_longer(house: House) -> None:
    change = await waiting(house)

    def work(conn: Connection) -> list[bool]:
        changes, until = Changes(conn, change.seller_id), house.clock()
        return [
            changes.hold(change, until),
            changes.hold(replace(change, version=2), until),
            changes.hold(replace(change, state=ChangeState.UNKNOWN), until),
        ]

    assert await house.database.write(work, "t") == [True, False, False]


@pytest.mark.parametrize("state", [ChangeState.APPLYING, ChangeState.UNKNOWN])
async def test_no_proposal_supersedes_what_may_be_on_its_way(house: House, state: ChangeState) -> None:
    change = await waiting(house)
    await house.database.write(lambda conn: put(conn, change, state), "t")
    newer = await house.propose(118000)
    assert (await house.change(change.id)).state is state
    await house.press(newer, Action.REJECT)
