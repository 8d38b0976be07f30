"""A team and its groups in memory, as the bot sees them."""

from dataclasses import dataclass, field, replace

from domain.chats import Visitor
from domain.errors import NotFound
from domain.people import Invite, Member, Role, Seller
from services.people import ChatRef, UserRef
from services.team import Invitation, Team
from tests.unit.bot import records as r

HERE = Seller(r.SELLER, "Rumah Kita", r.at(-900))
ELSEWHERE = Seller("0e11e50e11e50e11", "Dapur Bu Tini", r.at(-90))


@dataclass
class Teams:
    members: dict[str, Member] = field(
        default_factory=lambda: {
            user_id: Member(r.SELLER, user_id, name, role)
            for user_id, name, role in (
                ("4711", "Sari", Role.OWNER),
                ("4712", "Ann", Role.MANAGER),
                ("4713", "Budi", Role.PACKER),
            )
        }
    )
    invited: list[Role] = field(default_factory=list)
    joined: list[str] = field(default_factory=list)

    async def team(self, visitor: Visitor) -> Team:
        return Team(HERE, tuple(self.members.values()), (ELSEWHERE,))

    async def member(self, visitor: Visitor, user_id: str) -> Member:
        if user_id not in self.members:
            raise NotFound("member_unknown")
        return self.members[user_id]

    async def invite(self, visitor: Visitor, role: Role) -> Invitation:
        self.invited.append(role)
        return Invitation(Invite("1" * 16, r.SELLER, role, r.at(24)), "T" * 22)

    async def join(self, visitor: Visitor, token: str) -> Visitor:
        self.joined.append(token)
        return visitor

    async def switch(self, visitor: Visitor, seller_id: str) -> Visitor:
        if seller_id != ELSEWHERE.id:
            raise NotFound("seller_unknown")
        return replace(visitor, view=replace(visitor.view, seller_id=seller_id))


@dataclass
class Groups:
    connected: list[int] = field(default_factory=list)

    async def connect(self, bot_id: str, chat: ChatRef, user: UserRef) -> Visitor:
        self.connected.append(chat.telegram_id)
        return r.visitor()

    async def set_cap(self, visitor: Visitor, role: Role) -> Visitor:
        return replace(visitor, view=replace(visitor.view, role_cap=role))

    async def toggle_shop(self, visitor: Visitor, shop_id: str) -> Visitor:
        return replace(visitor, view=replace(visitor.view, shops=frozenset({shop_id})))
