"""Groups: privacy, membership, migration, topics."""

from tests.simulator.telegram.partners import BotSide, Phone, until


async def texts(bot: BotSide) -> list[str]:
    return [update["message"].get("text", "") for update in await bot.updates() if "message" in update]


async def drained(bot: BotSide) -> None:
    await bot.ok("deleteWebhook", drop_pending_updates=True)


async def test_bot_is_told_where_it_was_added(bot: BotSide, phone: Phone) -> None:
    chat_id = await phone.group()
    change, joined = await bot.updates()
    member = change["my_chat_member"]
    assert (member["old_chat_member"]["status"], member["new_chat_member"]["status"]) == ("left", "member")
    assert (member["chat"]["id"], member["from"]["id"]) == (chat_id, phone.user_id)
    assert joined["message"]["new_chat_members"][0]["username"] == "PackerBot"


async def test_privacy_hides_what_is_not_for_the_bot(bot: BotSide, phone: Phone) -> None:
    chat_id = await phone.group()
    own = await bot.ok("sendMessage", chat_id=chat_id, text="mine")
    await drained(bot)
    assert (await phone.says("chatter", chat_id))["update_id"] is None
    await phone.says("/orders", chat_id)
    await phone.says("/orders@PackerBot now", chat_id)
    await phone.says("/orders@OtherBot", chat_id)
    await phone.says("hey @packerbot", chat_id)
    await phone.says("hey @somebody", chat_id)
    await phone.says("a reply", chat_id, reply_to_message_id=own["message_id"])
    assert await texts(bot) == ["/orders", "/orders@PackerBot now", "hey @packerbot", "a reply"]
    await phone.patch(f"chats/{chat_id}", action="admin")
    await drained(bot)
    await phone.says("chatter", chat_id)
    assert await texts(bot) == ["chatter"]


async def test_blocked_bot_cannot_send_until_unblocked(bot: BotSide, phone: Phone) -> None:
    await phone.patch(f"chats/{phone.user_id}", action="block")
    for method, args in (("sendMessage", {"text": "x"}), ("sendChatAction", {"action": "typing"})):
        answer = await bot.refused(method, chat_id=phone.user_id, **args)
        assert answer == (403, "Forbidden: bot was blocked by the user")
    await phone.patch(f"chats/{phone.user_id}", action="unblock")
    await bot.ok("sendMessage", chat_id=phone.user_id, text="x")
    statuses = [update["my_chat_member"]["new_chat_member"]["status"] for update in await bot.updates()]
    assert statuses == ["kicked", "member"]


async def test_kicked_bot_is_forbidden(bot: BotSide, phone: Phone) -> None:
    for kind in ("group", "supergroup"):
        chat_id = await phone.group(kind)
        await phone.patch(f"chats/{chat_id}", action="kick_bot")
        answer = await bot.refused("sendMessage", chat_id=chat_id, text="x")
        assert answer == (403, f"Forbidden: bot was kicked from the {kind} chat")
        await phone.patch(f"chats/{chat_id}", action="add_bot")
        await bot.ok("sendMessage", chat_id=chat_id, text="x")


async def test_migration_changes_the_id_and_the_numbers(bot: BotSide, phone: Phone) -> None:
    old = await phone.group()
    sent = await bot.ok("sendMessage", chat_id=old, text="before")
    await drained(bot)
    new = (await phone.patch(f"chats/{old}", action="migrate"))["chat"]
    assert new["type"] == "supergroup"
    assert str(new["id"]).startswith("-100")
    left, came = [update["message"] for update in await bot.updates()]
    assert (left["chat"]["id"], left["migrate_to_chat_id"]) == (old, new["id"])
    assert (came["chat"]["id"], came["migrate_from_chat_id"]) == (new["id"], old)
    response = await bot.call("sendMessage", chat_id=old, text="x")
    assert response.status_code == 400
    assert response.json() == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": new["id"]},
    }
    answer = await bot.refused(
        "editMessageText", chat_id=new["id"], message_id=sent["message_id"] + 50, text="x"
    )
    assert answer == (400, "Bad Request: message to edit not found")
    await bot.ok("sendMessage", chat_id=new["id"], text="after")


async def test_people_come_and_go(bot: BotSide, phone: Phone) -> None:
    chat_id = await phone.group()
    budi = await phone.person("Budi")
    await drained(bot)
    await phone.patch(f"chats/{chat_id}", action="add_member", user_id=budi)
    assert (await bot.ok("getChatMember", chat_id=chat_id, user_id=budi))["status"] == "member"
    await phone.patch(f"chats/{chat_id}", action="remove_member", user_id=budi)
    assert (await bot.ok("getChatMember", chat_id=chat_id, user_id=budi))["status"] == "left"
    joined, left = [update["message"] for update in await bot.updates()]
    assert joined["new_chat_members"][0]["id"] == budi
    assert left["left_chat_member"]["id"] == budi
    services = [message["service"] for message in await phone.sees(chat_id)]
    assert services == ["Sari added Packer", "Budi added Budi", "Budi left the group"]
    outsider = await phone.http.post(
        "/client/messages", json={"chat_id": chat_id, "user_id": budi, "text": "x"}
    )
    assert outsider.status_code == 400


async def test_members_are_known(bot: BotSide, phone: Phone) -> None:
    chat_id = await phone.group("supergroup")
    (owner,) = await bot.ok("getChatAdministrators", chat_id=chat_id)
    assert (owner["status"], owner["user"]["id"]) == ("creator", phone.user_id)
    assert await bot.refused("getChatMember", chat_id=chat_id, user_id=5) == (
        400,
        "Bad Request: PARTICIPANT_ID_INVALID",
    )
    assert await bot.refused("getChatMember", chat_id=chat_id, user_id=0) == (
        400,
        "Bad Request: invalid user_id specified",
    )
    assert await bot.refused("getChatAdministrators", chat_id=phone.user_id) == (
        400,
        "Bad Request: there are no administrators in the private chat",
    )
    chat = await bot.ok("getChat", chat_id=chat_id)
    assert (chat["title"], chat["type"], chat["max_reaction_count"]) == ("Packers", "supergroup", 11)


async def test_anonymous_administrator_writes_as_the_group(bot: BotSide, phone: Phone) -> None:
    chat_id = await phone.group("supergroup")
    await drained(bot)
    await phone.says("/pause", chat_id, as_group=True)
    (update,) = await bot.updates()
    message = update["message"]
    assert (message["from"]["username"], message["sender_chat"]["id"]) == ("GroupAnonymousBot", chat_id)


async def test_topic_is_an_address_of_its_own(bot: BotSide, phone: Phone) -> None:
    chat_id = await phone.group("supergroup", is_forum=True)
    await drained(bot)
    await phone.says("/orders", chat_id, thread_id=7)
    (update,) = await bot.updates()
    assert (update["message"]["message_thread_id"], update["message"]["is_topic_message"]) == (7, True)
    assert update["message"]["chat"]["is_forum"] is True
    sent = await bot.ok("sendMessage", chat_id=chat_id, text="here", message_thread_id=7)
    assert sent["message_thread_id"] == 7
    for thread_id in (1, 8):  # the General topic has no number that can be sent to
        answer = await bot.refused("sendMessage", chat_id=chat_id, text="x", message_thread_id=thread_id)
        assert answer == (400, "Bad Request: message thread not found")
    shown = await until(lambda: phone.sees(chat_id))
    assert [message["thread_id"] for message in shown] == [None, 7, 7]


async def test_closed_and_deleted_topics_take_nothing(bot: BotSide, phone: Phone) -> None:
    chat_id = await phone.group("supergroup", is_forum=True)
    await phone.says("/orders", chat_id, thread_id=7)
    await drained(bot)
    target = {"chat_id": chat_id, "text": "x", "message_thread_id": 7}
    await phone.patch(f"chats/{chat_id}", action="close_topic", thread_id=7)
    assert await bot.refused("sendMessage", **target) == (400, "Bad Request: TOPIC_CLOSED")
    await phone.patch(f"chats/{chat_id}", action="reopen_topic", thread_id=7)
    await bot.ok("sendMessage", **target)
    closed, reopened = [update["message"] for update in await bot.updates()]
    assert ("forum_topic_closed" in closed, "forum_topic_reopened" in reopened) == (True, True)
    await phone.patch(f"chats/{chat_id}", action="delete_topic", thread_id=7)
    assert await bot.refused("sendMessage", **target) == (400, "Bad Request: message thread not found")
    assert [message["thread_id"] for message in await phone.sees(chat_id)] == [None]
