"""`python -m tests.fuzz [--seconds S] [--first N]`: spoiled files for as long as wanted; `make fuzz` runs it."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.fuzz.campaign import attempt
from tests.fuzz.mutate import mutant
from tests.fuzz.seeds import seeds


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--first", type=int, default=1000, help="first seed; a run goes on from there")
    parser.add_argument("--keep", type=Path, default=Path("build/fuzz"), help="where files that failed are kept")
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    began, seed = time.monotonic(), options.first
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        sound = list(seeds(folder).items())
        while time.monotonic() - began < options.seconds:
            name, data = sound[seed % len(sound)]
            way, spoiled = mutant(data, seed * 7919)
            path = folder / f"{seed}.ifc"
            path.write_bytes(spoiled)
            outcome = attempt(path, folder / "build")
            counts[outcome.kind] += 1
            if outcome.kind in {"wrong", "killed"}:
                print(f"seed {seed} {name} {way}: {outcome.kind}: {outcome.detail}", flush=True)
                options.keep.mkdir(parents=True, exist_ok=True)
                (options.keep / f"{seed}.ifc").write_bytes(spoiled)
            path.unlink()
            seed += 1
    print(f"seeds {options.first} to {seed - 1}: {dict(counts)}")
    return 1 if counts["wrong"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
