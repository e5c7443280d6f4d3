"""The table of states, every state with every step."""

import itertools

import pytest

from twin.rules.states import FREED_BY, HELD_BY, HOLDS, LETTERS, PROCESS, AlarmState, Position, Step

S = AlarmState
EXPECTED = {  # (process, step) → process, written out by hand from the standard's diagram
    ("normal", "raise"): "active",
    ("active", "clear"): "cleared",
    ("active", "latch"): "latched",
    ("active", "acknowledge"): "acknowledged",
    ("acknowledged", "clear"): "normal",
    ("acknowledged", "latch"): "latched-acknowledged",
    ("cleared", "raise"): "active",
    ("cleared", "acknowledge"): "normal",
    ("latched", "raise"): "active",
    ("latched", "acknowledge"): "latched-acknowledged",
    ("latched-acknowledged", "raise"): "active",
    ("latched-acknowledged", "reset"): "normal",
}
HOLD_SETS = [frozenset(chosen) for count in range(4) for chosen in itertools.combinations(HOLDS, count)]


def test_letters_are_those_of_the_standard():
    assert {state.value: letter for state, letter in LETTERS.items() if letter} == {
        "normal": "A", "active": "B", "acknowledged": "C", "cleared": "D",
        "shelved": "E", "suppressed": "F", "out-of-service": "G",
    }  # fmt: skip
    assert set(LETTERS) == set(AlarmState)


@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize("process", PROCESS)
@pytest.mark.parametrize("holds", HOLD_SETS, ids=lambda holds: "+".join(sorted(holds)) or "free")
def test_every_state_with_every_step(process, holds, step):
    after = Position(process, holds).after(step)
    if step in HELD_BY:
        hold = HELD_BY[step]
        assert after == (None if hold in holds else Position(process, holds | {hold}))
    elif step in FREED_BY:
        hold = FREED_BY[step]
        assert after == (Position(process, holds - {hold}) if hold in holds else None)
    elif holds and step in {Step.ACKNOWLEDGE, Step.RESET}:
        assert after is None
    else:
        expected = EXPECTED.get((process.value, step.value))
        assert after == (None if expected is None else Position(S(expected), holds))


@pytest.mark.parametrize("process", PROCESS)
@pytest.mark.parametrize("holds", HOLD_SETS, ids=lambda holds: "+".join(sorted(holds)) or "free")
def test_the_strongest_hold_is_shown_and_the_process_again_after_it(process, holds):
    shown = Position(process, holds).shown
    if process is S.NORMAL:
        assert shown is S.NORMAL
    elif S.OUT_OF_SERVICE in holds:
        assert shown is S.OUT_OF_SERVICE
    elif S.SHELVED in holds:
        assert shown is S.SHELVED
    elif holds:
        assert shown is S.SUPPRESSED
    else:
        assert shown is process


def test_every_process_state_can_be_left_and_reached():
    reached = {S(after) for (_before, _step), after in EXPECTED.items()}
    assert reached == set(PROCESS)
    assert all(PROCESS[state] for state in PROCESS)
