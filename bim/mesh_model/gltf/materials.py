"""glTF materials: base colour, its texture, vertex colours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from bim.mesh_model.colours import Image, image, to_srgb
from bim.mesh_model.gltf.document import Document
from bim.mesh_model.model import F64, U16, FaceImage, Model
from twin.errors import Invalid
from twin.geometry.spool import Alpha, Wrap

_ENCODED = ("EXT_texture_webp", "KHR_texture_basisu", "EXT_texture_avif")
_WRAP: dict[object, Wrap] = {10497: "repeat", 33071: "clamp", 33648: "mirror"}
_ALPHA: dict[object, Alpha] = {"MASK": "mask", "BLEND": "blend"}


@dataclass(frozen=True)
class Texture:
    """An image of the document. number: in the model's images."""

    image: Image
    number: int
    wrap: tuple[Wrap, Wrap]


@dataclass(frozen=True)
class Material:
    """factor (4,): linear light and alpha. texture: multiplies it; coordinates: which set, and (2, 3) how they are moved."""

    name: str
    factor: F64
    alpha: Alpha
    texture: Texture | None = None
    coordinates: int = 0
    moved: F64 | None = None


class Materials:
    """The document's materials, each read once. Textures that cannot be read are noted in the model."""

    def __init__(self, document: Document, model: Model) -> None:
        self._document, self._model = document, model
        self._known: dict[object, Material] = {}
        self._images: dict[object, tuple[Image, int] | None] = {}

    def get(self, index: object) -> Material:
        """A material by its index; None is glTF's default, white."""
        if index is None:
            return Material("", np.ones(4), "opaque")
        if index not in self._known:
            self._known[index] = self._read(self._document.item("materials", index))
        return self._known[index]

    def looks(self, material: Material, count: int, *, mapped: bool, colour: F64 | None) -> U16:
        """(count,) looks. mapped: the faces have texture coordinates; colour (count, 3, 4): linear, by corner, or None.

        Vertex colours tint an image by their mean.
        """
        texture, opaque = material.texture, material.alpha != "blend"
        if mapped and texture is not None:
            tint = material.factor if colour is None or not count else material.factor * colour.mean(axis=(0, 1))
            face_image = FaceImage(texture.number, _colour(tint, opaque=opaque), texture.wrap, material.alpha)
            mean = _colour(tint * texture.image.mean, opaque=opaque)
            return np.full(count, self._model.looks.add(mean, material.name, face_image), np.uint16)
        plain = material.factor if texture is None else material.factor * texture.image.mean
        if colour is None:
            return np.full(count, self._model.looks.add(_colour(plain, opaque=opaque), material.name), np.uint16)
        lit = plain * colour.mean(axis=1)
        if opaque:
            lit[:, 3] = 1.0
        return self._model.looks.add_many(np.column_stack([to_srgb(lit[:, :3]), lit[:, 3]]), material.name)

    def _read(self, item: Any) -> Material:
        extensions = item.get("extensions") or {}
        glossy = extensions.get("KHR_materials_pbrSpecularGlossiness")
        rough = item.get("pbrMetallicRoughness") or {}
        factor = _vector(
            (glossy or {}).get("diffuseFactor") if glossy else rough.get("baseColorFactor"), self._document
        )
        alpha = _ALPHA.get(item.get("alphaMode"), "opaque")
        through = (extensions.get("KHR_materials_transmission") or {}).get("transmissionFactor")
        if isinstance(through, int | float) and 0 < through <= 1:
            # Light passes through: there is no glass in the tiles, so that it becomes opacity.
            factor[3], alpha = factor[3] * (1 - 0.75 * through), "blend"
        info = (glossy or {}).get("diffuseTexture") if glossy else rough.get("baseColorTexture")
        name = str(item.get("name") or "")
        if not isinstance(info, dict):
            return Material(name, factor, alpha)
        shift = (info.get("extensions") or {}).get("KHR_texture_transform") or {}
        return Material(
            name,
            factor,
            alpha,
            self._texture(info.get("index")),
            int(shift.get("texCoord") or info.get("texCoord") or 0),
            _moved(shift),
        )

    def _texture(self, index: object) -> Texture | None:
        item = self._document.item("textures", index)
        extensions = item.get("extensions") or {}
        source = item.get("source")
        for key in _ENCODED:
            if source is None and key in extensions:
                source = extensions[key].get("source")
        if source not in self._images:
            self._images[source] = self._image(source)
        known = self._images[source]
        if known is None:
            return None
        sampler = {} if item.get("sampler") is None else self._document.item("samplers", item["sampler"])
        wrap = [_WRAP.get(sampler.get(key), "repeat") for key in ("wrapS", "wrapT")]
        return Texture(*known, (wrap[0], wrap[1]))

    def _image(self, source: object) -> tuple[Image, int] | None:
        item = self._document.item("images", source)
        uri, label = item.get("uri"), str(item.get("name") or item.get("uri") or f"image {source}")[:60]
        try:
            data = self._document.view(item.get("bufferView")) if uri is None else self._document.files.read(str(uri))
        except Invalid as error:
            if error.code != "mesh-side-file" or "not in its own folder" in error.message:
                raise
            self._model.missing.append(label)
            return None
        found = image(data)
        if found is None:
            self._model.missing.append(label)
            return None
        self._model.images.append(data)
        return found, len(self._model.images) - 1


def _colour(lit: F64, *, opaque: bool) -> tuple[float, float, float, float]:
    r, g, b = to_srgb(lit[:3]).tolist()
    return (r, g, b, 1.0 if opaque else float(np.clip(lit[3], 0, 1)))


def _vector(value: object, document: Document) -> F64:
    if value is None:
        return np.ones(4)
    try:
        found = np.array(value, np.float64).reshape(4)
    except (TypeError, ValueError) as error:
        raise document.broken(f"a colour is {value!r}") from error
    return np.clip(np.nan_to_num(found), 0, 1)


def _moved(shift: Any) -> F64 | None:
    """(2, 3) of KHR_texture_transform; None where nothing is moved."""
    if not shift:
        return None
    turn = float(shift.get("rotation", 0.0))
    x, y = shift.get("scale", (1.0, 1.0))
    c, s = np.cos(turn), np.sin(turn)
    return np.column_stack(
        [np.array([[c * x, s * y], [-s * x, c * y]]), np.array(shift.get("offset", (0.0, 0.0)), np.float64)]
    )
