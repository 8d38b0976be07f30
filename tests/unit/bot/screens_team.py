"""Sample screens of teams and groups."""

from collections.abc import Callable
from dataclasses import replace

from bot.render import Renderer
from bot.screen import Screen
from bot.views import groups, team
from domain.people import Invite, Member, Role
from domain.tickets import Action
from services.team import Invitation, Team
from tests.fakes.team import ELSEWHERE, HERE
from tests.unit.bot import records as r

Draw = Callable[[Renderer], Screen]

_TICKET = "c1:" + "A" * 22
_MEMBERS = tuple(
    Member(r.SELLER, str(4711 + at), name, role)
    for at, (name, role) in enumerate(
        (("Sari", Role.OWNER), ("Ann", Role.MANAGER), ("Budi", Role.PACKER), ("Wati", Role.VIEWER))
    )
)
_CROWD = tuple(Member(r.SELLER, str(5000 + at), f"Helper {at}", Role.PACKER) for at in range(12))
_GROUP = replace(r.visitor(), chat=replace(r.visitor().chat, kind="supergroup"))
_SHOPS = [r.shop(), r.shop(id="a2a2a2a2a2a2a2a2", name="Rumah Kita Malaysia")]


def _invited(role: Role) -> Draw:
    made = Invitation(Invite("1" * 16, r.SELLER, role, r.at(24)), "T" * 22)
    return lambda text: team.invitation_screen(made, "StoreSyncBot", text)


def _member(role: Role) -> Draw:
    tickets = {action: _TICKET for action in Action if action.role and action.role is not role}
    return lambda text: team.member_screen(replace(_MEMBERS[1], role=role), tickets, text, may_go=True)


TEAM: dict[str, Draw] = {
    "team": lambda text: team.team_screen(Team(HERE, _MEMBERS, (ELSEWHERE,)), r.visitor(), text),
    "team of many": lambda text: team.team_screen(Team(HERE, _CROWD, ()), r.visitor(), text),
    "team in a group": lambda text: team.team_screen(Team(HERE, _MEMBERS, ()), _GROUP, text),
    "team alone": lambda text: team.team_screen(Team(HERE, _MEMBERS[:1], ()), r.visitor(Role.VIEWER), text),
    **{f"member {role}": _member(role) for role in Role},
    "member oneself": lambda text: team.member_screen(_MEMBERS[3], {}, text, may_go=True),
    "member to leave": lambda text: team.ask_leave_screen(_MEMBERS[2], HERE, _TICKET, text),
    "member gone": lambda text: team.gone_screen(text, is_self=False),
    "invite roles": lambda text: team.roles_screen(HERE, list(Role), text),
    **{f"invite {role}": _invited(role) for role in Role},
    "group connected": lambda text: groups.connected_screen(HERE, "StoreSyncBot", text, may_change=True),
    "group greeted": lambda text: groups.hello_screen("StoreSyncBot", text),
    "group settings": lambda text: groups.group_screen(r.visitor().view, _SHOPS, text),
    "group narrowed": lambda text: groups.group_screen(
        replace(r.visitor().view, shops=frozenset({r.shop().id}), role_cap=Role.PACKER), _SHOPS, text
    ),
}
