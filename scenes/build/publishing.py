"""Publishing a version into a park: its frame must be the park's; a park without origin adopts it."""

from __future__ import annotations

import math

from twin.errors import Conflict
from twin.geometry.frame import Frame
from twin.graph import GraphStore
from twin.graph.layerfile import LayerVersion, read_version, version_folder


def publish_version(graph: GraphStore, layer: str, version: str, *, title: str = "", group: str = "") -> LayerVersion:
    """Publish a built version. Raises NotFound, Invalid, or Conflict where it was built for another origin."""
    found = read_version(version_folder(graph.park, layer, version))
    frame = Frame(**found.frame)
    if graph.park.frame is None:
        graph.park = graph.park.adopt(frame)
    elif not _same(graph.park.frame, frame):
        raise Conflict(
            f"Version {version} of layer {layer!r} was built for the origin {frame.longitude:.6f}, {frame.latitude:.6f};"
            f" the park stands at {graph.park.frame.longitude:.6f}, {graph.park.frame.latitude:.6f}: ingest it again",
            code="other-origin",
        )
    return graph.publish(layer, version, title=title, group=group)


def _same(a: Frame, b: Frame) -> bool:
    return all(
        math.isclose(x, y, abs_tol=1e-9)
        for x, y in ((a.longitude, b.longitude), (a.latitude, b.latitude), (a.height, b.height))
    )
