"""Images of textures: checked before anything keeps them, stored once under their own hash.

Only raster formats are read (no SVG, no scripts, nothing that fetches), within bounds on bytes and pixels that are
looked at before a pixel is decoded.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from twin.errors import Invalid

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "TGA")
MAX_BYTES = 64 << 20
MAX_PIXELS = 1 << 26
"""Pixels of one image (8192 by 8192): decoded they are 256 MB."""
MAX_IMAGES = 30_000
MAX_STORED_BYTES = 4 << 30
"""Bytes of all images of one layer."""
_LOOK = 128
"""Pixels a side at which an image's mean is taken."""


@dataclass(frozen=True)
class Picture:
    """A checked image. name: its file in the spool; mean: sRGB with alpha, 0..1; grey: one channel of colour."""

    name: str
    width: int
    height: int
    mean: tuple[float, float, float, float]
    grey: bool

    @property
    def cutout(self) -> bool:
        """Whether parts of it are see-through."""
        return self.mean[3] < 0.999


class ImageStore:
    """Keeps images in `folder`, equal ones once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, Picture] = {}
        self._bytes = 0

    def add(self, data: bytes) -> Picture:
        """Check and keep an encoded image. Raises Invalid (code `texture`) where it is none that is taken."""
        name = hashlib.blake2b(data, digest_size=16).hexdigest()
        known = self._known.get(name)
        if known is not None:
            return known
        if len(self._known) >= MAX_IMAGES or self._bytes + len(data) > MAX_STORED_BYTES:
            raise Invalid(
                f"The model has more images than are kept: expected at most {MAX_IMAGES:,} with {MAX_STORED_BYTES >> 30} GB",
                code="texture",
            )
        picture = _measured(name, data)
        self._folder.mkdir(exist_ok=True)
        (self._folder / name).write_bytes(data)
        self._bytes += len(data)
        self._known[name] = picture
        return picture


def decode(data: bytes, side: int) -> Image.Image:
    """An image as RGB or RGBA, brought down to at most `side` pixels a side. Raises Invalid (code `texture`)."""
    if len(data) > MAX_BYTES:
        raise Invalid(f"The image has {len(data) >> 20} MB: expected at most {MAX_BYTES >> 20} MB", code="texture")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                if not 0 < image.width * image.height <= MAX_PIXELS:
                    raise Invalid(
                        f"The image has {image.width} × {image.height} pixels: expected at most {MAX_PIXELS >> 20}"
                        " million; save it smaller",
                        code="texture",
                    )
                size = fitted(image.size, side)
                image.draft("RGB", size)
                image.load()
                plain = _plain(image)
                return plain if plain.size == size else plain.resize(size, Image.Resampling.BOX)
    except (OSError, ValueError, SyntaxError, MemoryError, EOFError, Image.DecompressionBombError) as error:
        raise Invalid(
            f"The image cannot be read ({str(error)[:80] or type(error).__name__}): expected PNG, JPEG, WebP, GIF, BMP,"
            " TIFF or TGA, whole",
            code="texture",
        ) from error


def decoded_size(data: bytes, side: int) -> tuple[int, int]:
    """The size that `decode` gives a checked image, without decoding it."""
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        return fitted(image.size, side)


def fitted(size: tuple[int, int], side: int) -> tuple[int, int]:
    """Width and height brought down to at most `side`."""
    longest = max(size)
    if longest <= side:
        return size
    return max(1, round(size[0] * side / longest)), max(1, round(size[1] * side / longest))


def _plain(image: Image.Image) -> Image.Image:
    """RGB, or RGBA where the image says something about see-through pixels; 16 bits a channel come down to 8."""
    if image.mode.startswith("I") or image.mode == "F":
        values = np.asarray(image, np.float64)
        top = 65535.0 if image.mode != "F" else max(float(values.max(initial=0.0)), 1e-9)
        image = Image.fromarray(np.uint8(np.clip(values / top, 0, 1) * 255))
    alpha = image.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in image.info
    return image.convert("RGBA" if alpha else "RGB")


def _measured(name: str, data: bytes) -> Picture:
    small = decode(data, _LOOK)
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        width, height = image.size
        grey = image.mode in {"1", "L", "LA", "I", "F"} or image.mode.startswith("I;")
    pixels = np.asarray(small.convert("RGBA"), np.float64).reshape(-1, 4) / 255
    weight = pixels[:, 3:] + 1e-6
    colour = srgb((linear(pixels[:, :3]) * weight).sum(axis=0) / weight.sum())
    mean = [round(float(value), 4) for value in (*colour, pixels[:, 3].mean())]
    return Picture(name, width, height, (mean[0], mean[1], mean[2], mean[3]), grey)


def linear(value: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """SRGB 0..1 to linear light (IEC 61966-2-1)."""
    return np.asarray(np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4))


def srgb(value: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Linear light 0..1 to sRGB (IEC 61966-2-1)."""
    return np.asarray(np.where(value <= 0.0031308, value * 12.92, 1.055 * value ** (1 / 2.4) - 0.055))
