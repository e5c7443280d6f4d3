"""Where a layer stands, and another place for it."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from server.models.base import Body, Shape
from twin.placing import Place, Placing


class OriginShape(Shape):
    """The park's origin: degrees on WGS 84, metres in the park's height datum."""

    longitude: float
    latitude: float
    height: float
    crs: str


class PlanLayer(Shape):
    """Rectangles of a layer's objects from above: min x, min y, max x, max y in metres of the park frame."""

    layer: str
    version: str
    group: str
    title: str
    title_en: str
    boxes: list[tuple[float, float, float, float]]


class OutlineArea(Shape):
    """A shape: closed rings of x and y in metres of the park frame, filled by the even-odd rule."""

    type: str
    rings: list[list[tuple[float, float]]]


class OutlineShape(Shape):
    """What a layer covers: one shape for a building model, else one for each type of object, the largest first."""

    layer: str
    version: str
    shapes: list[OutlineArea]


class GeorefShape(Shape):
    """A layer's georeference report with what is needed to draw it on the park's plan.

    placing: what is remembered of the user's word; kept: whether the layer's file is in the park, so that it can be
    built anew; job: the placing under way, if there is one.
    """

    layer: str
    version: str
    title: str
    title_en: str
    source: str
    group: str
    kind: str
    georef: dict[str, Any] | None
    placing: dict[str, Any]
    kept: bool
    job: str | None
    origin: OriginShape
    plan: list[PlanLayer]


class PlaceBody(Body):
    """Where the anchor of the model stands (`georef.anchor`; by default its origin): degrees, metres."""

    longitude: float = Field(ge=-180, le=180)
    latitude: float = Field(ge=-90, le=90)
    height: float | None = None
    rotation_deg: float = Field(default=0.0, ge=-360, le=360)
    anchor: tuple[float, float] | None = None


class PlacingBody(Body):
    """One of the three, or a system beside a source; none of them lets the file decide again."""

    crs: str = Field(default="", max_length=4000)
    use: str = Field(default="", max_length=20)
    place: PlaceBody | None = None

    def placing(self) -> Placing:
        """The user's word. Raises Conflict, Invalid."""
        return Placing(self.crs, self.use, None if self.place is None else Place(**self.place.model_dump()))


class PlacingAccepted(Shape):
    """The layer is built anew; follow the job."""

    layer: str
    job: str
