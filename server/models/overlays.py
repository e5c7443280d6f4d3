"""What the stage draws over the scene. Places in metres of the park frame."""

from __future__ import annotations

from typing import Literal

from server.models.base import Shape


class PlaceColumns(Shape):
    """Where each point is measured, by its index: the middle of its device, else of its object; null without a shape."""

    revision: int
    x: list[float | None]
    y: list[float | None]
    z: list[float | None]
    layer: list[str | None]
    storey: list[str | None]


class LinedLayer(Shape):
    """A layer that has lines of flow, and how many."""

    layer: str
    lines: int


class FlowLineShape(Shape):
    """A middle line in the direction of its flow; `medium`: supply, storm, sewage, gas, heat, power, telecom, other.

    `direction` says how it is known: `ports` of the model, `fall` of a gravity pipe, `drawn` by the source, `none`.
    """

    gid: str
    state: int
    name: str | None
    type: str
    system: str | None
    medium: str | None
    direction: Literal["ports", "fall", "drawn", "none"]
    points: list[tuple[float, float, float]]


class CameraShape(Shape):
    """A camera: heading clockwise from north and pitch above the horizon, whole angles of view, in degrees; range in metres.

    Null where its properties say nothing.
    """

    gid: str
    state: int
    name: str | None
    tag: str | None
    layer: str
    storey: str | None
    x: float
    y: float
    z: float
    heading: float | None
    pitch: float | None
    width: float | None
    height: float | None
    range: float | None
