"""The peer of `ingest`: IfcOpenShell's hybrid kernel into its own GLB serializer, and nothing else.

`python glb_serializer.py MODEL.ifc OUT.glb` prints what was written as JSON: {"cpu": seconds without the start of
Python and imports, "products": {"<GlobalId>": "<class>"}}. With --parse it only opens the model, for its memory.
With --volumes KERNEL it prints {"<GlobalId>": volume in m3} of the closed shapes instead; for the gate, not timed.
"""

import json
import sys
import time

import ifcopenshell
from ifcopenshell import geom

KERNEL = "hybrid-cgal-simple-opencascade"
EXCLUDE = ["IfcSpace", "IfcOpeningElement"]


def serialize(source: str, out: str) -> dict[str, str]:
    model = ifcopenshell.open(source)
    settings = geom.settings()
    serializer = geom.serializers.glb(out, settings)
    iterator = geom.iterator(settings, model, 1, geometry_library=KERNEL, exclude=EXCLUDE)
    serializer.setFile(model)
    serializer.setUnitNameAndMagnitude("METER", 1.0)
    serializer.writeHeader()
    written = {}
    more = iterator.initialize()
    while more:
        element = iterator.get()
        serializer.write(element)
        if len(element.geometry.faces_buffer):
            written[element.guid] = element.type
        more = iterator.next()
    serializer.finalize()
    return written


def volumes(source: str, kernel: str) -> dict[str, float]:
    import numpy as np

    model = ifcopenshell.open(source)
    settings = geom.settings()
    settings.set("weld-vertices", True)
    iterator = geom.iterator(settings, model, 1, geometry_library=kernel, exclude=["IfcOpeningElement"])
    found = {}
    more = iterator.initialize()
    while more:
        element = iterator.get()
        corners = np.frombuffer(element.geometry.verts_buffer).reshape(-1, 3)
        faces = np.frombuffer(element.geometry.faces_buffer, np.int32).reshape(-1, 3)
        if len(faces):
            edges = np.concatenate((faces[:, :2], faces[:, 1:], faces[:, [2, 0]])).astype(np.int64)
            forth, back = (np.sort(edges @ np.array(key)) for key in ([len(corners), 1], [1, len(corners)]))
            if np.array_equal(forth, back):  # closed: each edge is walked both ways
                a, b, c = ((corners - corners.mean(axis=0))[faces[:, n]] for n in range(3))
                found[element.guid] = abs(float(np.einsum("ij,ij->", a, np.cross(b, c)))) / 6
        more = iterator.next()
    return found


if __name__ == "__main__":
    if "--volumes" in sys.argv:
        print(json.dumps(volumes(sys.argv[1], sys.argv[-1])))
    elif "--parse" in sys.argv:
        print(json.dumps({"entities": len(list(ifcopenshell.open(sys.argv[1])))}))
    else:
        began = time.process_time()
        done = serialize(sys.argv[1], sys.argv[2])
        print(json.dumps({"cpu": time.process_time() - began, "products": done}))
