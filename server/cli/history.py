"""`parktwin history`: values of the past, sums, import, export, upkeep."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from server.cli.access import ServerAccess, running_server
from server.cli.output import JsonFlag, bars, out, print_json, print_table
from server.cli.selecting import Force, check_target
from twin.clock import SystemClock, iso
from twin.errors import Invalid
from twin.park import Park
from twin.runtime.settings import LiveSettings

if TYPE_CHECKING:
    from collections.abc import Callable

app = typer.Typer(help="Values of the past: as of an instant, sums, import, export, upkeep.", no_args_is_help=True)

ParkFolder = Annotated[Path, typer.Argument(help="Folder of the park.")]
Gid = Annotated[str, typer.Option(help="An object, system or zone: its points and those of all below it.")]
From = Annotated[
    str, typer.Option("--from", help="Begin: 2026-11-01, 2026-11-01T08:00 in the park's time zone, or epoch ms.")
]
To = Annotated[str, typer.Option("--to", help="End, exclusive; empty: now.")]
DAY_MS = 86_400_000


@app.command("as-of")
def as_of(
    park: ParkFolder,
    at: Annotated[str, typer.Option(help="Instant; empty: now.")] = "",
    gid: Gid = "",
    *,
    json: JsonFlag = False,
) -> None:
    """Value, quality and age of every point as they were known at an instant."""
    loaded = Park.load(park)
    found = _run(loaded, "as-of", {"at": _instant(loaded, at) if at else 0, "gid": gid})
    if json:
        print_json(found)
        return
    names = ("point_id", "kind", "value", "unit", "quality")
    rows = [
        (*row, iso(t) if t else "")
        for *row, t in zip(*(list(found[name]) for name in names), list(found["t"]), strict=True)
    ]
    print_table((*names, "sampled"), rows, f"As of {iso(found['at'])}")


@app.command("totals")
def totals(
    park: ParkFolder,
    kind: Annotated[str, typer.Argument(help="Kind of points, as energy or temperature.")],
    gid: Gid = "",
    by: Annotated[str, typer.Option(help="hour, day, week, month, all.")] = "day",
    function: Annotated[
        str, typer.Option(help="increase, mean, average, min, max, on_time; empty: what the kind suggests.")
    ] = "",
    start: From = "",
    end: To = "",
    *,
    json: JsonFlag = False,
) -> None:
    """Sum points of a kind by the calendar: meters' increase, means, time on, with coverage."""
    loaded = Park.load(park)
    since, until = _span(loaded, start, end)
    given = {"gid": gid, "kind": kind, "function": function, "by": by, "start": since, "end": until, "periods": 3.0}
    found = _run(loaded, "totals", given)
    if json:
        print_json(found)
        return
    columns = zip(found["from"], found["value"], found["bucket_coverage"], found["bucket_used"], strict=True)
    rows = [(iso(t), "" if v is None or v != v else f"{v:.6g}", f"{c:.1%}", n) for t, v, c, n in columns]  # noqa: PLR0124 - NaN
    print_table(
        ("from", found["unit"] or "value", "coverage", "points"), rows, f"{found['function']}: {found['formula']}"
    )
    out.print(f"{found['used']} of {found['points']} points used, {found['coverage']:.1%} of the time covered.")


@app.command("export")
def export(
    park: ParkFolder,
    target: Annotated[Path, typer.Argument(help="Parquet file to write.")],
    point: Annotated[list[str] | None, typer.Option(help="Id of a point; several times for several.")] = None,
    gid: Gid = "",
    kind: Annotated[str, typer.Option(help="Kind of points.")] = "",
    start: From = "",
    end: To = "",
    *,
    force: Force = False,
    json: JsonFlag = False,
) -> None:
    """Write samples of a span into a Parquet file: point_id, t, value, quality, corrected."""
    loaded = Park.load(park)
    check_target(target, force=force)
    since, until = _span(loaded, start, end)
    given = {
        "points": point or [],
        "gid": gid,
        "kind": kind,
        "start": since,
        "end": until,
        "path": str(target.resolve()),
    }
    found = _run(loaded, "export", given)
    if json:
        print_json(found)
    else:
        out.print(f"{target}: samples of {found['points']:,} points, {found['bytes'] / 1e6:.2f} MB")


@app.command("import")
def import_(
    park: ParkFolder,
    file: Annotated[
        Path, typer.Argument(help="CSV or Parquet: columns of point, time, value, quality, or a column per point.")
    ],
    column: Annotated[
        list[str] | None, typer.Option(help="TITLE=POINT: the column of this title is that point.")
    ] = None,
    timezone: Annotated[str, typer.Option(help="Of times without an offset; empty: the park's.")] = "",
    unit: Annotated[str, typer.Option(help="Of the values, where it is not the points' own.")] = "",
    point_column: Annotated[str, typer.Option(help="Title of the column of points.")] = "",
    time_column: Annotated[str, typer.Option(help="Title of the column of times.")] = "",
    value_column: Annotated[str, typer.Option(help="Title of the column of values.")] = "",
    quality_column: Annotated[str, typer.Option(help="Title of the column of qualities.")] = "",
    *,
    json: JsonFlag = False,
) -> None:
    """Take years of samples; the same file twice adds nothing. Rows that cannot be used are listed."""
    pairs = [text.rpartition("=") for text in column or ()]
    if any(not title or not point for title, _, point in pairs):
        raise Invalid(f"--column {column}: expected TITLE=POINT", code="history-columns")
    given = {
        "path": str(file.resolve()),
        "timezone": timezone,
        "unit": unit,
        "columns": {
            "point": point_column,
            "time": time_column,
            "value": value_column,
            "quality": quality_column,
            "points": {title: point for title, _, point in pairs},
        },
    }
    with bars() as shown:
        found = _run(Park.load(park), "import", given, lambda share: shown.update(file.name, share, "reading"))
    if json:
        print_json(found)
        return
    out.print(
        f"{found['added']:,} samples of {found['points']:,} points added, {found['repeated']:,} were there already,"
        f" {found['empty']:,} empty, {found['bad']:,} not usable"
    )
    for row in found["bad_rows"]:
        out.print(f"  line {row['line']}: {row['reason']}")


@app.command("compact")
def compact(park: ParkFolder, *, json: JsonFlag = False) -> None:
    """Archive and summarise at once what the server would in the background."""
    found = _run(Park.load(park), "compact", {})
    if json:
        print_json(found)
    else:
        out.print(f"{found['sealed']:,} samples archived, {found['summarised']:,} samples and buckets summarised")


def _run(
    park: Park, command: str, given: dict[str, Any], progress: Callable[[float], None] = lambda _share: None
) -> Any:
    server = running_server(park)
    if server is None:
        return asyncio.run(_here(park, command, given, progress))
    remote = ServerAccess(park, server["url"], server["token"])
    try:
        return remote.history(command, given)
    finally:
        remote.close()


async def _here(park: Park, command: str, given: dict[str, Any], progress: Callable[[float], None]) -> Any:
    from server.history_commands import run  # noqa: PLC0415 - brings the HTTP framework, needed here only
    from server.local_history import local_history  # noqa: PLC0415 - likewise

    async with local_history(park) as history:
        return await run(history, command, given, progress)


def _span(park: Park, start: str, end: str) -> tuple[int, int]:
    until = _instant(park, end) if end else SystemClock().now_ms()
    return _instant(park, start) if start else until - DAY_MS, until


def _instant(park: Park, text: str) -> int:
    if text.isdigit() and len(text) > 8:
        return int(text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid(
            f"{text!r} is no instant: expected 2026-11-01, 2026-11-01T08:00 or epoch ms", code="instant"
        ) from error
    local = moment if moment.tzinfo else moment.replace(tzinfo=LiveSettings.of(park).timezone)
    return round(local.timestamp() * 1000)
