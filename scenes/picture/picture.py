"""Pictures of a park without a browser: `picture` writes a PNG, `view` gives a PyVista plotter for notebooks."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from scenes.picture.camera import pose
from scenes.picture.looks import looks, rgb, theme
from scenes.picture.plot import Drawing, Flags, plotter
from scenes.picture.shapes import read_shapes
from scenes.picture.source import Source, read_source
from scenes.picture.theme import Colour, Themed, themed
from scenes.picture.volumes import read_volumes
from twin.errors import Invalid, NotFound
from twin.graph.chosen import Chosen, open_chosen
from twin.graph.layerfile import version_folder
from twin.graph.selection import Selection, layers_of
from twin.ids import split_gid
from twin.park import Park

PARK_GROUPS = frozenset({"building", "scheme", "submission"})
BUILT = PARK_GROUPS | {"underground"}
AROUND = frozenset({"terrain", "neighbour"})
LARGEST = 16_384
"""Pixels a side that Mesa draws."""
EVERYTHING = Selection()


@dataclass(frozen=True)
class Wish:
    """How a picture shall look.

    theme: id of a theme of the web application, objects take the colours of their values; colours: `#rrggbb` by gid,
    over the theme; chosen: gids tinted as a selection; context: what else is published stands around as ghosts; camera:
    one of `scenes.picture.camera.PRESETS`; size: pixels; look: day or night.
    """

    theme: str = ""
    colours: Mapping[str, str] | None = None
    chosen: Sequence[str] = ()
    context: bool = False
    camera: str = "home"
    size: tuple[int, int] = (1600, 900)
    look: str = "day"

    def __post_init__(self) -> None:
        if self.look not in looks()["looks"]:
            raise Invalid(f"Look {self.look!r} is unknown: expected {' or '.join(looks()['looks'])}", code="look")
        if not all(16 <= side <= LARGEST for side in self.size):
            raise Invalid(
                f"A picture of {self.size[0]} × {self.size[1]} pixels cannot be drawn: expected 16 to {LARGEST:,} a side",
                code="picture-size",
            )


@dataclass(frozen=True)
class Pictured:
    """objects: drawn ones that were selected; without_shape: selected ones that have no triangles or are plain rooms.

    themed: what the colours mean, where a theme was asked for.
    """

    path: Path
    objects: int
    without_shape: int
    triangles: int
    themed: Themed | None


def view(park: Path | str, selection: Selection = EVERYTHING, **wish: Any) -> Any:
    """A PyVista plotter of the selection, to `show()` in a notebook. wish: as `Wish` has it.

    Raises as `picture` does.
    """
    found, _ = _plot(Path(park), selection, Wish(**wish), off_screen=False)
    return found


def picture(park: Path, target: Path, selection: Selection = EVERYTHING, wish: Wish | None = None) -> Pictured:
    """Write `target`, a PNG, without a screen.

    Raises Invalid where nothing of the selection has a shape or the wish cannot be met, NotFound for what does not
    exist, Conflict where another command has the park, Unavailable where nothing can draw here.
    """
    found, pictured = _plot(Path(park), selection, wish or Wish(), off_screen=True)
    try:
        image = found.screenshot(return_img=True)
    finally:
        found.close()
    Image.fromarray(image).save(target, format="PNG")
    return Pictured(target, **pictured)


def _plot(folder: Path, selection: Selection, wish: Wish, *, off_screen: bool) -> tuple[Any, dict[str, Any]]:
    wanted = theme(wish.theme) if wish.theme else None
    source = read_source(folder, values=wanted is not None)
    meaning = themed(wanted, source.readings) if wanted else None
    own = {gid: rgb(colour) for gid, colour in (wish.colours or {}).items()}
    colours = {**(meaning.colours if meaning else {}), **own}
    drawing, selected = _draw(source, selection, colours, wish)
    kept = selected & np.isin(np.arange(len(selected)), np.unique(drawing.shapes.owner[drawing.shown()]))
    drawn = int(kept.sum())
    if not drawn:
        raise Invalid(
            f"None of the {int(selected.sum()):,} selected objects has a shape that is drawn: expected at least one with"
            " geometry; rooms and zones are drawn where a theme or a colour is given",
            code="no-geometry",
        )
    looked_at = kept & _middle(source, drawing, kept) if selection == EVERYTHING else kept
    boxes = drawing.shapes.part(looked_at[drawing.shapes.owner]).boxes()
    stand = pose(wish.camera, boxes, wish.size[0] / wish.size[1])
    found = plotter(drawing, stand, wish.size, themed=meaning, off_screen=off_screen)
    figures = {
        "objects": drawn,
        "without_shape": int(selected.sum()) - drawn,
        "triangles": int(kept[drawing.shapes.owner[drawing.shapes.faces[:, 0]]].sum()),
        "themed": meaning,
    }
    return found, figures


def _draw(source: Source, selection: Selection, colours: Mapping[str, Colour], wish: Wish) -> tuple[Drawing, Flags]:
    """The drawing, and (k,) which of its objects were selected."""
    with tempfile.TemporaryDirectory(prefix="parktwin-picture-") as scratch:
        layers = _layers(source, selection)
        with _open(source, layers, selection, Path(scratch)) as found:
            chosen = _gids(found)
        if wish.context:
            layers |= _layers(source, EVERYTHING)
        with _open(source, layers, EVERYTHING if wish.context else selection, Path(scratch)) as around:
            shapes = read_shapes(around)
            volumes = read_volumes(around)
    selected = np.array([gid in chosen for gid in shapes.gids], np.bool_)
    groups = _groups(source, shapes.gids)
    # Around what a theme colours the buildings thin out, so that rooms are seen.
    ghosts = [
        gid
        for gid, group in zip(shapes.gids, groups, strict=True)
        if gid not in colours and (gid not in chosen or (wish.theme and group in BUILT))
    ]
    pale = [gid for gid, group in zip(shapes.gids, groups, strict=True) if group == "neighbour"]
    unknown = sorted({*wish.chosen, *(wish.colours or {})} - set(shapes.gids))
    if unknown:
        raise NotFound(
            f"{unknown[0]!r} is not among what is drawn: tint and colour objects of the selection", code="no-object"
        )
    return Drawing(shapes, colours, volumes, ghosts, wish.chosen, pale, wish.look), selected


def _layers(source: Source, selection: Selection) -> set[str]:
    """Layers in which the selection is looked for: all that the first view shows where nothing is selected."""
    names = {str(row["layer"]) for row in layers_of(selection, source.layers)}
    return {name for name in names if _present(source.park, name)} if selection == EVERYTHING else names


def _open(source: Source, layers: set[str], selection: Selection, scratch: Path) -> AbstractContextManager[Chosen]:
    rows = [row for row in source.layers if row["layer"] in layers]
    versions = [(str(row["layer"]), version_folder(source.park, row["layer"], row["version"])) for row in rows]
    return open_chosen(versions, selection, scratch)


def _present(park: Park, layer: str) -> bool:
    """Whether the brain's stage shows the layer at first: switched on, and no proposal."""
    proposed = any(layer in scheme.layers for scheme in park.schemes)
    return bool(park.layers.get(layer, {}).get("visible", True)) and not proposed


def _groups(source: Source, gids: Sequence[str]) -> list[str]:
    groups = {str(row["layer"]): str(row["group"]) for row in source.layers}
    return [groups[split_gid(gid)[0]] for gid in gids]


def _middle(source: Source, drawing: Drawing, kept: Flags) -> Flags:
    """(k,) what the first view of the whole park fits: its buildings, else what stands on the ground, else everything."""
    groups = _groups(source, drawing.shapes.gids)
    for test in (PARK_GROUPS.__contains__, lambda group: group not in AROUND):
        found = np.array([test(group) for group in groups], np.bool_)
        if (found & kept).any():
            return found
    return kept


def _gids(chosen: Chosen) -> frozenset[str]:
    return frozenset(gid for _, objects in chosen.layers.values() for gid in objects.column("gid").to_pylist())
