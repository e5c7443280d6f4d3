"""Images of a city model's appearance as materials of the spool."""

from __future__ import annotations

from pathlib import Path

from gis.city import said
from gis.notes import Notes
from twin.errors import Invalid
from twin.geometry.spool import MeshSpool, Texture, Wrap
from twin.side_files import SideFiles

_WRAP: dict[str, Wrap] = {"wrap": "repeat", "mirror": "mirror"}
"""wrapMode of CityGML and CityJSON; none, clamp and border stop at the edge."""
LOST = -1


class TextureMaterials:
    """Materials by image and wrap mode; images are read beside the model, or in its archive."""

    def __init__(self, spool: MeshSpool, source: Path, notes: Notes) -> None:
        self._spool, self._notes = spool, notes
        self._files = SideFiles(source, source.name)
        self._known: dict[tuple[str, str], int] = {}

    def material(self, uri: str, wrap: object) -> int:
        """The material of an image; LOST, and a note, where it cannot be had."""
        key = (uri, str(wrap or ""))
        if key not in self._known:
            self._known[key] = self._read(*key)
        return self._known[key]

    def _read(self, uri: str, wrap: str) -> int:
        try:
            picture = self._spool.image(self._files.read(uri))
        except (Invalid, OSError, ValueError) as error:
            self._notes.add("city-textures", said.TEXTURES, [uri[:200]], image=uri[:120], why=str(error)[:200])
            return LOST
        mode: Wrap = _WRAP.get(wrap, "clamp")
        r, g, b, _ = picture.mean
        texture = Texture(picture.name, wrap=(mode, mode), alpha="mask" if picture.cutout else "opaque")
        return self._spool.material((r, g, b, 1.0), uri.rsplit("/", 1)[-1][:100], texture)
