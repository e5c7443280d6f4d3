"""Pictures that show where objects of a layer stand: they in colour, what is around them faintly."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from scenes.picture.camera import pose
from scenes.picture.looks import F64, rgb
from scenes.picture.plot import Drawing, Flags, check_display, plotter
from scenes.picture.shapes import Shapes, read_shapes
from scenes.picture.volumes import read_volumes
from twin.graph.chosen import open_chosen
from twin.graph.selection import Selection

SIZE = (960, 540)
AROUND = 0.75
"""How far what is around is drawn, of the marked objects' own diagonal."""
AROUND_M = 4.0
"""Metres around that are drawn at least."""
CLEAR = 0.25
"""Share of that which the camera keeps free around the marked objects."""
VEIL, GHOST = 0.9, 0.07
"""Opacities of marked rooms and of what is around: a mark deep inside a building is seen through all its walls."""
JPEG_QUALITY = 86


@dataclass(frozen=True)
class Marks:
    """key: a name for the picture; colours: `#rrggbb` by gid; whole: all of the layer is shown, not only what is near."""

    key: str
    colours: Mapping[str, str]
    whole: bool = False


def marked(
    folder: Path, layer: str, wanted: Sequence[Marks], size: tuple[int, int] = SIZE
) -> Iterator[tuple[str, bytes]]:
    """A JPEG per mark, with its key, in order; marks none of whose objects has a shape are left out.

    folder: of the layer's version; size: pixels. The layer is read once. Raises Unavailable where nothing can draw
    here or the layer is too much for a picture, Invalid where nothing in it has a shape.
    """
    check_display(off_screen=True)
    with (
        tempfile.TemporaryDirectory(prefix="parktwin-marks-") as scratch,
        open_chosen([(layer, folder)], Selection(), Path(scratch)) as chosen,
    ):
        shapes, volumes = read_shapes(chosen), read_volumes(chosen)
    for marks in wanted:
        image = _draw(shapes, volumes, marks, size)
        if image is not None:
            yield marks.key, image


def _draw(shapes: Shapes, volumes: Sequence[str], marks: Marks, size: tuple[int, int]) -> bytes | None:
    mine = np.array([gid in marks.colours for gid in shapes.gids], np.bool_)
    boxes = shapes.part(mine[shapes.owner]).boxes()
    if not len(boxes):
        return None
    box = np.concatenate((boxes[:, :3].min(axis=0), boxes[:, 3:].max(axis=0)))
    reach = max(AROUND * float(np.linalg.norm(box[3:] - box[:3])), AROUND_M)
    part = shapes if marks.whole else shapes.cut(_near(shapes, _wider(box, reach), mine))
    drawing = Drawing(
        part,
        {gid: rgb(colour) for gid, colour in marks.colours.items()},
        volumes,
        ghosts=[gid for gid in part.gids if gid not in marks.colours],
        veil=VEIL,
        ghost=GHOST,
    )
    seen = part.boxes() if marks.whole else _wider(box, CLEAR * reach)[None]
    plot = plotter(drawing, pose("home", seen, size[0] / size[1]), size, themed=None, off_screen=True)
    try:
        image = plot.screenshot(return_img=True)
    finally:
        plot.close()
    out = io.BytesIO()
    Image.fromarray(image).convert("RGB").save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()


def _wider(box: F64, by: float) -> F64:
    return np.asarray(np.concatenate((box[:3] - by, box[3:] + by)))


def _near(shapes: Shapes, box: F64, mine: Flags) -> Flags:
    """(m,) triangles that reach into the box, and those of the marked objects.

    By triangle: of a slab or a ground that goes far beyond only what is near is drawn.
    """
    corners = shapes.position[shapes.faces]
    inside = ((corners.max(axis=1) >= box[:3]) & (corners.min(axis=1) <= box[3:])).all(axis=1)
    return np.asarray(inside | mine[shapes.owner[shapes.faces[:, 0]]], np.bool_)
