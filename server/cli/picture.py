"""`parktwin picture`: a PNG of a park, or of some of its objects, without a browser or a screen."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from server.cli.output import JsonFlag, out, print_json
from server.cli.selecting import Building, Discipline, Force, Gids, Layer, Search, Storey, Type, Under, check_target
from twin.errors import Invalid
from twin.graph.selection import Selection

SIZE = re.compile(r"(\d{1,5})[x×](\d{1,5})")
CAMERAS = "home (the web application's first view), iso, top, south, north, east, west"


def picture(
    park: Annotated[Path, typer.Argument(help="Folder of the park.")],
    target: Annotated[Path, typer.Argument(help="File to write: .png.")],
    *,
    gid: Gids = None,
    under: Under = "",
    layer: Layer = "",
    type_: Type = "",
    storey: Storey = "",
    building: Building = "",
    discipline: Discipline = "",
    search: Search = "",
    theme: Annotated[
        str, typer.Option(help="Colour by present values: temperature, people, power, air, fire, parking, noise.")
    ] = "",
    colour: Annotated[list[str] | None, typer.Option(help="GID=#rrggbb: colour of an object; several times.")] = None,
    chosen: Annotated[
        list[str] | None, typer.Option(help="Id of an object to tint as selected; several times.")
    ] = None,
    context: Annotated[bool, typer.Option(help="Show the rest of the park around as ghosts.")] = False,
    camera: Annotated[str, typer.Option(help=f"Where to stand: {CAMERAS}.")] = "home",
    size: Annotated[str, typer.Option(help="Width x height, pixels.")] = "1600x900",
    look: Annotated[str, typer.Option(help="Light and background: day or night.")] = "day",
    force: Force = False,
    json: JsonFlag = False,
) -> None:
    """Draw published objects in the web application's colours; nothing selected is the park as its first view shows it."""
    from scenes.picture import Wish  # noqa: PLC0415 - NumPy and Arrow, needed by this command only
    from scenes.picture import picture as draw  # noqa: PLC0415

    if target.suffix.lower() != ".png":
        raise Invalid(f"{target.name} is of no kind that can be written: expected .png", code="picture-format")
    check_target(target, force=force)
    selection = Selection(tuple(gid or ()), under, layer, type_, storey, building, discipline, search)
    wish = Wish(theme, _colours(colour or []), tuple(chosen or ()), context, camera, _size(size), look)
    done = draw(park, target, selection, wish)
    row: dict[str, Any] = {
        "path": str(target),
        "objects": done.objects,
        "without_shape": done.without_shape,
        "triangles": done.triangles,
    }
    if done.themed is not None:
        meaning = done.themed
        row["theme"] = {"id": meaning.theme.id, "low": meaning.low, "high": meaning.high, "unit": meaning.unit}
        row["theme"] |= {"fresh": meaning.fresh, "objects": len(meaning.colours), "at": meaning.at}
    if json:
        print_json(row)
        return
    out.print(f"{target}: {done.objects:,} objects, {done.triangles:,} triangles")
    if done.without_shape:
        out.print(f"  {done.without_shape:,} objects left out: no shape, or rooms without a colour")
    if done.themed is not None:
        when = (
            f"{datetime.fromtimestamp(done.themed.at / 1000, UTC):%Y-%m-%d %H:%M:%S} UTC" if done.themed.at else "never"
        )
        limits = f"{done.themed.low:g} to {done.themed.high:g} {done.themed.unit}".strip()
        out.print(
            f"  {theme}: {limits}; {done.themed.fresh} of {len(done.themed.colours)} objects have a value, newest {when}"
        )


def _size(text: str) -> tuple[int, int]:
    found = SIZE.fullmatch(text.strip())
    if found is None:
        raise Invalid(f"Size {text!r} cannot be read: expected width x height, such as 1920x1080", code="picture-size")
    return int(found[1]), int(found[2])


def _colours(given: list[str]) -> dict[str, str]:
    pairs = [one.rpartition("=") for one in given]
    wrong = next((one for one, (gid, sign, _) in zip(given, pairs, strict=True) if not (gid and sign)), None)
    if wrong is not None:
        raise Invalid(f"Colour {wrong!r} cannot be read: expected GID=#rrggbb", code="colour")
    return {gid: value for gid, _, value in pairs}
