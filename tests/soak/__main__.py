"""`python -m tests.soak [--minutes N] [--park FOLDER] [--write]`: exit code 1 where something grew."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.bench.machine import machine
from tests.soak.soak import ROOT, demo, soak
from tests.soak.verdict import table, verdicts
from tools import chromium

PAGE = ROOT / "docs" / "soak.md"


def page(rounds: int, minutes: float, found: str, *, brief: bool) -> str:
    """The page of a run."""
    at = machine()
    return f"""<!-- Written by `make soak` with `--write`. Run it again; do not edit. -->

# Soak test

A wall that hangs for months must not grow. `make soak` serves the sample park with its simulated devices, opens the brain screen in
headless Chromium and uses it: camera tour, themes, selection, storeys, sections, tools and panels, layers on and off, another page in
front of it, and once a lost drawing context. After each round the garbage is collected and everything is measured: by the
browser's own counters, by books kept at WebGL's doors (`tests/soak/account.js`), and by the server's resident memory.

Growth is the robust slope (Theil-Sen) over the second half of the rounds times that half's length; the first half is for caches to
fill. What grew by more than is allowed is given up to four times the fewest rounds: a leak goes on, and fails. `PARKTWIN_SOAK_MINUTES` sets how long it runs (10); a short run with the same code and the
same limits is one of the browser tests.

The server's memory follows the readings that arrive: the history's buffers take some 35 bytes each (measured alone: 24 MB for 681,600 readings),
at a thousand a second, up to DuckDB's limit of 512 MB. The browser's heap keeps up to an hour of curves, and the list of open alarms.

Run of {datetime.now(UTC):%Y-%m-%d}: {rounds} {"short " if brief else ""}rounds in {minutes:.0f} minutes on {at["processor"]}, {at["cores"]} cores,
{at["memory"]}, Mesa llvmpipe; load average {at["load"]}: other work shared the machine, so a round took longer than it would.

{found}
"""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description="Whether a wall in use keeps its size.")
    parser.add_argument("--minutes", type=float, default=float(os.environ.get("PARKTWIN_SOAK_MINUTES", "10")))
    parser.add_argument("--park", type=Path, default=ROOT / "parks" / "soak", help="sample park; built where missing")
    parser.add_argument("--brief", action="store_true", help="short rounds, as the browser test has them")
    parser.add_argument("--write", action="store_true", help=f"write docs/{PAGE.name}")
    options = parser.parse_args(arguments)
    options.park.parent.mkdir(parents=True, exist_ok=True)
    with demo(options.park.resolve()) as served, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.FLAGS)
        rounds = soak(browser, served, options.minutes * 60, lambda text: print(text, flush=True), brief=options.brief)
        browser.close()
    found = verdicts(rounds)
    shown = table(found)
    print(shown)
    if options.write:
        PAGE.write_text(page(len(rounds), rounds[-1]["at"] / 60, shown, brief=options.brief), encoding="utf-8")
    grown = [one.words() for one in found if not one.flat]
    print("\n".join(grown) or "Nothing grew.")
    return bool(grown)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
