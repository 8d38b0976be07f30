"""Roles: each may do all that the ones below it may; a view caps, never raises."""

import pytest

from domain.people import Role, may_give
from domain.tickets import Action
from tests.factories import SELLER, visitor

ORDER = [Role.VIEWER, Role.PACKER, Role.MANAGER, Role.OWNER]


@pytest.mark.parametrize("role", ORDER)
@pytest.mark.parametrize("needed", ORDER)
def test_a_role_may_what_is_asked_of_it_or_less(role: Role, needed: Role) -> None:
    assert role.may(needed) is (ORDER.index(role) >= ORDER.index(needed))


@pytest.mark.parametrize("role", ORDER)
@pytest.mark.parametrize("cap", ORDER)
def test_a_view_caps_the_role(role: Role, cap: Role) -> None:
    assert visitor(role, role_cap=cap).role is min(role, cap, key=ORDER.index)


def test_a_visitor_is_where_the_view_is() -> None:
    assert visitor().seller_id == SELLER


GIVEN = {
    Role.OWNER: {Role.VIEWER, Role.PACKER, Role.MANAGER, Role.OWNER},
    Role.MANAGER: {Role.VIEWER, Role.PACKER},
}


@pytest.mark.parametrize("giver", ORDER)
def test_owners_give_any_role_and_managers_those_below_their_own(giver: Role) -> None:
    assert {role for role in ORDER if may_give(giver, role)} == GIVEN.get(giver, set())


def test_only_the_buttons_that_make_somebody_something_give_a_role() -> None:
    assert {action.value: action.role for action in Action if action.role} == {
        "make_viewer": Role.VIEWER,
        "make_packer": Role.PACKER,
        "make_manager": Role.MANAGER,
        "make_owner": Role.OWNER,
    }
