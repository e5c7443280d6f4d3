"""The products that may take their colour from a material."""

from __future__ import annotations

from bim.changes.statement import Statement
from bim.changes.texts import Texts
from bim.changes.whole import Whole

MATERIAL, OWNERS, KIND = 3, 4, 5
"""Places of attributes: of IfcMaterialDefinitionRepresentation, and of the relations to materials and types."""
_PARTS = ("IfcMaterialLayer", "IfcMaterialProfile", "IfcMaterialConstituent", "IfcMaterialUsageDefinition",
          "IfcMaterialLayerSetUsage")  # fmt: skip
_SETS = {"IfcMaterialLayerSet": 0, "IfcMaterialProfileSet": 2, "IfcMaterialConstituentSet": 2}
"""Where each keeps its parts; one of several gives no colour."""
_SILENT = ("IfcMaterialList", "IfcMaterialDefinitionRepresentation", "IfcMaterialProperties", "IfcMaterialRelationship",
           "IfcMaterialClassificationRelationship", "IfcResourceLevelRelationship")  # fmt: skip
"""What names materials, and gives nothing a colour by them."""


def coloured(texts: Texts, definitions: set[int]) -> set[int]:
    """By STEP id: what may look as these IfcMaterialDefinitionRepresentation say. Raises Whole where that is not known."""
    owners: set[int] = set()
    waiting = {material for one in map(texts.statement, definitions) for material in one.at(MATERIAL)}
    while waiting:
        above: set[int] = set()
        for one in map(texts.statement, texts.scan.naming(waiting)):
            if one.is_a("IfcRelAssociatesMaterial"):
                owners.update(one.at(OWNERS))
            elif _gives(one):
                above.add(one.number)
        waiting = above - waiting
    kinds = {number for number in owners if texts.statement(number).is_a("IfcTypeObject")}
    for one in map(texts.statement, texts.scan.naming(kinds) if kinds else ()):
        if one.is_a("IfcRelDefinesByType") and not kinds.isdisjoint(one.at(KIND)):
            owners.update(one.at(OWNERS))
    return owners - kinds


def _gives(one: Statement) -> bool:
    """Whether what has this has the material that it names."""
    for name, place in _SETS.items():
        if one.is_a(name):
            return len(one.at(place)) == 1
    if not one.is_a(*_PARTS, *_SILENT):
        raise Whole(f"the look of a material that {one.name} names")
    return one.is_a(*_PARTS)
