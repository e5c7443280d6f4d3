"""Shapes and colours as a PyVista plotter, and the ways in which there can be none."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from scenes.picture.camera import FOV_DEG, Pose
from scenes.picture.light import drawn, encoded, shaded
from scenes.picture.looks import U8, looks, ramp_table, rgb, token
from scenes.picture.shapes import Shapes
from scenes.picture.theme import Colour, Themed
from twin.errors import Unavailable
from twin.geometry.images import linear as linear_of

Flags = npt.NDArray[np.bool_]
ACCENT = "#4da3ff"
VEIL = 0.5
"""Opacity of a coloured room: what stands in it is seen."""
GHOST = 3 / 16
OPAQUE = 0.995
PEELS = 8


@dataclass(frozen=True)
class Drawing:
    """What is drawn, and how.

    volumes: gids of rooms and zones, drawn only where coloured; ghosts: gids drawn faintly and without colour; chosen:
    gids tinted with the accent; pale: gids of neighbours, washed out. look: day or night. veil, ghost: opacities of
    coloured rooms and of ghosts.
    """

    shapes: Shapes
    colours: Mapping[str, Colour]
    volumes: Collection[str]
    ghosts: Collection[str] = ()
    chosen: Collection[str] = ()
    pale: Collection[str] = ()
    look: str = "day"
    veil: float = VEIL
    ghost: float = GHOST

    def _rows(self, gids: Collection[str]) -> Flags:
        """(k,) which objects are among these."""
        wanted = set(gids)
        return np.array([gid in wanted for gid in self.shapes.gids], np.bool_)

    def shown(self) -> Flags:
        """(n,) which corners are drawn at all: rooms and zones only with a colour."""
        found: Flags = ~(self._rows(self.volumes) & ~self._rows(self.colours))[self.shapes.owner]
        return found

    def rgba(self) -> U8:
        """(n, 4) sRGB with opacity of each corner."""
        shapes, owner = self.shapes, self.shapes.owner
        normal = shapes.normal.astype(np.float64)
        coloured, volume, ghost = self._rows(self.colours), self._rows(self.volumes), self._rows(self.ghosts)
        albedo = shapes.colour[:, :3].astype(np.float64)
        pale = self._rows(self.pale)[owner]
        albedo[pale] = 0.3 * albedo[pale] + 0.7 * 0.78
        linear = drawn(albedo, normal, self.look)
        palette = np.array([self.colours.get(gid, (0, 0, 0)) for gid in shapes.gids], np.uint8).reshape(-1, 3)
        state = coloured[owner]
        linear[state] = shaded(palette[owner[state]], normal[state], self.look)
        accent = linear_of(np.array([rgb(ACCENT)]) / 255.0)[0]
        tinted = (self._rows(self.chosen) & ~coloured)[owner]
        linear[tinted] += (accent - linear[tinted]) * 0.3
        faint = (ghost & ~coloured)[owner]
        linear[faint] += (linear[faint].mean(axis=1, keepdims=True) - linear[faint]) * 0.6
        alpha = shapes.colour[:, 3].astype(np.float64)
        alpha = np.where(alpha >= OPAQUE, 1.0, alpha)
        alpha[state] = np.where(alpha[state] < 1, np.maximum(alpha[state], 0.75), 1.0)
        alpha[volume[owner]] = self.veil
        alpha[faint] *= self.ghost
        return np.column_stack((encoded(linear), np.rint(alpha * 255).astype(np.uint8)))


def plotter(drawing: Drawing, pose: Pose, size: tuple[int, int], *, themed: Themed | None, off_screen: bool) -> Any:
    """A PyVista plotter that shows the drawing. size: pixels. Raises Unavailable where nothing can draw here."""
    check_display(off_screen=off_screen)
    import pyvista  # noqa: PLC0415 - VTK is a second of start-up

    found = pyvista.Plotter(off_screen=off_screen, window_size=list(size), lighting="none")
    look = looks()["looks"][drawing.look]
    found.set_background(look["bottom"], top=look["top"])
    rgba, shown = drawing.rgba(), drawing.shown()
    solid = shown & (rgba[:, 3] == 255)
    for kept, name in ((solid, "solid"), (shown & ~solid, "glass")):
        part = drawing.shapes.part(kept)
        if not len(part.faces):
            continue
        mesh = pyvista.PolyData.from_regular_faces(part.position.astype(np.float32), part.faces)
        mesh.point_data["colour"] = rgba[kept]
        mesh.point_data["object"] = part.owner
        found.add_mesh(mesh, scalars="colour", rgb=True, lighting=False, show_scalar_bar=False, name=name)
        if name == "glass":
            # Peeling draws nothing on multisampled targets.
            found.enable_anti_aliasing("ssaa")
            found.enable_depth_peeling(PEELS)
        else:
            found.enable_anti_aliasing("msaa")
    if themed is not None:
        _legend(found, themed, dark=bool(look["night"]))
    camera = found.camera
    camera.position, camera.focal_point, camera.up = pose.position, pose.target, pose.up
    camera.view_angle = FOV_DEG
    if pose.half_height is not None:
        camera.enable_parallel_projection()
        camera.parallel_scale = pose.half_height
    found.renderer.reset_camera_clipping_range()
    return found


def _legend(found: Any, themed: Themed, *, dark: bool) -> None:
    """What the colours mean, with unit and the time of the newest value, at the lower left."""
    import pyvista  # noqa: PLC0415

    ink = "white" if dark else "#17233a"
    when = f"{datetime.fromtimestamp(themed.at / 1000, UTC):%Y-%m-%d %H:%M} UTC" if themed.at else "no values"
    title = f"{themed.theme.id} {themed.unit}".strip() + f", {when}"
    if themed.theme.states:
        rows = [[name.rpartition("-")[2], np.array(token(name)) / 255] for name in themed.theme.states]
        found.add_legend(rows, bcolor=None, face="rectangle", loc="lower left", size=(0.12, 0.08))
        found.add_text(title, position=(0.02, 0.11), viewport=True, font_size=9, color=ink)
        return
    table = pyvista.LookupTable(
        values=np.column_stack((ramp_table(themed.theme.ramp), np.full(256, 255, np.uint8))),
        scalar_range=(themed.low, themed.high),
    )
    mapper = pyvista.DataSetMapper()
    mapper.lookup_table = table
    found.add_scalar_bar(
        title=f"{title}\n", mapper=mapper, n_labels=3, fmt="%.4g", color=ink, width=0.24, height=0.08,
        position_x=0.02, position_y=0.02, title_font_size=16, label_font_size=16, unconstrained_font_size=True,
    )  # fmt: skip


def check_display(*, off_screen: bool) -> None:
    """Raises Unavailable where VTK would find neither a screen nor Mesa's way without one, and end the process."""
    if not sys.platform.startswith("linux"):
        return
    if not off_screen and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        off_screen = True
    if not off_screen:
        return
    for name, window in (("libEGL.so.1", "vtkEGLRenderWindow"), ("libOSMesa.so.8", "vtkOSOpenGLRenderWindow")):
        try:
            ctypes.CDLL(name)
        except OSError:
            continue
        os.environ.setdefault("VTK_DEFAULT_OPENGL_WINDOW", window)  # else it asks for an X server first, and complains
        return
    raise Unavailable(
        "Nothing on this machine draws without a screen: libEGL.so.1 and libOSMesa.so.8 are missing; install"
        " libegl1 and libegl-mesa0 (Debian, Ubuntu) or mesa-libEGL (Fedora)",
        code="no-renderer",
    )
