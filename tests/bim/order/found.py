"""Everything that reading and measuring a model finds, as the build does it."""

from __future__ import annotations

from bim.order import shape_findings
from scenes.build.measure import measure
from scenes.tiles.inventory import take_inventory
from tests.bim.ifc_files import read_model


def found_in(path, folder, frame=None):
    """Code → finding, and the draft."""
    draft, meshes = read_model(path, folder, frame=frame)
    boxes = take_inventory(meshes, draft.objects).boxes
    _, shapes = measure(meshes, draft.objects, boxes)
    findings = [*draft.findings, *shape_findings(draft.objects, meshes, shapes, boxes, draft.solids)]
    return {finding.code: finding for finding in findings}, draft
