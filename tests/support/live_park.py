"""A small park of many points, served by `parktwin serve` in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.layers import house, make_park, make_version
from twin.graph import GraphStore
from twin.park import Park

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Serving:
    """A served park: where it is, and its administrator."""

    folder: Path
    url: str
    password: str
    process: subprocess.Popen[str]
    user: str = "admin"


def many_points(folder: Path, count: int, *, kind: str = "temperature", settings: str = "", **columns: str) -> Park:
    """A park with a house whose rooms show `count` points p0, p1, …, in index order; topics live/p0, …

    columns: further values of points.csv, the same in every row.
    """
    park = make_park(folder)
    rooms = max(1, min(count, 100))
    rows = [
        f"p{n:06d},a1/s0-r{n % rooms},{kind},mqtt:live/p{n:06d}" + "".join(f",{v}" for v in columns.values())
        for n in range(count)
    ]
    (folder / "points.csv").write_text(
        "\n".join(["point_id,gid,kind,address" + "".join(f",{name}" for name in columns), *rows, ""]), encoding="utf-8"
    )
    with (folder / "park.toml").open("a", encoding="utf-8") as file:
        file.write(settings)
    make_version(park, "a1", "v1", house(storeys=1, spaces=rooms))
    graph = GraphStore(park)
    graph.publish("a1", "v1", group="building")
    graph.load_points()
    graph.close()
    return park


@contextmanager
def serving(folder: Path, **environment: str) -> Iterator[Serving]:
    """Serve a park on a free port; ended on leaving."""
    import os

    command = [sys.executable, "-u", "-m", "server.cli", "serve", str(folder), "--port", "0"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, **environment},
    ) as process:
        password, url, said = "", "", []
        for line in process.stdout or ():
            said.append(line)
            if "with the password" in line:
                password = line.split("with the password")[1].split()[0]
            if "serving at" in line:
                url = line.split("serving at")[1].split()[0]
                break
        assert url, "".join(said)
        try:
            yield Serving(folder, url, password, process)
        finally:
            process.terminate()
            process.communicate(timeout=30)
