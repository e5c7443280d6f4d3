"""`docs/benchmarks.md`, written from one run."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tests.bench.cost import ROOT
from tests.bench.race import Outcome, Race
from tests.bench.tables import shown

PAGE = ROOT / "docs" / "benchmarks.md"
HEAD = """<!-- Written by `python -m tests.bench --write --date YYYY-MM-DD` from one run. Run it again; do not edit. -->

# Benchmarks

Run of {date} on {processor}, {cores} cores, {memory}, {system}; load average {load} over the last 15 minutes
of the run: other work shared the machine, so costs are CPU-seconds (user + system), and wall times are only
told where nothing else fits. Versions: {versions}.

How they are taken (`make bench`, or `python -m tests.bench NAME`): both sides do the same work on the same input
in one run, taking turns; {rounds} rounds unless a race says otherwise, medians shown; each contestant in a process of
its own, peak memory (RSS) by the kernel's count. A race's correctness gate comes first: where it fails there
are no figures. Ratios say how many times better we are: **below 1 we lose**. They hold for these inputs on
this machine only; runs under different load have had ratios up to 1.5 times apart, so that 0.67 to 1.5
is even, and wall times far more.
"""


def page(
    results: Sequence[tuple[Race, Outcome]], date: str, machine: dict[str, str], versions: dict[str, str], rounds: int
) -> str:
    """The whole page."""
    listed = ", ".join(f"{name} {version}" for name, version in versions.items())
    parts = [HEAD.format(date=date, versions=listed, rounds=rounds, **machine), _summary(results)]
    parts += [_section(race, outcome) for race, outcome in results]
    return "\n".join(parts).rstrip() + "\n"


def renewed(
    text: str, results: Sequence[tuple[Race, Outcome]], date: str, machine: dict[str, str], versions: dict[str, str]
) -> str:
    """The page with these races' sections and summary rows in place of the ones it had; each tells its own run."""
    listed = ", ".join(f"{name} {version}" for name, version in versions.items())
    run = (
        f"A later run than the page's: {date} on {machine['processor']}, {machine['cores']} cores, load average"
        f" {machine['load']}; {listed}.\n"
    )
    head, *sections = re.split(r"^(?=## )", text, flags=re.MULTILINE)
    for race, outcome in results:
        title, rest = _section(race, outcome).split("\n\n", 1)
        new = f"{title}\n\n{run}\n{rest.rstrip()}\n\n"
        place = next((n for n, old in enumerate(sections) if old.startswith(f"{title}\n")), None)
        if place is None:
            sections.append(new)
        else:
            sections[place] = new
        sections[0] = _with_rows(sections[0], race, outcome)
    return (head + "".join(sections)).rstrip() + "\n"


def _with_rows(summary: str, race: Race, outcome: Outcome) -> str:
    """The summary with a race's rows renewed, at the place where it stood, else at the end."""
    lines = summary.rstrip().split("\n")
    old = [n for n, line in enumerate(lines) if f"](#{race.name})" in line]
    at = old[0] if old else len(lines)
    kept = [line for n, line in enumerate(lines) if n not in old]
    return "\n".join([*kept[:at], *_summary([(race, outcome)]).split("\n")[4:-1], *kept[at:], "", ""])


def _summary(results: Sequence[tuple[Race, Outcome]]) -> str:
    rows = [
        f"| [{race.title}](#{race.name}) | {ratio.name} | {shown(ratio.value)} |"
        for race, outcome in results
        if outcome.passed and not outcome.skipped
        for ratio in outcome.ratios
    ]
    return "\n".join(["## Summary", "", "| race | measure | times better |", "|---|---|---:|", *rows, ""])


def _section(race: Race, outcome: Outcome) -> str:
    lines = [f"## {race.name}", "", f"{race.title}. {race.method}", ""]
    if outcome.skipped:
        return "\n".join([*lines, f"Not run: {outcome.skipped}.", ""])
    lines += [
        f"- Gate {'passed' if check.passed else '**failed**'}: {check.name}{' (' + check.detail + ')' if check.detail else ''}"
        for check in outcome.checks
    ]
    if not outcome.passed:
        return "\n".join([*lines, "", "No figures: the gate was not passed.", ""])
    marks = [
        ":---" if any(isinstance(row[n], str) for row in outcome.rows) else "---:" for n in range(len(outcome.columns))
    ]
    lines += ["", f"| {' | '.join(outcome.columns)} |", f"| {' | '.join(marks)} |"]
    lines += [f"| {' | '.join(shown(value) for value in row)} |" for row in outcome.rows]
    lines += ["", f"**{outcome.verdict}**", "", *[f"- {note}" for note in outcome.notes]]
    return "\n".join([*lines, ""])
