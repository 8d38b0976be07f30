"""Roles: each may do all that the ones below it may; a view caps, never raises."""

import pytest

from domain.people import Role
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
