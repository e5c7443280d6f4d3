"""The same model written again in every other way: ids, order, numbers, header, relations, faces."""

from __future__ import annotations

import random
import re
from pathlib import Path

import ifcopenshell
import ifcopenshell.guid

SPLIT = {
    "IfcRelDefinesByProperties": 4, "IfcRelDefinesByType": 4, "IfcRelAssociatesMaterial": 4,
    "IfcRelContainedInSpatialStructure": 4, "IfcRelAggregates": 5, "IfcRelAssociatesClassification": 4,
    "IfcRelAssignsToGroup": 4,
}  # fmt: skip
_TOKEN = re.compile(r"'(?:[^']|'')*'|#\d+|(?<![\w#.])[-+]?\d+\.\d*(?:E[-+]?\d+)?")


def split_relations(model) -> int:
    """Each relation to several things becomes two, the second with a GlobalId of its own."""
    made = 0
    for name, place in SPLIT.items():
        try:
            relations = list(model.by_type(name, include_subtypes=False))
        except RuntimeError:
            continue
        for relation in relations:
            things = list(relation[place] or ())
            if len(things) < 2:
                continue
            values = list(relation)
            values[0], values[place] = ifcopenshell.guid.new(), tuple(things[len(things) // 2 :])
            other = model.create_entity(name)
            for index, value in enumerate(values):
                if value is not None:
                    other[index] = value
            relation[place] = tuple(things[: len(things) // 2])
            made += 1
    return made


def turn_outlines(model, rng: random.Random) -> int:
    """Closed outlines begin at another corner; faces and triangles stand in another order."""
    made = 0
    for line in model.by_type("IfcPolyline"):
        points = list(line.Points)
        user = [item.is_a() for item in model.get_inverse(line)]
        if len(points) > 3 and points[0] == points[-1] and user == ["IfcArbitraryClosedProfileDef"]:
            start = rng.randrange(1, len(points) - 1)
            ring = points[:-1][start:] + points[:-1][:start]
            line.Points = (*ring, ring[0])
            made += 1
    for shell in model.by_type("IfcConnectedFaceSet"):
        faces = list(shell.CfsFaces)
        rng.shuffle(faces)
        shell.CfsFaces = faces
        made += 1
    if model.schema != "IFC2X3":
        for mesh in model.by_type("IfcTriangulatedFaceSet"):
            if mesh.Normals is None and not mesh.HasColours and not mesh.HasTextures:
                triangles = [(b, c, a) for a, b, c in mesh.CoordIndex]
                rng.shuffle(triangles)
                mesh.CoordIndex = triangles
                made += 1
    return made


def renumber(text: str, rng: random.Random) -> str:
    """Other numbers for all entities, their lines in another order, floats with an exponent, another header."""
    head, body = text.split("\nDATA;\n", 1)
    body, tail = body.rsplit("\nENDSEC;", 1)
    lines = body.split("\n")
    numbers = [int(line[1 : line.index("=")]) for line in lines]
    fresh = list(range(100, 100 + 3 * len(numbers), 3))
    rng.shuffle(fresh)
    name = dict(zip(numbers, fresh, strict=True))

    def other(found: re.Match[str]) -> str:
        token = found[0]
        if token[0] == "'":
            return token
        if token[0] == "#":
            return f"#{name[int(token[1:])]}"
        return f"{float(token):.15E}"

    moved = [_TOKEN.sub(other, line) for line in lines]
    rng.shuffle(moved)
    head = re.sub(r"FILE_NAME\('[^']*','[^']*'", "FILE_NAME('again.ifc','2031-01-01T00:00:00'", head)
    return f"{head}\nDATA;\n" + "\n".join(moved) + f"\nENDSEC;{tail}"


def reexport(source: Path, target: Path, seed: int = 7, *, outlines: bool = True) -> Path:
    """Write `source` again. The bytes differ everywhere, the model nowhere. outlines: turn them too."""
    rng = random.Random(seed)
    model = ifcopenshell.open(str(source))
    split_relations(model)
    if outlines:
        turn_outlines(model, rng)
    model.write(str(target))
    target.write_text(renumber(target.read_text(encoding="utf-8"), rng), encoding="utf-8")
    ifcopenshell.open(str(target))
    return target
