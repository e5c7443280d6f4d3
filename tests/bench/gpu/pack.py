"""`python -m tests.bench.gpu.pack OUT [--objects N]`: a folder with a site's tiles, the pages and a program that measures them."""

from __future__ import annotations

import argparse
import gzip
import json
import shutil
import sys
import tempfile
from pathlib import Path

from tests.bench import browser
from tests.bench.races import viewer_scale

HERE = Path(__file__).parent
PACKED = {".glb", ".json", ".js", ".html", ".wasm"}


def pack(out: Path, objects: int) -> dict[str, object]:
    """Write `out`: every file gzipped as a server sends it, `site.json` with what the builder told, and `run.py`."""
    with tempfile.TemporaryDirectory(prefix="parktwin-gpu-") as folder:
        made = Path(folder)
        told = viewer_scale.build(str(made / "site"), objects)
        shutil.rmtree(made / "site" / "spool")
        pages = browser.built(made / "pages")
        for root in (pages, made / "site"):
            for path in sorted(root.rglob("*")):
                if path.suffix in PACKED:
                    to = out / "files" / path.relative_to(root)
                    to.parent.mkdir(parents=True, exist_ok=True)
                    to.with_name(to.name + ".gz").write_bytes(gzip.compress(path.read_bytes(), 6, mtime=0))
    (out / "site.json").write_text(json.dumps(told), encoding="utf-8")
    shutil.copy(HERE / "run.py", out)
    return told


def main(arguments: list[str]) -> int:
    """0; the folder must be new."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.gpu.pack")
    parser.add_argument("out", type=Path)
    parser.add_argument("--objects", type=int, default=1_000_000)
    options = parser.parse_args(arguments)
    if options.out.exists():
        parser.error(f"{options.out} exists: expected a new folder")
    sys.stdout.write(f"{json.dumps(pack(options.out, options.objects))}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
