"""Worker process of an export: `python -m scenes.export.worker '{"folder": …}'`.

The folder holds `request.json` and receives the result. Speaks JSON lines on standard output as build workers do.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

import duckdb

from scenes.export.export import export
from scenes.export.request import REQUEST, ExportRequest
from twin.errors import ParkError
from twin.park import Park
from twin.process import die_with_parent


def _say(**row: object) -> None:
    sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _failed(kind: str, code: str, message: str) -> int:
    _say(error={"class": kind, "code": code, "message": message})
    return 2


def main() -> int:
    """Exit code 0: done; 2: a clear error was said; anything else: a crash."""
    die_with_parent()
    folder = Path(json.loads(sys.argv[1])["folder"])
    document = json.loads((folder / REQUEST).read_text(encoding="utf-8"))
    tempfile.tempdir = os.environ["TMPDIR"] = str(folder)
    try:
        done = export(
            Park.load(Path(document["park"])),
            document["layers"],
            ExportRequest.from_dict(document["request"]),
            folder,
            lambda share, phase: _say(progress=share, phase=phase),
        )
    except ParkError as error:
        return _failed(type(error).__name__, error.code, str(error))
    except (OSError, duckdb.Error) as error:
        reason = (getattr(error, "strerror", None) or str(error)).strip().split("\n", 1)[0][:200]
        return _failed("Unavailable", "disk", f"The export failed at reading or writing: {reason}")
    except MemoryError:
        return _failed("Unavailable", "memory", "The export needs more memory than there is: select less")
    _say(done=done.as_dict())
    return 0


if __name__ == "__main__":
    sys.exit(main())
