"""One of several equal objects that looks otherwise: the others keep their shape, which is told by another of them now."""

from __future__ import annotations

import re

import pytest

from tests.bim.ifc_files import new_model
from tests.scenes.build.incremental.test_remake import Twins, same


def walls(folder, heights, ifc_class="IfcWall") -> bytes:
    m = new_model()
    for number, height in enumerate(heights):
        m.wall(f"Wall {number}", (7.0 * number, 0.0, 0.0), (5.0, 0.2, height), ifc_class)
    return m.write(folder).read_bytes()


def resized(text: bytes, which: int, height: bytes) -> bytes:
    """The text with another height of one of its prisms."""
    place = list(re.finditer(rb"(IFCEXTRUDEDAREASOLID\([^)]*,)[^,)]*(\);)", text))[which]
    return text[: place.start()] + place.group(1) + height + place.group(2) + text[place.end() :]


@pytest.mark.parametrize("which", [0, 2, 3])
@pytest.mark.parametrize("height", [b"2.5", b"2.75"])  # another one's, and one of its own
def test_one_of_several_equal_objects(tmp_path, which, height):
    """And instances of them, in the order of shapes in their tile."""
    twins = Twins(tmp_path, walls(tmp_path, [3.0, 2.75, 3.0, 3.0, 2.75, 3.0, *[2.25] * 40]))
    made = twins.build(resized(twins.text, which, height))
    assert made.stats.get("rebuilt", {}).get("drawn") == 1, made.stats.get("whole")
    same(twins.of(made), twins.alone(1))
    again = twins.build(resized(twins.text, 2, b"2.25"))  # one more of those that are many
    assert again.stats.get("rebuilt", {}).get("drawn") == 1, again.stats.get("whole")
    same(twins.of(again), twins.alone(2))


def test_a_shape_that_the_others_have_in_other_digits_is_read_whole(tmp_path):
    """Shapes are equal to a hundredth of a millimetre: the first one's digits are kept, and go with it."""
    twins = Twins(tmp_path, walls(tmp_path, [3.0, 3.000004, 2.0, 4.0, *[2.25] * 40]))
    made = twins.build(resized(twins.text, 0, b"2.5"))
    assert made.stats["whole"] == "a shape that others share"
    same(twins.of(made), twins.alone(1))


def lifted(text: bytes, name: bytes, z: float) -> bytes:
    """The text with an object of this name at another height, by a placement of its own."""
    placement = re.search(rb"'" + name + rb"',[^;]*?#(\d+),#\d+,[^;]*\);", text).group(1)
    axis = re.search(rb"#" + placement + rb"=IFCLOCALPLACEMENT\([^,]*,#(\d+)\)", text).group(1)
    point = re.search(rb"#" + axis + rb"=IFCAXIS2PLACEMENT3D\(#(\d+)", text).group(1)
    place = re.search(rb"(#" + point + rb"=IFCCARTESIANPOINT\(\([^,]*,[^,]*,)[^)]*(\)\);)", text)
    return text[: place.start()] + place.group(1) + b"%.1f" % z + place.group(2) + text[place.end() :]


@pytest.mark.parametrize("z", [0.5, 20.0])
def test_one_of_several_equal_objects_at_another_height(tmp_path, z):
    m = new_model()
    for number in range(40):
        m.wall(f"Wall {number}", (7.0 * number, 0.0, 0.0), (5.0, 0.2, 2.0))
    m.wall("Mast", (0.0, 5.0, 0.0), (1.0, 0.2, 40.0))
    twins = Twins(tmp_path, m.write(tmp_path).read_bytes())
    made = twins.build(lifted(twins.text, b"Wall 7", z))
    assert made.stats.get("rebuilt", {}).get("drawn") == 1, made.stats.get("whole")
    same(twins.of(made), twins.alone(1))
