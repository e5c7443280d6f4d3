"""Compare two sources: versions as they stand, files after a build without tiles in a watched worker."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from scenes.build.limits import Limits
from scenes.build.readers import kind_of
from scenes.build.sources import file_hash
from scenes.build.spec import Spec
from scenes.build.supervise import run_worker
from scenes.diff.compare import compare
from scenes.diff.difference import Difference
from scenes.diff.source import Source
from twin.errors import Invalid
from twin.graph.layerfile import read_version
from twin.ids import layer_name_from

WORKERS = 2
"""Both files are read at the same time; each worker uses one core."""
Update = Callable[[str, float, str], None]
"""Called with a file's name, the done share 0..1, and a phase."""


def diff_sources(
    old: Source,
    new: Source,
    *,
    limits: Limits | None = None,
    update: Update = lambda _name, _done, _phase: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Difference:
    """Compare. Raises NotFound, Invalid (cannot be read, or of two kinds), Conflict, Unavailable (limits, crash)."""
    scratch = Path(tempfile.mkdtemp(prefix="parktwin-diff-"))
    try:
        names = [("old", old), ("new", new)]
        if not old.built and not new.built and file_hash(old.path) == file_hash(new.path):
            names = names[:1]
        with ThreadPoolExecutor(WORKERS, thread_name_prefix="diff") as pool:
            made = [
                pool.submit(
                    _folder, source, scratch / name, limits or Limits(), _named(update, name, source), cancelled
                )
                for name, source in names
            ]
            folders = [one.result() for one in made]
        kinds = [read_version(folder).kind for folder in folders]
        if kinds[0] != kinds[-1]:
            raise Invalid(
                f"{old.path.name} is a {kinds[0]} layer and {new.path.name} a {kinds[-1]} layer: expected two of one kind",
                code="other-kind",
            )
        return compare(folders[0], folders[-1])
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _named(update: Update, name: str, source: Source) -> Callable[[float, str], None]:
    return lambda done, phase: update(f"{name} {source.path.name}", done, phase)


def _folder(
    source: Source,
    staging: Path,
    limits: Limits,
    progress: Callable[[float, str], None],
    cancelled: Callable[[], bool],
) -> Path:
    """The folder of a built version: the source's own, or one made of the file."""
    if source.built:
        return source.path
    kind_of(source.path)
    staging.mkdir()
    sha256 = file_hash(source.path)
    spec = Spec(
        source=str(source.path.resolve()),
        layer=layer_name_from(source.path.stem),
        version=sha256[:12],
        sha256=sha256,
        title="",
        staging=str(staging),
        tiles=False,
    )
    run_worker(spec, limits, progress, cancelled)
    progress(1.0, "done")
    return staging
