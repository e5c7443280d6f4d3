"""A bounded, seeded run over spoiled files: each is built, or refused in a sentence. `make fuzz` runs longer."""

from __future__ import annotations

import pytest

from tests.fuzz.campaign import attempt
from tests.fuzz.mutate import MUTATORS, mutant
from tests.fuzz.seeds import seeds

ROUNDS = 8
"""Mutants per test: with twelve seeds and twelve ways, every way meets several files."""


@pytest.mark.parametrize("number", range(len(MUTATORS)))
def test_spoiled_files_are_built_or_refused(tmp_path, number):
    sound = list(seeds(tmp_path).items())
    wrong = []
    for turn in range(ROUNDS):
        seed = number + len(MUTATORS) * turn
        name, data = sound[(seed // 3 + turn) % len(sound)]
        way, spoiled = mutant(data, seed)
        path = tmp_path / f"{seed}.ifc"
        path.write_bytes(spoiled)
        outcome = attempt(path, tmp_path / f"build-{seed}")
        if outcome.kind == "wrong":
            wrong.append((seed, name, way, outcome.detail))
    assert wrong == []


def test_a_mutant_is_the_same_for_the_same_seed(tmp_path):
    data = seeds(tmp_path)["own.ifc"]
    for seed in range(2 * len(MUTATORS)):
        assert mutant(data, seed) == mutant(data, seed)
    changed = sum(mutant(data, seed)[1] != data for seed in range(10 * len(MUTATORS)))
    assert changed > 8 * len(MUTATORS)  # a small file offers some ways nothing to spoil
