"""Textures of surface styles, as the file gives them; their images are read where the file is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from bim.text import clean
from twin.geometry.spool import Wrap

Mode = Literal["", "replace", "modulate"]
Move = tuple[float, float, float, float, float, float]
_STILL: Move = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
_COLOUR = {"", "DIFFUSE", "MODULATE", "REPLACE", "TEXTURE", "NOTDEFINED", "BASECOLOR"}
"""Modes (IFC2X3: types) of textures that are the colour of a surface; others are normals, shine, bumps, light."""
_REPLACE = {"DIFFUSE", "REPLACE", "BASECOLOR"}


@dataclass(frozen=True)
class TextureStyle:
    """A texture on a surface style.

    step: STEP id of the IfcSurfaceTexture; move: (2, 3) row by row, TextureTransform on texture coordinates;
    mode: whether the image replaces the style's colour or multiplies it, '' where the file leaves it open;
    generator: mode of an IfcTextureCoordinateGenerator, '' without one.
    """

    step: int
    wrap: tuple[Wrap, Wrap]
    move: Move = _STILL
    mode: Mode = ""
    generator: str = ""


def texture_of(style: Any, generators: dict[int, str]) -> TextureStyle | None:
    """The first colour texture of an IfcSurfaceStyle. generators: modes by the texture's STEP id."""
    for part in style.Styles or ():
        if part.is_a("IfcSurfaceStyleWithTextures"):
            for texture in part.Textures or ():
                found = of_texture(texture, generators)
                if found is not None:
                    return found
    return None


def of_texture(texture: Any, generators: dict[int, str]) -> TextureStyle | None:
    """An IfcSurfaceTexture; None where it is no colour, or breaks its schema."""
    try:
        return _of_texture(texture, generators)
    except (AttributeError, IndexError, TypeError, ValueError):
        return None


def _of_texture(texture: Any, generators: dict[int, str]) -> TextureStyle | None:
    mode = (clean(getattr(texture, "Mode", None) or getattr(texture, "TextureType", None)) or "").upper()
    if mode not in _COLOUR:
        return None
    step = int(texture.id())
    return TextureStyle(
        step=step,
        wrap=("repeat" if texture.RepeatS else "clamp", "repeat" if texture.RepeatT else "clamp"),
        move=_move(texture.TextureTransform),
        mode="modulate" if mode == "MODULATE" else "replace" if mode in _REPLACE else "",
        generator=generators.get(step, ""),
    )


def generators_of(model: Any) -> dict[int, str]:
    """STEP id of a texture → mode of the IfcTextureCoordinateGenerator that maps it (IFC4 and later)."""
    found: dict[int, str] = {}
    for generator in model.by_type("IfcTextureCoordinateGenerator"):
        for texture in getattr(generator, "Maps", None) or ():
            found[int(texture.id())] = (clean(generator.Mode) or "").upper()
    return found


def _move(operator: Any) -> Move:
    """An IfcCartesianTransformationOperator2D as it acts on texture coordinates."""
    if operator is None:
        return _STILL
    x = _pair(operator.Axis1, (1.0, 0.0))
    size = (x[0] ** 2 + x[1] ** 2) ** 0.5 or 1.0
    x = (x[0] / size, x[1] / size)
    y = (-x[1], x[0])
    if operator.Axis2 is not None:
        given = _pair(operator.Axis2, y)
        if given[0] * y[0] + given[1] * y[1] < 0:
            y = (-y[0], -y[1])
    first = float(operator.Scale or 1.0)
    second = float(getattr(operator, "Scale2", None) or first)
    at = operator.LocalOrigin
    origin = (0.0, 0.0) if at is None else (float(at.Coordinates[0]), float(at.Coordinates[1]))
    return x[0] * first, y[0] * second, origin[0], x[1] * first, y[1] * second, origin[1]


def _pair(direction: Any, default: tuple[float, float]) -> tuple[float, float]:
    if direction is None:
        return default
    ratios = direction.DirectionRatios
    return float(ratios[0]), float(ratios[1])
