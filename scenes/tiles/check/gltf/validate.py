"""All glTF files of a check: one run of the glTF validator, then the extensions of those without errors."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from scenes.tiles.check.gltf.document import Broken, Document
from scenes.tiles.check.gltf.extensions import check_extensions
from scenes.tiles.check.gltf.images import check_images
from scenes.tiles.check.gltf.packed import check_packed
from scenes.tiles.check.gltf.placement import check_placement
from scenes.tiles.check.gltf.used import used_pointers
from scenes.tiles.check.issues import Severity
from scenes.tiles.check.run import GltfJob, Run
from scenes.tiles.check.source import Unreadable
from twin.errors import Unavailable

SCRIPT = Path(__file__).parents[1] / "gltf_validator.mjs"
WEB = Path(__file__).parents[4] / "web"
TIMEOUT = 3600.0
SEVERITIES: tuple[Severity, ...] = ("ERROR", "WARNING", "INFO")
KNOWN = (
    "EXT_mesh_features",
    "EXT_structural_metadata",
    "EXT_instance_features",
    "EXT_mesh_gpu_instancing",
    "EXT_meshopt_compression",
    "CESIUM_primitive_outline",
)
"""Extensions that the glTF validator does not know and we read ourselves."""


def validate(run: Run) -> None:
    """Judge the glTF files that a check has queued."""
    if not run.jobs:
        return
    for job, messages in zip(run.jobs, _messages(run.jobs), strict=True):
        _finish(job, messages)


def _messages(jobs: list[GltfJob]) -> list[list[dict[str, Any]]]:
    node = shutil.which("node")
    if node is None or not (WEB / "node_modules" / "gltf-validator").is_dir():
        raise Unavailable(
            "glTF tiles cannot be checked: Node.js and the npm package gltf-validator are needed, run make setup",
            code="no-gltf-validator",
        )
    task = [
        {
            "file": str(job.file),
            "folder": str(job.place.folder),
            "root": None if job.place.root is None else str(job.place.root),
        }
        for job in jobs
    ]
    try:
        done = subprocess.run(
            [node, str(SCRIPT), str(WEB)],
            input=json.dumps(task),
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Unavailable(f"the glTF validator did not end within {TIMEOUT:.0f} s", code="no-gltf-validator") from error
    lines = done.stdout.splitlines()
    if done.returncode or len(lines) != len(jobs):
        raise Unavailable(
            f"the glTF validator failed on {len(jobs)} files: {done.stderr.strip()[-300:]}", code="no-gltf-validator"
        )
    return [json.loads(line) for line in lines]


def _finish(job: GltfJob, messages: list[dict[str, Any]]) -> None:
    document: Document | None = None
    try:
        document = Document.read(job.file, job.place)
    except (Broken, Unreadable) as error:
        if not any(message["severity"] == 0 for message in messages):
            job.issues.add("GLTF_UNREADABLE", "", str(error))
    used = used_pointers(document.json) if document else frozenset()
    messages = [message for message in messages if message["severity"] <= 2 and not _known(message, used)]
    sound = document is None or any(message["severity"] == 0 for message in messages) or _extensions(job, document)
    for message in messages:
        if not sound and message["code"] == "UNUSED_OBJECT":
            continue  # what a broken extension fails to refer to
        place = message.get("pointer") or (f"byte {message['offset']}" if "offset" in message else "")
        job.issues.add(message["code"], place, message["message"], severity=SEVERITIES[message["severity"]])


def _extensions(job: GltfJob, document: Document) -> bool:
    """Judge what the glTF validator leaves out; True where nothing was found."""
    before = len(job.issues.entries)
    try:
        check_packed(job.issues, document)
        check_extensions(job.issues, document)
        check_images(job.issues, document)
        if job.where.volume is not None:
            check_placement(job.issues, document, job.where)
    except (Broken, Unreadable) as error:
        job.issues.add("INVALID_GLTF_STRUCTURE", "", str(error))
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError) as error:
        # An extension's object that no check foresaw: an error of the file, not of the whole run.
        job.issues.add("INVALID_GLTF_STRUCTURE", "", f"the extensions cannot be read: {error!r:.120}")
    return len(job.issues.entries) == before


def _known(message: dict[str, Any], used: frozenset[str]) -> bool:
    if message["code"] == "UNSUPPORTED_EXTENSION":
        return any(f"'{name}'" in message["message"] for name in KNOWN)
    if message["code"] == "IMAGE_NPOT_DIMENSIONS":
        return True  # WebGL 1 wanted powers of two; nothing that reads 3D Tiles 1.1 does
    return message["code"] == "UNUSED_OBJECT" and message.get("pointer") in used
