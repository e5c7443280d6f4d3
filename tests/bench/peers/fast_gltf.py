"""ifcfast: IFC → one glTF with openings cut. `python fast_gltf.py MODEL.ifc OUT.glb` prints the size as JSON."""

import json
import sys
from pathlib import Path

import ifcfast


def convert(source: str, out: str) -> dict[str, int]:
    ifcfast.open(source).to_gltf(out, cut_openings=True)
    return {"bytes": Path(out).stat().st_size}


if __name__ == "__main__":
    print(json.dumps(convert(sys.argv[1], sys.argv[2])))
