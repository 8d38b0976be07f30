"""The people of a seller, one of them, and the invites that bring in more."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from bot.callbacks import Place, pack
from bot.foreign import cut
from bot.render import Renderer
from bot.screen import Button, Rows, Screen
from bot.views import labels
from bot.views.keyboards import home_row, in_rows, leads
from domain.chats import Visitor
from domain.people import Member, Role, Seller, may_give
from domain.tickets import Action
from services.team import Invitation, Team

MEMBERS_SHOWN = 10
_LABEL_COLUMNS = 20
ROLE_LABELS = {
    Role.VIEWER: labels.ROLE_VIEWER,
    Role.PACKER: labels.ROLE_PACKER,
    Role.MANAGER: labels.ROLE_MANAGER,
    Role.OWNER: labels.ROLE_OWNER,
}


def team_screen(team: Team, visitor: Visitor, text: Renderer) -> Screen:
    """List the team; whoever may change something opens a member by its button."""
    is_private = visitor.chat.kind == "private"
    few = team.members[:MEMBERS_SHOWN]
    shown = text.render(
        "team/list.html.j2",
        seller=team.seller,
        members=team.members,
        shown=few,
        more=len(team.members) - len(few),
        user_id=visitor.member.user_id,
        is_private=is_private,
    )
    people = [
        Button(cut(member.name, _LABEL_COLUMNS), pack(Place.MEMBER, member.user_id))
        for member in few
        if is_private and (visitor.role.may(Role.MANAGER) or member.user_id == visitor.member.user_id)
    ]
    elsewhere = [
        Button(text.label(labels.SWITCH_TO, seller=cut(seller.name, 12)), pack(Place.SELLER, seller.id))
        for seller in team.elsewhere
        if is_private
    ]
    invite = [leads(text, labels.INVITE, Place.INVITE)] if is_private and givable(visitor) else []
    return Screen(shown, (*in_rows(people, 2), *in_rows(elsewhere, 2), home_row(text, *invite)))


def givable(visitor: Visitor) -> list[Role]:
    """Return the roles this visitor may bring in, the least first."""
    return [role for role in Role if may_give(visitor.role, role)]


def member_screen(member: Member, tickets: Mapping[Action, str], text: Renderer, *, may_go: bool) -> Screen:
    """Show one member; `tickets` are the roles that may be given, `may_go` that he may be taken out."""
    shown = text.render("team/member.html.j2", member=member, is_changeable=bool(tickets))
    roles = [
        Button(text.label(labels.MAKE, role=text.label(ROLE_LABELS[action.role])), ticket)
        for action, ticket in tickets.items()
        if action.role
    ]
    out = [leads(text, labels.TAKE_OUT, Place.TAKE_OUT, member.user_id)] if may_go else []
    danger = [Button(each.text, each.data, style="danger") for each in out]
    rows: Rows = (*in_rows(roles, 2), *in_rows(danger, 1))
    return Screen(shown, (*rows, home_row(text, leads(text, labels.BACK, Place.TEAM))))


def ask_leave_screen(member: Member, seller: Seller, ticket: str, text: Renderer) -> Screen:
    """Ask before a member loses everything he may do."""
    yes = Button(text.label(labels.YES_TAKE_OUT), ticket, style="danger")
    no = leads(text, labels.NO_KEEP, Place.MEMBER, member.user_id)
    return Screen(text.render("team/leave.html.j2", member=member, seller=seller), ((yes,), (no,)))


def gone_screen(text: Renderer, *, is_self: bool) -> Screen:
    shown = text.render("team/gone.html.j2")
    return (
        Screen(shown) if is_self else Screen(shown, (home_row(text, leads(text, labels.TEAM, Place.TEAM)),))
    )


def roles_screen(seller: Seller, roles: Sequence[Role], text: Renderer) -> Screen:
    """Offer the roles somebody may be invited for."""
    shown = text.render("team/roles.html.j2", seller=seller, roles=roles)
    buttons = [Button(text.label(ROLE_LABELS[role]), pack(Place.INVITE_AS, role)) for role in roles]
    return Screen(shown, (*in_rows(buttons, 2), home_row(text, leads(text, labels.BACK, Place.TEAM))))


def invitation_screen(invitation: Invitation, username: str, text: Renderer) -> Screen:
    """Show an invite's link, and the words for where a link does nothing."""
    url = f"https://t.me/{username}?start={invitation.token}"
    shown = text.render(
        "team/invitation.html.j2",
        role=invitation.invite.role,
        until=invitation.invite.expires_at,
        token=invitation.token,
    )
    send = Button(text.label(labels.SEND_LINK), url=f"https://t.me/share/url?{urlencode({'url': url})}")
    copy = Button(text.label(labels.COPY_LINK), copy=url)
    return Screen(shown, ((send, copy), home_row(text, leads(text, labels.TEAM, Place.TEAM))))
