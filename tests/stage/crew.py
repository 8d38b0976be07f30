"""A team around a seller, brought in as people are: by an invite's link; and the shops it sells in."""

from tests.stage.phone import Message, Phone
from tests.stage.stage import Stage


async def bring_in(stage: Stage, owner: Phone, name: str, role: str) -> Phone:
    """Have the owner invite somebody to a role (by its English name); return the newcomer's phone."""
    said = await owner.say("/team")
    team = await owner.sees("Team", after=said)
    await owner.press(team, "Invite")
    roles = await owner.offers(team, f"^{role}$")
    await owner.press(roles, f"^{role}$")
    invitation = await owner.offers(team, "Copy")
    link = str((await owner.press(invitation, "Copy"))["copied"])
    newcomer = await Phone.of(stage.phones, name)
    said = await newcomer.say(f"/start {link.partition('start=')[2]}")
    await newcomer.sees("", after=said)
    return newcomer


async def make_group(stage: Stage, title: str, *people: Phone, is_forum: bool = False) -> int:
    """Make a group with the bot in it, connected by the first of these people; return its id."""
    kind = "supergroup" if is_forum else "group"
    ids = [each.user_id for each in people]
    body = {"type": kind, "title": title, "user_ids": ids, "is_forum": is_forum}
    made = (await stage.phones.post("/client/chats", json=body)).raise_for_status().json()
    first = Phone(stage.phones, people[0].user_id, made["id"])
    await first.sees("I am here")
    said = await first.say(f"/start@{stage.telegram.engine.world.bot.username}")
    await first.sees("Shown here", after=said)
    return int(made["id"])


def seen_in(stage: Stage, person: Phone, chat_id: int) -> Phone:
    """Return this person's phone with another chat open."""
    return Phone(stage.phones, person.user_id, chat_id)


def data_of(stage: Stage, message: Message, chat_id: int) -> list[str]:
    """Return what stands behind the buttons of a message, which no person sees."""
    shown = stage.telegram.engine.world.chats[chat_id].messages[message.id]
    rows = (shown.content.keyboard or {}).get("inline_keyboard", [])
    return [button["callback_data"] for row in rows for button in row if "callback_data" in button]


async def choose_shop(phone: Phone, question: Message, platform: str, region: str = "ID") -> None:
    """Answer which shop is to be linked: the platform, where there are several, then its region."""
    asked = await phone.sees_in(question, "Which shop")
    if platform in asked.buttons:
        await phone.press(asked, f"^{platform}$")
    choice = await phone.offers(question, f"^{platform} {region}$")
    await phone.press(choice, f"^{platform} {region}$")
