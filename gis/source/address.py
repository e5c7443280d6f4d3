"""How a file is named to GDAL: odd names get a plain link, archives with folders the folder inside."""

from __future__ import annotations

import glob
import re
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

_ODD = re.compile(r"[;!?#]")
"""Characters that pyogrio takes for parts of a web address."""
_INSIDE = (".shp", ".gpkg", ".geojson", ".json", ".fgb")


@contextmanager
def address(path: Path) -> Iterator[str]:
    """The name to open `path` by; links made for it go when the block ends."""
    if path.suffix.lower() == ".zip":
        yield _inside(path)
        return
    if not _ODD.search(str(path)):
        yield str(path)
        return
    with tempfile.TemporaryDirectory(prefix="parktwin-gis-") as folder:
        for item in path.parent.glob(f"{glob.escape(path.stem)}.*"):  # a shapefile's parts stand beside it
            (Path(folder) / f"source{item.suffix}").symlink_to(item.resolve())
        yield str(Path(folder) / f"source{path.suffix}")


def _inside(path: Path) -> str:
    """GDAL looks at the top of an archive only: name the folder of its shapefiles, or its one file of another kind."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [PurePosixPath(name) for name in archive.namelist()]
    except zipfile.BadZipFile:
        return f"/vsizip/{{{path}}}"  # GDAL says what is wrong
    for suffix in _INSIDE:
        found = [n for n in names if n.suffix.lower() == suffix and "__MACOSX" not in n.parts and ".." not in n.parts]
        if found:
            inner = found[0].parent if suffix == ".shp" else found[0]
            return f"/vsizip/{{{path}}}" + ("" if str(inner) == "." else f"/{inner}")
    return f"/vsizip/{{{path}}}"
