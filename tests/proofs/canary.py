"""P17, `canary`: a marker in every secret field shows up nowhere, whatever breaks on the way."""

import base64
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote

import httpx

from bot.commands import COMMANDS
from domain.ids import new_token
from tests.proofs.trial import Scene, Trial, open_scene
from tests.proofs.verdict import Verdict
from tests.stage import Stage, until
from tests.stage.crew import bring_in, make_group
from tests.stage.seller import HOME_SHOP

FORCED = ("shopee.*:before", "telegram.*:before", "price.*:before_commit", "feedback.give:before_commit")
"""Where errors are raised with everything around them in their text: secrets, if there are any."""
FORCED_AT_LEAST = {
    "telegram.getUpdates:before",
    "telegram.sendMessage:before",
    "shopee.get_order_detail:before",
    "feedback.give:before_commit",
}
SHORTEST = 10
"""A piece of a secret of so many characters is a leak, too."""
FOR_THE_HOST = ("log", "web", "output of")
"""What buyers wrote is their seller's to read, and stands in none of these."""
OUTSIDE = (
    ("doctor",),
    ("seller", "list"),
    ("feedback",),
    ("audit-verify",),
)


@dataclass(slots=True)
class Places:
    """Everything StoreSync ever gave away or left behind, by where it was found."""

    held: dict[str, bytes] = field(default_factory=dict)

    def add(self, place: str, held: bytes) -> None:
        """Take something in, and what is packed in it."""
        self.held[place] = held
        if zipfile.is_zipfile(io.BytesIO(held)):
            with zipfile.ZipFile(io.BytesIO(held)) as packed:
                for name in packed.namelist():
                    self.held[f"{place}/{name}"] = packed.read(name)

    def hits(self, marks: Mapping[str, str], within: tuple[str, ...] = ("",)) -> Iterator[tuple[str, str]]:
        """Yield which mark stands where, in places whose names begin with one of these words."""
        for name, value in marks.items():
            forms = _forms(value)
            for place, held in self.held.items():
                if place.startswith(within) and any(form in held for form in forms):
                    yield name, place


@dataclass(frozen=True, slots=True)
class Marks:
    """What the buyers of one world are called, where they live, and what they wrote."""

    never_kept: dict[str, str] = field(default_factory=lambda: {"phone": new_token(), "address": new_token()})
    never_logged: dict[str, str] = field(default_factory=lambda: {"name": new_token(), "note": new_token()})

    def put(self, stage: Stage) -> None:
        for order in stage.shopee.world.shops[HOME_SHOP].orders.values():
            order.buyer = replace(
                order.buyer,
                masked_name=self.never_logged["name"],
                masked_phone=self.never_kept["phone"],
                masked_address=self.never_kept["address"],
            )
            order.note_from_buyer = self.never_logged["note"]


async def canary(trial: Trial) -> Verdict:
    """P17: marked secrets and buyers' addresses, errors forced everywhere at DEBUG: none is found anywhere after."""
    verdict, places = trial.verdict(), Places()
    metrics, marks = new_token(), Marks()

    def before(stage: Stage) -> None:
        stage.environment |= {"LOG_LEVEL": "DEBUG", "METRICS_TOKEN": metrics}
        marks.put(stage)

    async with open_scene(trial, before=before) as scene:
        await _breaks(scene, marks, verdict)
        await _works(scene, marks)
        await _is_asked(scene, places, metrics)
        secrets = scene.stage.canaries.values(scene.stage.shopee)
        secrets |= {"metrics token": metrics} | marks.never_kept
        await _commands(scene, places)
        _gather(scene, places)
        await scene.stage.stop_bot()
        for path in scene.stage.folder.glob("storesync.db*"):
            places.add(f"{path.name} at the end", path.read_bytes())
        _judge(places, secrets, marks, verdict)
    return verdict


async def _breaks(scene: Scene, marks: Marks, verdict: Verdict) -> None:
    """Do everything once while errors are raised at every call, and the platform repeats our secrets in its own."""
    stage = scene.stage
    raising = stage.target.with_suffix(".raising")
    raising.write_text("\n".join(FORCED))
    await stage.seller.control("tokens/expire", {"what": "access"})
    for command in COMMANDS:
        if command.name not in {"forget", "cancel"}:
            await scene.phone.say(f"/{command.name}")
    model = await stage.seller.sellable()
    item = {"item_id": int(model["item_id"]), "model_id": int(model["model_id"])}
    await stage.seller.order(**item)

    await scene.phone.say("/feedback it breaks")
    raised = stage.target.with_suffix(".raised")

    async def is_broken() -> bool:
        return raised.exists() and set(raised.read_text().split()) >= FORCED_AT_LEAST

    await until(is_broken, "errors to be raised", within_s=60)
    raising.unlink()
    await stage.stop_bot()  # a start takes up at once what an error left in somebody's hands
    await scene.start()
    said = f"bad access_token {_live_token(scene)} for {stage.canaries.partner_key}"
    for kind in ("error", "html", "broken_json", "server_error"):
        await stage.seller.control("faults", {"kind": kind, "path": "/api/v2/*", "count": 2, "message": said})
        await stage.seller.order(**item)
    marks.put(scene.stage)
    await _quiet(scene)
    verdict.numbers["forced"] = len(raised.read_text().split())
    told = stage.log.read_text("utf-8", "replace").count("forced at")
    verdict.check(told >= len(FORCED_AT_LEAST), f"only {told} of the errors are in the log")


def _live_token(scene: Scene) -> str:
    return next(reversed(scene.stage.shopee.simulation.tokens._access))


async def _works(scene: Scene, marks: Marks) -> None:
    """A day's work: an order cancelled, a price sent, a team and a group, a word to the host, one's data as a file."""
    phone, seller = scene.phone, scene.stage.seller
    model = await seller.sellable()
    placed = await seller.order(int(model["item_id"]), int(model["model_id"]))
    marks.put(scene.stage)
    await seller.control(f"orders/{placed['order_sn']}/cancel", {})
    said = await phone.say(f"/price {model['sku']} {int(str(model['price']).partition('.')[0]) * 95 // 100}")
    card = await phone.sees("🏷", after=said)
    await phone.press(card, "^Approve")
    await phone.sees_in(card, "read back", within_s=60)
    await bring_in(scene.stage, phone, "Budi", "manager")
    await make_group(scene.stage, "Team", phone)
    await phone.say("/feedback all is well")
    said = await phone.say("/mydata")
    await phone.sees("", after=said)
    await _quiet(scene)


async def _quiet(scene: Scene) -> None:
    async def is_quiet() -> bool:
        waiting = scene.rows("SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending')")
        left = scene.rows("SELECT count(*) FROM inbox WHERE state IN ('new', 'leased')")
        return waiting == left == [(0,)] and not scene.stage.telegram.engine.updates.pending()

    await until(is_quiet, "everything to be worked off", within_s=60)


async def _is_asked(scene: Scene, places: Places, metrics: str) -> None:
    """Ask what a monitor and a curious browser ask."""
    for path in ("/metrics", "/healthz", "/readyz", "/connect/unknown", "/oauth/shopee?code=x&state=y"):
        headers = {"Authorization": f"Bearer {metrics}"} if path == "/metrics" else {}
        async with httpx.AsyncClient(trust_env=False, timeout=30) as visitor:  # no line is idle meanwhile
            answer = await visitor.get(f"{scene.stage.url}{path}", headers=headers)
        places.add(f"web {path}", answer.content + repr(answer.headers.raw).encode())


async def _commands(scene: Scene, places: Places) -> None:
    """Run the host's commands beside the bot, and take their output and what they wrote."""
    stage = scene.stage
    (seller,) = scene.rows("SELECT seller_id FROM shop")[0]
    export, kept = stage.folder / "export.zip", stage.folder / "kept.backup"
    of_seller = (("seller", "show", seller), ("seller", "export", seller, "--into", str(export)))
    words = (*OUTSIDE, *of_seller, ("backup", str(kept)))
    for number, each in enumerate(words):
        out = stage.folder / f"command-{number}.out"
        process = await scene.nursery.fork(stage.environment, out, *each, target=stage.target)
        await process.ended(within_s=60)
        places.add(f"output of {each[0]} {number}", out.read_bytes())
    places.add("export", export.read_bytes())


def _gather(scene: Scene, places: Places) -> None:
    stage, world = scene.stage, scene.stage.telegram.engine.world
    places.add("log", stage.log.read_bytes())
    for path in [*stage.folder.glob("storesync.db*"), *stage.folder.rglob("*.backup")]:
        places.add(path.name, path.read_bytes())
    calls = stage.telegram.engine.calls.calls(0)
    places.add(
        "calls", json.dumps([each.params for each in calls], default=repr, ensure_ascii=False).encode()
    )
    for number, chat in world.chats.items():
        bots = [each for each in chat.messages.values() if each.sender.is_bot]
        shown = [(each.content.text, each.content.keyboard) for each in bots]
        places.add(f"chat {number}", json.dumps(shown, default=repr, ensure_ascii=False).encode())
    for number, sent in enumerate(world.files._by_path.values()):
        places.add(f"file {number} {sent.name}", sent.content)


def _judge(places: Places, secrets: dict[str, str], marks: Marks, verdict: Verdict) -> None:
    for name, place in (*places.hits(secrets), *places.hits(marks.never_logged, FOR_THE_HOST)):
        verdict.check(holds=False, otherwise=f"{name} stands in {place}")
    known = {name for name, place in places.hits(marks.never_logged, ("storesync.db",))}
    verdict.check(
        known == {"name", "note"}, f"of what buyers wrote only {known} is kept: nothing was searched for"
    )
    verdict.trials = len(secrets) * len(places.held)
    verdict.numbers |= {
        "secrets": len(secrets),
        "places": len(places.held),
        "bytes": sum(map(len, places.held.values())),
    }
    for part in (
        "log",
        "storesync.db",
        "storesync.db-wal",
        "export",
        ".backup",
        "calls",
        "web /metrics",
        "file ",
    ):
        found = [held for place, held in places.held.items() if part in place and held]
        verdict.check(bool(found), f"there was nothing to search in {part}")


def _forms(value: str) -> set[bytes]:
    """Return how a value may stand in bytes, and what is left of one that was cut."""
    raw = value.encode()
    return {
        raw[:SHORTEST],
        raw[-SHORTEST:],
        quote(value, safe="").encode(),
        raw.hex().encode(),
        base64.b64encode(raw).rstrip(b"="),
        value.encode("utf-16-le"),
    }
