"""Looks of a file as materials of the spool, with their images."""

from __future__ import annotations

from typing import Any

import numpy as np

from bim.geometry.engine import Look, Rgba
from bim.geometry.texture_style import TextureStyle
from bim.source.images import ModelImages
from twin.errors import Invalid
from twin.finding import Finding, Severity
from twin.geometry.images import Picture, linear, srgb
from twin.geometry.spool import Alpha, MeshSpool, Texture

_OPAQUE = 0.995


class Paint:
    """Materials by look. model, images: where textures are read; without them looks are plain colours."""

    def __init__(self, spool: MeshSpool, model: Any = None, images: ModelImages | None = None) -> None:
        self._spool = spool
        self._model = model
        self._images = images
        self._pictures: dict[int, Picture | None] = {}
        self._lost: dict[str, str] = {}

    def material(self, look: Look, rgba: Rgba) -> int:
        """The material of a look. rgba: the colour as it is shown without an image."""
        picture = None if look.texture is None else self._picture(look.texture.step)
        if look.texture is None or picture is None:
            return self._spool.material(rgba, look.name)
        tint = _tint(look.texture, rgba, grey=picture.grey)
        colour = srgb(linear(np.array(picture.mean[:3])) * linear(np.array(tint[:3])))
        alpha: Alpha = "blend" if rgba[3] < _OPAQUE else "mask" if picture.cutout else "opaque"
        mean = [round(float(value), 4) for value in colour]
        return self._spool.material(
            (mean[0], mean[1], mean[2], rgba[3]), look.name, Texture(picture.name, tint, look.texture.wrap, alpha)
        )

    def texture(self, look: Look) -> TextureStyle | None:
        """The texture of a look; None where its image cannot be had."""
        return None if look.texture is None or self._picture(look.texture.step) is None else look.texture

    def _picture(self, step: int) -> Picture | None:
        if step not in self._pictures:
            self._pictures[step] = self._opened(step)
        return self._pictures[step]

    def _opened(self, step: int) -> Picture | None:
        if self._images is None:
            return None
        texture = self._model.by_id(step)
        name = getattr(texture, "URLReference", None) or getattr(texture, "UrlReference", None) or f"#{step}"
        try:
            name, data = self._images.read(texture)
            return self._spool.image(data)
        except (Invalid, OSError, ValueError) as error:
            self._lost[str(name)[:120]] = str(error)
            return None

    def findings(self) -> list[Finding]:
        """Images that could not be had; their faces keep the style's colour."""
        if not self._lost:
            return []
        name, why = next(iter(self._lost.items()))
        return [
            Finding(
                code="ifc-texture",
                severity=Severity.MINOR,
                zh=f"{len(self._lost)} 张纹理图片缺失或无法读取，表面保留其样式颜色，首张：{name}",
                en=f"{len(self._lost)} texture images are missing or cannot be read, their surfaces keep their colour;"
                f" the first: {name}: {why}",
                fix_zh="将图片放在模型所在文件夹（或 .ifczip 内），使用相对路径",
                fix_en="Put the images into the model's folder, or into its .ifczip, under relative paths",
                value=float(len(self._lost)),
                data={"images": list(self._lost)[:100]},
            )
        ]


def _tint(texture: TextureStyle, rgba: Rgba, *, grey: bool) -> Rgba:
    """What multiplies the image: the style's colour where the file says so, or leaves it open and the image is grey.

    X3D (ISO/IEC 19775-1, 17.2.2), to which IFC refers: images of colour replace the colour, grey ones multiply it.
    """
    if texture.mode == "modulate" or (not texture.mode and grey):
        return rgba
    return 1.0, 1.0, 1.0, rgba[3]
