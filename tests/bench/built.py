"""One model through our build worker, or through the peer's serializer; shared by `ingest` and `tiles`."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from scenes.build.spec import Spec
from tests.bench.cost import Sample, child
from tests.bench.peers import glb_serializer
from tests.bench.race import Context
from twin.graph.tablefile import attach

PEER = Path(glb_serializer.__file__)
HYBRID, EXACT = "hybrid-cgal-simple-opencascade", "opencascade"


@dataclass(frozen=True)
class Meshed:
    """What our build says of its objects: (type, engine) by GlobalId, and measured volumes, m3."""

    objects: dict[str, tuple[str, str]]
    volumes: dict[str, float]


def ours(source: Path, out: Path) -> Sample:
    """The whole worker: IFC → tiles, their .gz, graph tables. The answer is `layer.json`'s statistics."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    spec = Spec(str(source), "bench", "v1", "0" * 64, "", str(out))
    cost, _ = child([sys.executable, "-m", "scenes.build.worker", json.dumps(asdict(spec))])
    return Sample(cost, json.loads((out / "layer.json").read_text(encoding="utf-8"))["stats"])


def theirs(source: Path, out: Path) -> Sample:
    """IFC → one GLB, and beside it the ids of what was written as JSON. The answer: `cpu` without start and imports, `products`: GlobalId → class of what was written."""
    out.parent.mkdir(parents=True, exist_ok=True)
    cost, text = child([sys.executable, str(PEER), str(source), str(out)])
    answer = json.loads(text.splitlines()[-1])
    out.with_suffix(".json").write_text(json.dumps(list(answer["products"])), encoding="utf-8")
    return Sample(cost, answer)


def parse_memory(source: Path) -> int:
    """Peak memory (PSS), bytes, of a process that only opens the model with IfcOpenShell."""
    return child([sys.executable, str(PEER), str(source), "--parse"])[0].pss


def their_volumes(source: Path, kernel: str = HYBRID) -> dict[str, float]:
    """Volumes of closed shapes by GlobalId, m3, by one of IfcOpenShell's kernels."""
    _, text = child([sys.executable, str(PEER), str(source), "--volumes", kernel])
    return json.loads(text.splitlines()[-1])


def meshed(folder: Path) -> Meshed:
    """Read a built version back. Ids that stand twice in the file are told apart by ~2; the first one counts."""
    with duckdb.connect() as con:
        attach(con, folder, "made")
        con.execute("USE made")
        objects = con.execute("SELECT id, type, engine FROM object WHERE engine IS NOT NULL").fetchall()
        volumes = con.execute(
            "SELECT o.id, q.value FROM quantity q JOIN object o USING (gid)"
            " WHERE q.origin = 'measured' AND q.name = 'Volume'"
        ).fetchall()
    return Meshed({name: (kind, engine) for name, kind, engine in objects}, dict(volumes))


def once(context: Context, title: str, source: Path) -> tuple[Path, Path]:
    """Our version's folder and the peer's GLB of a model; built now unless a race left them in this run."""
    folders = context.folder / "ingest" / title / "ours", context.folder / "ingest" / title / "peer.glb"
    if not (folders[0] / "layer.json").exists():
        ours(source, folders[0])
    if not folders[1].exists():
        theirs(source, folders[1])
    return folders
