"""What a user says about a model's place, over what its file says: remembered per layer in park.toml."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from twin.errors import Conflict, Invalid

USES = ("map-conversion", "property-set", "rigid", "site", "coordinates", "local")
"""The sources that `use` may name; what each means: bim/georef/candidate.py."""
AUTO = "auto"
"""A `use` that forgets what was remembered: the file decides again."""
_HEIGHTS = (-12_000.0, 9_000.0)
"""Metres: the deepest sea and the highest mountain. Other heights are slips of the unit."""
_KEYS = frozenset({"crs", "use", "longitude", "latitude", "height", "rotation_deg", "anchor"})


@dataclass(frozen=True)
class Place:
    """Where one point of the model stands.

    longitude, latitude: degrees; height: metres in the park's height datum of the model's zero level, None for
    the park's own; rotation_deg: from east to the model's x axis, counter-clockwise; anchor: x and y in metres
    of that point in the model's frame, None for the model's origin, or its middle where the origin is far off.
    """

    longitude: float
    latitude: float
    height: float | None = None
    rotation_deg: float = 0.0
    anchor: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        numbers = (self.longitude, self.latitude, self.rotation_deg, self.height or 0.0, *(self.anchor or ()))
        if not all(math.isfinite(value) for value in numbers):
            raise Invalid("A place holds a value that is no number: expected finite degrees and metres", code="place")
        if not (-180 <= self.longitude <= 180 and -90 <= self.latitude <= 90):
            raise Invalid(
                f"Place {self.longitude}, {self.latitude} is not on the globe:"
                " expected longitude -180..180, then latitude -90..90, in degrees",
                code="place",
            )
        if self.height is not None and not _HEIGHTS[0] <= self.height <= _HEIGHTS[1]:
            raise Invalid(
                f"Height {self.height} of a place cannot be: expected metres from {_HEIGHTS[0]:.0f} to {_HEIGHTS[1]:.0f}",
                code="place",
            )

    @classmethod
    def parse(cls, text: str) -> Place:
        """From `LON,LAT[,HEIGHT[,ROTATION_DEG]]`. Raises Invalid."""
        try:
            numbers = [float(part) for part in text.split(",")]
        except ValueError:
            numbers = []
        if not 2 <= len(numbers) <= 4:
            raise Invalid(
                f"Place {text!r} is not usable: expected LONGITUDE,LATITUDE[,HEIGHT[,ROTATION_DEG]] such as"
                " 114.3,30.6,23.5,12",
                code="place",
            )
        height = numbers[2] if len(numbers) > 2 else None
        return cls(numbers[0], numbers[1], height, numbers[3] if len(numbers) > 3 else 0.0)


@dataclass(frozen=True)
class Placing:
    """A user's override. crs: the system of the file's map coordinates; use: the source to take; place: neither, but a place.

    Raises Conflict where a place is given beside a source or system, Invalid for an unknown source.
    """

    crs: str = ""
    use: str = ""
    place: Place | None = None

    def __post_init__(self) -> None:
        if self.place is not None and (self.use or self.crs):
            other = f"the source {self.use!r}" if self.use else f"the system {self.crs!r}"
            raise Conflict(
                f"A place and {other} cannot hold at the same time: give the place alone, or take it away",
                code="placing",
            )
        if self.use and self.use not in (*USES, AUTO):
            raise Invalid(
                f"Unknown source of a place {self.use!r}: expected one of {', '.join(USES)}, {AUTO}", code="placing"
            )
        if self.crs and self.use in ("site", "local", AUTO):
            raise Conflict(
                f"The source {self.use!r} has no map coordinates that a system {self.crs!r} could be for: give one of the two",
                code="placing",
            )

    def __bool__(self) -> bool:
        """Whether anything is overridden."""
        return bool(self.crs or self.use not in ("", AUTO) or self.place)

    def settled(self, anchor: object) -> Placing:
        """The same with the anchor that a build chose, where that is not the model's origin: later versions then stay put.

        anchor: `georef.anchor` of the built version.
        """
        if self.place is None or self.place.anchor is not None or not isinstance(anchor, list) or not any(anchor):
            return self
        return replace(self, place=replace(self.place, anchor=(float(anchor[0]), float(anchor[1]))))

    def as_dict(self) -> dict[str, object]:
        """Plain data for JSON and TOML: only what is set."""
        row: dict[str, object] = {}
        if self.crs:
            row["crs"] = self.crs
        if self.use:
            row["use"] = self.use
        if self.place is not None:
            row |= {"longitude": self.place.longitude, "latitude": self.place.latitude}
            if self.place.height is not None:
                row["height"] = self.place.height
            row["rotation_deg"] = self.place.rotation_deg
            if self.place.anchor is not None:
                row["anchor"] = list(self.place.anchor)
        return row

    @classmethod
    def from_dict(cls, row: Mapping[str, object]) -> Placing:
        """Read back what `as_dict` wrote. Raises Invalid with the entry that is wrong."""
        unknown = set(row) - _KEYS
        if unknown:
            raise Invalid(
                f"Unknown entry {min(unknown)!r} in a layer's placing: expected {', '.join(sorted(_KEYS))}",
                code="placing",
            )
        try:
            place = None
            if "longitude" in row or "latitude" in row:
                anchor = row.get("anchor")
                height = row.get("height")
                place = Place(
                    _number(row["longitude"]),
                    _number(row["latitude"]),
                    None if height is None else _number(height),
                    _number(row.get("rotation_deg", 0.0)),
                    None if anchor is None else (_number(anchor[0]), _number(anchor[1])),  # type: ignore[index]
                )
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise Invalid(
                f"A layer's placing has a wrong entry ({error}): expected longitude, latitude and, where wanted, height,"
                " rotation_deg and anchor = [x, y] as numbers",
                code="placing",
            ) from error
        return cls(str(row.get("crs", "")), str(row.get("use", "")), place)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{value!r} is no number")
    return float(value)
