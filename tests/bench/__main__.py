"""`python -m tests.bench [NAME …] [--rounds N] [--json] [--list] [--write --date YYYY-MM-DD]`."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from tests.bench.cost import Failed
from tests.bench.machine import machine, versions
from tests.bench.page import PAGE, page, renewed
from tests.bench.race import Check, Context, Outcome, Race
from tests.bench.registry import RACES, chosen
from tests.bench.tables import as_data, as_text


def run(race: Race, context: Context) -> Outcome:
    """Run one race; a contestant that fails fails the gate."""
    try:
        return race.run(context)
    except Failed as error:
        return Outcome(checks=[Check("all contestants end well", passed=False, detail=str(error))])


def main(arguments: list[str]) -> int:
    """Exit code 1 where a gate was not passed, 2 on wrong arguments; never because something was slow."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Races against peers.")
    parser.add_argument("names", nargs="*", help="races, or the first part of their names; all where none is given")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each contestant (default 3)")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--list", action="store_true", help="only name the races")
    parser.add_argument("--write", action="store_true", help=f"write docs/{PAGE.name}, or the named races' part of it")
    parser.add_argument("--date", type=date.fromisoformat, help="date of the run, for the page")
    options = parser.parse_args(arguments)
    if options.list:
        sys.stdout.write("".join(f"{race.name:<16}{race.title}\n" for race in RACES))
        return 0
    if options.write and options.date is None:
        parser.error("--write needs --date YYYY-MM-DD")
    races = chosen(options.names)
    if races is None:
        parser.error(f"no race is called {' '.join(options.names)}: known are {', '.join(race.name for race in RACES)}")
    results: list[tuple[Race, Outcome]] = []
    with tempfile.TemporaryDirectory(prefix="parktwin-bench-") as folder:
        context = Context(
            Path(folder), max(1, options.rounds), say=lambda text: print(text, file=sys.stderr, flush=True)
        )
        for race in races:
            began = time.monotonic()
            outcome = run(race, context)
            context.say(f"{race.name} took {time.monotonic() - began:.0f} s")
            results.append((race, outcome))
            if not options.json:
                print(as_text(race, outcome), flush=True)
    if options.json:
        rows = [as_data(race, outcome) for race, outcome in results]
        print(json.dumps({"machine": machine(), "versions": versions(), "races": rows}, ensure_ascii=False, indent=1))
    if options.write:
        day = options.date.isoformat()
        text = (
            renewed(PAGE.read_text(encoding="utf-8"), results, day, machine(), versions())
            if options.names
            else page(results, day, machine(), versions(), context.rounds)
        )
        PAGE.write_text(text, encoding="utf-8")
    return 0 if all(outcome.passed for _, outcome in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
