"""The peer of `diff`: IfcOpenShell's ifcdiff over attributes, properties and geometry.

`python ifcdiff_peer.py OLD.ifc NEW.ifc` prints {"cpu", "wall", "added", "deleted", "changed"}; opening the files counts.
"""

import json
import sys
import time

import ifcopenshell
from ifcdiff import IfcDiff


def main() -> None:
    cpu, wall = time.process_time(), time.perf_counter()
    diff = IfcDiff(*map(ifcopenshell.open, sys.argv[1:3]), relationships=["attributes", "property", "geometry"])
    diff.diff()
    row = {
        "cpu": time.process_time() - cpu,
        "wall": time.perf_counter() - wall,
        "added": len(diff.added_elements),
        "deleted": len(diff.deleted_elements),
        "changed": len(diff.change_register),
    }
    sys.stdout.write("\n" + json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
