"""The files that tiles refer to: what they are, and who judges them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scenes.tiles.check.containers import HEADERS, check_container
from scenes.tiles.check.issues import Issues
from scenes.tiles.check.package import check_package, is_package
from scenes.tiles.check.run import DEPTH, GltfJob, Run, Trail, Where
from scenes.tiles.check.source import Place, Unreadable, parse

PACKAGE = "MAXAR_content_3tz"
UNCHECKED = (b"vctr", b"geom")


def check_content(run: Run, issues: Issues, path: str, uri: str, place: Place, where: Where, trail: Trail) -> None:
    """Judge the file that a tile's content names. path: of the URI in the tileset."""
    if uri.split("?", maxsplit=1)[0].lower().endswith(".3tz"):
        issues.extensions.add(PACKAGE)
    try:
        file = None if uri.startswith("data:") else place.path(uri)
        if file is not None and file in run.done and file not in trail:
            _again(issues, path, uri, run.done[file])
            return
        if not run.count(issues, path):
            return
        data, inner = place.read(uri)
        kind = detect(data)
    except Unreadable as error:
        issues.add(error.kind, path, str(error))
        return
    name = uri if file else "data URI"
    nested = issues.nest("EXTERNAL_TILESET" if kind == "tileset" else "CONTENT", path, name)
    issues.gltf |= kind in {"glb", "gltf"}
    if file is not None:
        run.done[file] = nested
    check_data(run, nested, data, file, inner, where, trail)


def _again(issues: Issues, path: str, uri: str, known: Issues) -> None:
    again = issues.nest("CONTENT", path, uri)
    again.entries, again.extensions = known.entries, known.extensions


def detect(data: bytes) -> str:
    """What a file is: tileset, gltf, glb, subtree, schema, package, geojson, json, a container's magic or ''."""
    magic = data[:4]
    if magic in HEADERS or magic in UNCHECKED:
        return magic.decode()
    if magic == b"glTF":
        return "glb"
    if magic == b"subt":
        return "subtree"
    if is_package(data):
        return "package"
    head = data[:256].lstrip(b"\xef\xbb\xbf \t\r\n")
    return kind_of(parse(data)) if head[:1] in {b"{", b"["} else ""


def kind_of(raw: Any) -> str:
    """What a JSON document is, by its fields."""
    if not isinstance(raw, dict):
        return "json"
    if "tileAvailability" in raw or "childSubtreeAvailability" in raw:
        return "subtree"
    if "root" in raw or ("geometricError" in raw and "asset" in raw):
        return "tileset"
    if raw.get("type") in {"FeatureCollection", "Feature", "GeometryCollection"}:
        return "geojson"
    if "asset" in raw or "meshes" in raw or "accessors" in raw:
        return "gltf"
    if "propertyTables" in raw or "buffers" in raw or "bufferViews" in raw:
        return "tables"
    return "schema" if raw.keys() & {"id", "classes", "enums"} else "json"


def check_data(
    run: Run, issues: Issues, data: bytes, file: Path | None, place: Place, where: Where, trail: Trail
) -> None:
    """Judge bytes by what they are. file: where they stand unpacked on disk, if they do."""
    if len(trail) > DEPTH:
        issues.add("CHECK_LIMIT_REACHED", "", f"more than {DEPTH} files lie inside one another")
        return
    try:
        kind = detect(data)
        if kind == "tileset":
            here = file or run.scratch
            if here in trail:
                issues.add("TILESET_CYCLE", "", f"{here.name} refers to itself over other tilesets")
                return
            run.tileset(run, issues, parse(data), place, (*trail, here))
        elif kind in {"glb", "gltf"}:
            check_gltf(run, issues, data, file, place, where)
        elif kind == "package":
            check_package(run, issues, data, trail)
        elif data[:4] in HEADERS:
            _container(run, issues, data, place, trail)
        elif kind == "json" or data[:4] in UNCHECKED or kind in {"geojson", "schema", "tables", "subtree"}:
            issues.add("CONTENT_TYPE_UNKNOWN", "", f"content of the kind {kind} is not checked")
        else:
            issues.add("CONTENT_TYPE_INVALID", "", "the file is no content that 3D Tiles knows")
    except Unreadable as error:
        issues.add(error.kind, "", str(error))
    except RecursionError:
        issues.add("CHECK_LIMIT_REACHED", "", "the file is nested too deeply")


def check_gltf(run: Run, issues: Issues, data: bytes, file: Path | None, place: Place, where: Where) -> None:
    """Queue a glTF for the validator; embedded ones are written down for it."""
    if file is None or data[:2] != _start(file):
        file = run.name()
        file.write_bytes(data)
    run.jobs.append(GltfJob(issues, file, place, where))


def _start(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(2)


def _container(run: Run, issues: Issues, data: bytes, place: Place, trail: Trail) -> None:
    for path, payload in check_container(issues, data):
        if isinstance(payload, str):
            check_content(run, issues, path, payload, place, Where(), trail)
        else:
            nested = issues.nest("CONTENT", path, f"the {path[1:]} inside")
            # Composites deepen the trail as tilesets do, so that hostile nesting ends.
            check_data(run, nested, payload, None, place, Where(), (*trail, run.scratch / f"in{len(trail)}"))
