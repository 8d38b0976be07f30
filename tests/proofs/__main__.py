"""`python -m tests.proofs NAME [--seed N] [--size ci|release] [--break]`; alone it lists the proofs."""

import argparse
import asyncio
import sys

from tests.databases import spare_the_disk
from tests.proofs.catalogue import PROOFS
from tests.proofs.trial import Trial


def main() -> int:
    parser = argparse.ArgumentParser(prog="make prove P=", description="Prove a promise.")
    parser.add_argument("name", nargs="?", choices=sorted(PROOFS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", choices=("ci", "release"), default="ci")
    parser.add_argument("--break", dest="is_broken", action="store_true")
    wanted = parser.parse_args()
    if wanted.name is None:
        for name, proof in sorted(PROOFS.items()):
            sys.stdout.write(f"{name:14} {(proof.__doc__ or '').splitlines()[0]}\n")
        return 0
    spare_the_disk()
    trial = Trial(wanted.name, wanted.seed, is_release=wanted.size == "release", is_broken=wanted.is_broken)
    verdict = asyncio.run(PROOFS[wanted.name](trial))
    for violation in verdict.violations[:20]:
        sys.stderr.write(f"violation: {violation}\n")
    sys.stdout.write(verdict.line() + "\n")
    return 1 if verdict.violations else 0


if __name__ == "__main__":
    sys.exit(main())
