"""Materials beside an OBJ model (.mtl): the diffuse colour, its opacity and its texture."""

from __future__ import annotations

from dataclasses import dataclass

from bim.mesh_model.colours import Image, image
from bim.mesh_model.model import Colour, Model
from twin.errors import Invalid
from twin.side_files import SideFiles

_OPTIONS = {"-blendu": 1, "-blendv": 1, "-cc": 1, "-clamp": 1, "-bm": 1, "-boost": 1, "-texres": 1, "-imfchan": 1}
_OPTIONS |= {"-type": 1, "-mm": 2, "-o": 3, "-s": 3, "-t": 3}


@dataclass
class Material:
    """rgba: sRGB and alpha; texture: multiplies it, None where there is none; number: in the model's images."""

    name: str
    rgba: Colour = (0.8, 0.8, 0.8, 1.0)
    texture: Image | None = None
    number: int = -1


def read_materials(names: list[str], files: SideFiles, model: Model) -> dict[str, Material]:
    """All materials of the libraries; a library or image that is missing is noted in the model."""
    found: dict[str, Material] = {}
    for library in names:
        try:
            text = files.read(library, encoded=False).decode("utf-8", "replace")
        except Invalid as error:
            _missing(error, library, model)
            continue
        _read(text, files, model, found)
    return found


def _read(text: str, files: SideFiles, model: Model, found: dict[str, Material]) -> None:
    current = Material("")
    for line in text.splitlines():
        word, _, rest = line.strip().partition(" ")
        rest = rest.strip()
        try:
            match word.lower():
                case "newmtl":
                    current = found[rest] = Material(rest)
                case "kd":
                    r, g, b = (min(max(float(part), 0.0), 1.0) for part in rest.split()[:3])
                    current.rgba = (r, g, b, current.rgba[3])
                case "d":
                    current.rgba = (*current.rgba[:3], _opacity(float(rest.split()[-1])))
                case "tr":
                    current.rgba = (*current.rgba[:3], _opacity(1.0 - float(rest.split()[0])))
                case "map_kd":
                    current.texture = _texture(_file_of(rest), files, model)
                    current.number = len(model.images) - 1
        except (ValueError, IndexError):
            model.leave_out("MTL line", 1)


def _opacity(value: float) -> float:
    return min(max(value, 0.0), 1.0)


def _file_of(rest: str) -> str:
    """The file's name, which may hold blanks, after the options of a map."""
    words = rest.split(" ")
    while words and words[0].lower() in _OPTIONS:
        option = words.pop(0).lower()
        for number in range(_OPTIONS[option]):
            # the second and third number of -o, -s and -t may be left out
            if number and words and not _is_number(words[0]) and option in {"-o", "-s", "-t"}:
                break
            words = words[1:]
    return " ".join(words)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _texture(uri: str, files: SideFiles, model: Model) -> Image | None:
    try:
        found = image(files.read(uri, encoded=False))
    except Invalid as error:
        _missing(error, uri, model)
        return None
    if found is None:
        model.missing.append(uri)
    else:
        model.images.append(found.data)
    return found


def _missing(error: Invalid, uri: str, model: Model) -> None:
    """A file that is not there is noted; one that lies elsewhere refuses the model."""
    if "not in its own folder" in error.message:
        raise error
    model.missing.append(uri)
