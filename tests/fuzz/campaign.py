"""One spoiled file through the build worker, and what may come of it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from scenes.build.limits import Limits
from scenes.build.spec import Spec
from scenes.build.supervise import run_worker
from scenes.tiles.check.check import check_path
from twin.errors import ParkError
from twin.graph.layerfile import read_version
from twin.graph.tablefile import table_path

LIMITS = Limits(seconds=120.0, memory=3 << 30, product_seconds=8.0, kernel_memory=2 << 30)


@dataclass(frozen=True)
class Outcome:
    """What came of a file: `built`, `refused` (the author's fault), `killed` (a native crash, contained), or `wrong`
    (ours) with the reason.
    """

    kind: str
    detail: str = ""


def attempt(source: Path, folder: Path, limits: Limits = LIMITS) -> Outcome:
    """Build `source` in `folder`, which is emptied afterwards."""
    staging = folder / "staging"
    staging.mkdir(parents=True)
    spec = Spec(
        str(source), "fuzz", "v", "0", "", str(staging),
        silence_s=limits.product_seconds, kernel_memory=limits.kernel_memory,
    )  # fmt: skip
    try:
        run_worker(spec, limits, lambda _done, _phase: None)
        errors = [issue for issue in check_path(staging / "tiles" / "tileset.json").issues if _is_error(issue)]
        if errors:
            return Outcome("wrong", f"{len(errors)} errors in the tiles, such as {errors[0]}")
        if not table_path(staging, "object").exists() or not (staging / "layer.json").exists():
            return Outcome("wrong", "said done, and is not whole")
        version = read_version(staging)
        return Outcome("built", f"{version.count} objects, {len(version.findings)} findings")
    except ParkError as error:
        return _judged(error, staging)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _judged(error: ParkError, staging: Path) -> Outcome:
    text = str(error)
    if (staging / "layer.json").exists():
        return Outcome("wrong", f"refused, and looks whole: {text}")
    if "\n" in text or not text:
        return Outcome("wrong", f"no single sentence: {text!r}")
    if error.code == "worker":  # a signal is a native crash, contained; an exit code is a defect of ours
        return Outcome("killed" if "ended by SIG" in text else "wrong", text)
    if error.code in {"time-limit", "memory-limit"}:
        return Outcome("wrong", text)
    if (
        error.code == "malformed"
    ):  # after the opening the parser has no word left: this is an index of ours out of range
        return Outcome("wrong", text)
    return Outcome("refused", text)


def _is_error(issue: object) -> bool:
    return str(getattr(issue, "severity", "")).upper().endswith("ERROR")
