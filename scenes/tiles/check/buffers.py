"""`buffers` and `bufferViews` of subtrees: structure first, bytes once that holds."""

from __future__ import annotations

from typing import Any

from scenes.tiles.check.issues import Issues
from scenes.tiles.check.shape import Field, Table, check_object
from scenes.tiles.check.source import Place, Unreadable

TEXT = Field("string", length=(1, None))
BUFFER: Table = {"uri": Field("string"), "byteLength": Field("integer", required=True, low=1), "name": TEXT}
VIEW: Table = {
    "buffer": Field("integer", required=True, low=0),
    "byteOffset": Field("integer", required=True, low=0),
    "byteLength": Field("integer", required=True, low=1),
    "name": TEXT,
}
BUFFERS: Table = {
    "buffers": Field("array", length=(1, None), items=Field("object", fields=BUFFER)),
    "bufferViews": Field("array", length=(1, None), items=Field("object", fields=VIEW)),
}


def check_buffers(issues: Issues, path: str, raw: dict[str, Any], *, binary: bool = False) -> bool:
    """Judge the structure. binary: the first buffer may be the binary chunk and have no URI."""
    if not check_object(issues, path, {key: raw.get(key) for key in BUFFERS}, BUFFERS):
        return False
    buffers, views = raw.get("buffers"), raw.get("bufferViews")
    if buffers is None:
        if views is None:
            return True
        return issues.add("BUFFER_VIEWS_WITHOUT_BUFFERS", path, "there are bufferViews but no buffers")
    fine = True
    for index, buffer in enumerate(buffers):
        if buffer.get("uri") is None and not (binary and index == 0):
            fine = issues.add("REQUIRED_VALUE_NOT_FOUND", f"{path}/buffers/{index}", "a buffer in JSON needs a uri")
    if views is None:
        # Useless, but within the specification.
        issues.add("BUFFERS_WITHOUT_BUFFER_VIEWS", path, "there are buffers but no bufferViews")
        return fine
    for index, view in enumerate(views):
        where = f"{path}/bufferViews/{index}"
        if view["buffer"] >= len(buffers):
            fine = issues.add("VALUE_NOT_IN_RANGE", f"{where}/buffer", f"there are only {len(buffers)} buffers")
            continue
        end, length = view["byteOffset"] + view["byteLength"], buffers[view["buffer"]]["byteLength"]
        if end > length:
            fine = issues.add("BUFFERS_INCONSISTENT", where, f"the view ends at {end}, its buffer has {length} bytes")
    return fine


def read_views(
    issues: Issues, path: str, raw: dict[str, Any], place: Place, chunk: bytes | None = None
) -> list[bytes] | None:
    """The bytes of all buffer views of a valid structure; None where a buffer cannot be had."""
    buffers: list[bytes] = []
    fine = True
    for index, buffer in enumerate(raw.get("buffers") or []):
        where = f"{path}/buffers/{index}"
        try:
            data = chunk or b"" if buffer.get("uri") is None else place.read(buffer["uri"])[0]
        except Unreadable as error:
            issues.add(error.kind, where, str(error))
            fine = False
            continue
        if len(data) < buffer["byteLength"]:
            message = f"byteLength is {buffer['byteLength']}, but there are {len(data)} bytes"
            fine = issues.add("BUFFERS_INCONSISTENT", where, message)
        buffers.append(data)
    if not fine:
        return None
    return [
        buffers[view["buffer"]][view["byteOffset"] : view["byteOffset"] + view["byteLength"]]
        for view in raw.get("bufferViews") or []
    ]
