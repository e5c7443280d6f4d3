"""Make a version from the layer's earlier one: what did not change is shared with it, what did is written beside it."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from dataclasses import dataclass, replace
from mmap import ACCESS_READ, mmap
from pathlib import Path

from bim.changes import Reread, Whole, reread
from bim.source.step_scan import StepBytes
from scenes.build.digest import digest
from scenes.build.incremental.kept import MESHES
from scenes.build.incremental.reshape import Reshaped, reshape
from scenes.build.incremental.splice import Spliced, splice
from scenes.build.incremental.text_index import read_index, write_index
from scenes.build.packing import gzipped
from scenes.build.sealed import is_sealed
from scenes.build.spec import Spec
from scenes.tiles.rename import renamed
from twin.clock import SystemClock, iso
from twin.errors import ParkError
from twin.graph.layerfile import TILES, LayerVersion, read_version
from twin.graph.schema import GRAPH_TABLES, VERSION_TABLES
from twin.graph.tablefile import TABLES, delta_path, table_path

UNCERTAIN = frozenset({"ifc-repeated-globalid", "ifc-text-repaired", "ifc-encoding", "ifc-text-mangled"})
"""Findings that are about the text or the ids as a whole: which object is meant may change with any other."""
_OFFSET = re.compile(r"at offset (\d+)")
_MARGIN = 200
"""Bytes between a fault of syntax and the first change: what the parser tells of it is its place."""


MOST_BYTES = 400 << 20
"""Larger files are read whole: both texts and the index of one are held in memory, some four times a file's size."""


@dataclass(frozen=True)
class _Remade:
    """Tiles that are not shared: bytes before and after, plain and packed."""

    raw: int = 0
    packed: int = 0
    digest: str = ""


def remake(spec: Spec, staging: Path, scratch: Path) -> LayerVersion:
    """The version that `spec` asks for, from the one in `spec.base`; its tables and tiles are written into `staging`.

    The times and costs in its statistics are the caller's to fill in. Raises Whole where the file must be read whole.
    """
    folder = Path(str(spec.base))
    try:
        earlier = read_version(folder)
        if earlier.stats.get("settings") != spec.settings:
            raise Whole("other settings")
        if not spec.title and earlier.title == Path(earlier.source).stem != Path(spec.source).stem:
            raise Whole("the layer is named by its file")
        if Path(spec.source).stat().st_size > MOST_BYTES:
            raise Whole(f"a file of more than {MOST_BYTES >> 20} MB")
        # Whether the source changes meanwhile is for the caller to see, as of a whole build.
        source = Path(spec.source)
        changed = reread(_old_text(spec, earlier), source, _mapped(source), scratch, read_index(folder))
        _sure(earlier, changed)
        spliced = splice(folder, spec.layer, changed)
        _share_tables(folder, staging, spliced)
        tiles = _share_tiles(folder / TILES, staging / TILES, spliced.renamed)
        index = changed.texts.index
        write_index(staging, None if index is None else index.encoded())
        made = _version(spec, earlier, changed, spliced, tiles)
        if changed.shaped is None:
            if (folder / MESHES).exists():
                _share(folder / MESHES, staging / MESHES)
            return made
        return _with_shapes(made, reshape(earlier, folder, staging, scratch, changed.texts, changed.shaped))
    except (OSError, ParkError) as error:
        raise Whole(f"the earlier version cannot be used: {error}") from error


def _with_shapes(version: LayerVersion, found: Reshaped) -> LayerVersion:
    rebuilt = {**version.stats["rebuilt"], "drawn": found.objects}
    stats = {**version.stats, **found.stats, "rebuilt": rebuilt}
    return replace(version, box=found.box, findings=found.findings, stats=stats)


def _mapped(path: Path) -> StepBytes:
    """A file's bytes where the system holds them. One that is cut short meanwhile ends the worker: it is read whole then."""
    with path.open("rb") as stream:
        if os.fstat(stream.fileno()).st_size == 0:
            return b""
        return mmap(stream.fileno(), 0, access=ACCESS_READ)


def _old_text(spec: Spec, earlier: LayerVersion) -> StepBytes:
    for path in spec.base_sources:
        text = _mapped(Path(path)) if Path(path).is_file() else b""
        if is_sealed(Path(path), earlier.sha256) or hashlib.sha256(text).hexdigest() == earlier.sha256:
            return text
    raise Whole("the file of the earlier version is not kept")


def _sure(earlier: LayerVersion, changed: Reread) -> None:
    """Nothing that is out of order in the file as a whole can have changed.

    What the parser remarked on stands before the first change, so that it says the same of the new text.
    """
    doubtful = UNCERTAIN.intersection(str(finding["code"]) for finding in earlier.findings)
    if doubtful and changed.changed:
        raise Whole(f"the file's own disorder ({min(doubtful)})")
    faults = [str(finding["en"]) for finding in earlier.findings if finding["code"] == "ifc-syntax"]
    places = [int(place) for text in faults for place in _OFFSET.findall(text)]
    if (faults or changed.faults) and not (places and max(places) + _MARGIN < changed.still):
        raise Whole("faults of syntax")


def _share_tables(folder: Path, staging: Path, spliced: Spliced) -> None:
    (staging / TABLES).mkdir(exist_ok=True)
    for name in (*GRAPH_TABLES, *VERSION_TABLES):
        _share(table_path(folder, name), table_path(staging, name))
        if name in spliced.deltas:
            spliced.deltas[name].write(delta_path(staging, name))
        elif delta_path(folder, name).exists():
            _share(delta_path(folder, name), delta_path(staging, name))


def _share_tiles(folder: Path, target: Path, names: dict[int, str]) -> _Remade:
    """Share the tiles but for those that carry a new name of an object."""
    target.mkdir(exist_ok=True)
    made = renamed(folder, {ordinal: name or "" for ordinal, name in names.items()}) if names else {}
    raw = packed = 0
    for path in folder.iterdir():
        name = path.name.removesuffix(".gz")
        if name not in made:
            _share(path, target / path.name)
        elif path.name != name:
            data = gzipped(made[name], (folder / name).read_bytes(), path.read_bytes())
            (target / path.name).write_bytes(data)
            packed += len(data) - path.stat().st_size
        else:
            (target / path.name).write_bytes(made[name])
            raw += len(made[name]) - path.stat().st_size
    return _Remade(raw, packed, digest(target) if made else "")


def _share(source: Path, target: Path) -> None:
    """The same file under another name; a copy where the file system has no hard links."""
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copyfile(source, target)


def _version(spec: Spec, earlier: LayerVersion, changed: Reread, spliced: Spliced, tiles: _Remade) -> LayerVersion:
    stats = {name: value for name, value in earlier.stats.items() if name != "whole"}
    concerned = 0 if changed.after is None else len(changed.after.objects)
    return replace(
        earlier,
        version=spec.version,
        title=spec.title or earlier.title,
        source=Path(spec.source).name,
        sha256=spec.sha256,
        built_at=iso(SystemClock().now_ms()),
        stats={
            **stats,
            "properties": stats["properties"] + spliced.properties,
            "quantities": stats["quantities"] + spliced.quantities,
            "bytes": stats["bytes"] + tiles.raw,
            "bytes_gzip": stats["bytes_gzip"] + tiles.packed,
            "tile_bytes": stats["tile_bytes"] + tiles.raw,
            "digest": tiles.digest or stats["digest"],
            "rebuilt": {"from": earlier.version, "objects": concerned, "instances": changed.changed},
        },
    )
