"""Images of an exported glTF: each once, however many tiles and objects show it."""

from __future__ import annotations

from typing import Any

import numpy as np

from scenes.export.glb.pieces import I64, Page, Soup

LINEAR, TRILINEAR = 9729, 9987


class Images:
    """Textures by number: an image, how it goes on beyond its edges, what its alpha does.

    data: the images in order.
    """

    def __init__(self) -> None:
        self.data: list[bytes] = []
        self._numbers: dict[bytes, int] = {}
        self.textures: dict[Page, int] = {}

    def numbers(self, soup: Soup) -> I64:
        """(n,) the texture of each vertex, -1 without."""
        found = np.full(len(soup.page), -1, np.int64)
        for page in np.unique(soup.page[soup.page >= 0]).tolist():
            found[soup.page == page] = self._number(soup.pages[page])
        return found

    def _number(self, page: Page) -> int:
        if page not in self.textures:
            self.textures[page] = len(self.textures)
            if page.data not in self._numbers:
                self._numbers[page.data] = len(self.data)
                self.data.append(page.data)
        return self.textures[page]

    def material(self, plain: dict[str, Any], texture: int) -> dict[str, Any]:
        """A material that shows a texture, tinted by its colour; the plain one where the number is -1."""
        if texture < 0:
            return plain
        alpha = list(self.textures)[texture].alpha
        found = {name: value for name, value in plain.items() if name != "alphaMode"}
        found["pbrMetallicRoughness"] = {**plain["pbrMetallicRoughness"], "baseColorTexture": {"index": texture}}
        found["name"] = f"image {texture}"
        return found if alpha == "OPAQUE" else {**found, "alphaMode": alpha}

    def document(self) -> dict[str, list[dict[str, Any]]]:
        """The glTF `samplers` and `textures`."""
        wraps = sorted({page.wrap for page in self.textures})
        return {
            "samplers": [{"magFilter": LINEAR, "minFilter": TRILINEAR, "wrapS": u, "wrapT": v} for u, v in wraps],
            "textures": [
                {
                    "sampler": wraps.index(page.wrap),
                    "extensions": {"EXT_texture_webp": {"source": self._numbers[page.data]}},
                }
                for page in self.textures
            ],
        }
