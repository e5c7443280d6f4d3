"""Tiles and the scene manifest: immutable files, served compressed where the client takes it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from server.access import Caller, requires
from server.accounts import Permission
from server.http.coding import takes_gzip
from server.http.respond import json_bytes, tagged, unchanged
from server.services import Use
from server.submissions.submission import LAYER_PREFIX
from twin.errors import NotFound
from twin.graph.layerfile import TILES, version_folder
from twin.ids import layer_name

router = APIRouter(prefix="/tiles", tags=["tiles"])
READ = requires("scene.read", embed=True)

MEDIA_TYPES = {
    ".glb": "model/gltf-binary",
    ".gltf": "model/gltf+json",
    ".json": "application/json",
    ".bin": "application/octet-stream",
    ".subtree": "application/octet-stream",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".ktx2": "image/ktx2",
}
VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")
YEAR_S = 31_536_000


def tile_file(folder: Path, path: str) -> tuple[Path, str]:
    """(file, media type) of a tile path under a version's tiles.

    Only plain names pass, so no path leaves the folder; a link that does is refused as well. Raises NotFound.
    """
    parts = path.split("/")
    media_type = MEDIA_TYPES.get(Path(path).suffix.lower())
    if media_type is None or not all(PART.fullmatch(part) for part in parts):
        raise NotFound(f"There is no tile {path!r}", code="no-tile")
    root = folder.resolve()
    file = root.joinpath(*parts).resolve()
    if not (file.is_relative_to(root) and file.is_file()):
        raise NotFound(f"There is no tile {path!r}", code="no-tile")
    return file, media_type


@router.get("/scene.json", response_class=Response, dependencies=[READ])
def scene(
    request: Request, use: Use, caller: Caller, submission: Annotated[str | None, Query(max_length=63)] = None
) -> Response:
    """The scene manifest; `submission` names the layer of a model under review to show as well."""
    if submission is not None:
        caller.demand(Permission.SUBMISSION_READ)
        submission = submission if submission.startswith(LAYER_PREFIX) else f"{LAYER_PREFIX}{submission}"
    found = use.graph.scene(submission)
    if caller.layers is not None:
        found = {
            **found,
            "layers": [row for row in found["layers"] if caller.sees(row["layer"])],
            "schemes": [row for row in found["schemes"] if all(caller.sees(layer) for layer in row["layers"])],
        }
    return tagged(request, json_bytes(found), "application/json")


@router.head("/{layer}/{version}/{path:path}", include_in_schema=False, dependencies=[READ])
@router.get("/{layer}/{version}/{path:path}", response_class=Response, dependencies=[READ])
def tile(layer: str, version: str, path: str, request: Request, use: Use, caller: Caller) -> Response:
    """One file of a layer version. It never changes, so browsers keep it for ever."""
    if not VERSION.fullmatch(version):
        raise NotFound(f"There is no version {version!r} of layer {layer!r}", code="no-version")
    caller.demand_layer(layer_name(layer))
    file, media_type = tile_file(version_folder(use.graph.park, layer, version) / TILES, path)
    packed = file.with_name(f"{file.name}.gz")
    gzip = takes_gzip(request) and packed.is_file()
    etag = f'"{layer}-{version}-{path}{"-gz" if gzip else ""}"'
    scope = "public" if use.embed.settings.public and not layer.startswith(LAYER_PREFIX) else "private"
    headers = {
        "Cache-Control": f"{scope}, max-age={YEAR_S}, immutable",
        "ETag": etag,
        "Vary": "Accept-Encoding",
    }
    if unchanged(request, etag):
        return Response(status_code=304, headers=headers)
    if gzip:
        headers["Content-Encoding"] = "gzip"
    content = (packed if gzip else file).read_bytes()
    return Response(content, headers=headers, media_type=media_type)
