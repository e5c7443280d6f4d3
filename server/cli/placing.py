"""The options by which a user overrides where a model stands."""

from __future__ import annotations

from typing import Annotated

import typer

from twin.placing import AUTO, USES, Place, Placing

CrsOption = Annotated[str | None, typer.Option(help="Coordinate system of the file, over what it says: EPSG:4547.")]
UseOption = Annotated[
    str | None,
    typer.Option(help=f"Source of the model's place: {', '.join(USES)}; {AUTO} forgets what was remembered."),
]
PlaceOption = Annotated[
    str | None,
    typer.Option(
        help="Where the model's origin stands: LON,LAT[,HEIGHT[,ROTATION_DEG]], the rotation from east to its x axis,"
        " counter-clockwise."
    ),
]


def placing_from(crs: str | None, use: str | None, place: str | None) -> Placing | None:
    """The override that the options state; None where none is given, and then what park.toml remembers counts.

    Raises Invalid, and Conflict where the options contradict one another.
    """
    if crs is None and use is None and place is None:
        return None
    return Placing(crs or "", use or "", None if place is None else Place.parse(place))
