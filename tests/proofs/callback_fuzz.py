"""P19, `callback-fuzz`: whatever a client sends as the data of a press, nothing happens and nothing breaks."""

from random import Random

from bot.callbacks import Place, pack
from bot.routes import ROUTES
from tests.proofs.strangers import Strangers, check_untouched, foreign_ids, owned_rows, words_of
from tests.proofs.tenant_matrix import furnish
from tests.proofs.trial import Trial, open_scene
from tests.proofs.verdict import Verdict

ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_:%#/.\u0000\u202e🏷é "
WAVE = 500


async def callback_fuzz(trial: Trial) -> Verdict:
    """P19: mutated, foreign and reused data of presses change nothing, break nothing, are answered once at most."""
    verdict, random = trial.verdict(), trial.random
    async with open_scene(trial) as scene:
        [(seller_id,)] = scene.rows("SELECT id FROM seller")
        tickets = await furnish(scene)
        strangers = await Strangers.gather(scene)
        ids = [foreign for _, foreign in foreign_ids(scene, seller_id)]
        seeds = [*tickets, *(pack(Place(place), random.choice(ids)) for place in ROUTES for _ in range(3))]
        words, before = words_of(scene, seller_id), owned_rows(scene, seller_id)
        outside = [phone for role, phone in strangers.phones.items() if " " not in role]
        wanted = WAVE if trial.is_broken else trial.size(2_000, 100_000)
        while verdict.trials < wanted:
            # Each chat is worked off in its order and all beside each other: so Sari's gets no more than others.
            for number in range(WAVE):
                if number % (len(outside) + 1):
                    data = mutated(random, random.choice(seeds), seeds)
                    strangers.press(random.choice(outside), data, "foreign")
                else:
                    # She may press what is hers; a ticket that differs by one letter is nobody's.
                    data = mutated(random, random.choice(tickets), tickets)
                    strangers.press(scene.phone, data, "her own, changed")
            await strangers.handled()
            verdict.trials += WAVE
        strangers.judge_answers(verdict)
        check_untouched(before, owned_rows(scene, seller_id), verdict)
        shown = strangers.shown()
        for word in sorted(word for word in words if word in shown):
            verdict.check(holds=False, otherwise=f"a stranger was shown {word}")
    return verdict


def mutated(random: Random, data: str, others: list[str]) -> str:
    """Return data of at most 64 bytes that is never quite the one given."""
    at = random.randrange(len(data))
    other = random.choice(others)
    changed = random.choice(
        (
            data[:at] + random.choice(ALPHABET) + data[at + 1 :],
            data[:at] + random.choice(ALPHABET) + data[at:],
            data[:at] + data[at + 1 :],
            data[:at] + other[random.randrange(len(other)) :],
            data[:at],
            data + random.choice(ALPHABET),
            data.swapcase(),
            "".join(random.choice(ALPHABET) for _ in range(random.randrange(1, 64))),
        )
    )
    if changed in others or changed == data or not changed:
        changed = f"c1:{changed[3:]}x"
    while len(changed.encode()) > 64:
        changed = changed[:-1]
    return changed
