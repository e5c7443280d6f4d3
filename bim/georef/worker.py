"""Worker process that reads a file's georeference: `python -m bim.georef.worker SPEC`, JSON lines as builds speak them."""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any

from bim.georef.read import read_georeference
from twin.errors import ParkError
from twin.geometry.frame import Frame
from twin.placing import Placing


def _say(row: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def work(spec: dict[str, Any]) -> dict[str, Any]:
    """`{georef, findings}` of the file at `source`. frame: the park's, or None; placing: as `Placing.as_dict`."""
    frame = Frame(**spec["frame"]) if spec.get("frame") else None
    found = read_georeference(Path(spec["source"]), frame, Placing.from_dict(spec.get("placing") or {}))
    return {"georef": found.report, "findings": [finding.as_dict() for finding in found.findings]}


def main() -> int:
    """Exit code 0: the report was said; 2: a clear error was said; anything else: a crash."""
    spec = json.loads(sys.argv[1])
    limit = int(spec["memory"])
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    try:
        _say({"done": work(spec)})
    except ParkError as error:
        _say({"error": {"class": type(error).__name__, "code": error.code, "message": str(error)}})
        return 2
    except MemoryError:
        message = f"{Path(spec['source']).name} needs more than {limit / 1024**3:.1f} GB to be read"
        _say({"error": {"class": "Unavailable", "code": "memory-limit", "message": message}})
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
