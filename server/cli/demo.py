"""`parktwin demo`: the sample park, from nothing to a served page with live devices."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from scenes.build import Limits
from server.cli.access import LocalAccess, running_server
from server.cli.ingest import Job, report
from server.cli.ingest import run as ingest
from server.cli.output import bars, out
from twin.clock import SystemClock
from twin.devices.importing import carry_out
from twin.devices.of_points import lines_of_points
from twin.devices.register import DeviceRegister
from twin.errors import Conflict, NotFound, ParkError
from twin.park import FILE, Park, write_atomic

MARKER = "generated.json"
SIGN_IN = "sign-in.txt"
DOOR = Path("broker") / "door.json"


class Phases:
    """Seconds by phase, printed as each ends."""

    def __init__(self) -> None:
        self.start = time.perf_counter()
        self.seconds: dict[str, float] = {}

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Time a phase."""
        began = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - began
        out.print(f"{name:<44}{self.seconds[name]:7.1f} s")


def _generate(folder: Path, phases: Phases) -> list[Job]:
    """Write the sample park's files, unless they stand there already; returns what to ingest, in order."""
    marker = folder / MARKER
    if marker.exists():
        rows = json.loads(marker.read_text(encoding="utf-8"))
    else:
        if (folder / FILE).exists():
            raise Conflict(f"{folder} is a park that demo did not make: name another folder", code="park-exists")
        from scenes.sample_park import SEED, generate  # noqa: PLC0415 - the generator needs IfcOpenShell

        with phases.phase("生成样例文件 generate"), bars() as shown:
            made = generate(folder, SEED, progress=lambda done, phase: shown.update("sample park", done, phase))
        rows = [
            {"path": str(item.path.relative_to(folder)), "layer": item.layer, "title": item.title, "group": item.group}
            for item in made.sources
        ]
        write_atomic(marker, json.dumps(rows, ensure_ascii=False, indent=1))
    return [Job(folder / row["path"], row["layer"], row["title"], row["group"]) for row in rows]


def _build(park: Park, jobs: list[Job], phases: Phases) -> None:
    """Ingest and publish what is not there yet, then bind the points."""
    store = LocalAccess(park)
    try:
        published = {row["layer"] for row in store.layers()}
        missing = [job for job in jobs if job.layer not in published]
        if missing:
            with phases.phase("导入与发布 ingest and publish"), bars() as shown:
                results = ingest(store, missing, Limits(), shown.update)
            for job, done in results:
                if isinstance(done, ParkError):
                    raise NotFound(f"{job.source.name}: {done}", code=done.code)
            reports = [report(done) for _, done in results if not isinstance(done, ParkError)]
            out.print(
                f"  {sum(row['objects'] for row in reports):,} objects, {sum(row['triangles'] for row in reports):,} triangles,"
                f" {sum(row['bytes'] for row in reports) / 1e6:.1f} MB of tiles,"
                f" {max(row['peak_rss'] for row in reports) / 1e6:.0f} MB peak"
            )
        if missing or not store.graph.points():
            with phases.phase("绑定测点 bind points"):
                store.graph.load_points()
        register = DeviceRegister(store.graph.db, SystemClock())
        if register.count() == 0:
            with phases.phase("登记设备 register devices"):
                carry_out(register, lines_of_points(store.graph.db), "demo")
    finally:
        store.graph.close()


def _sign_in(park: Park, password: str) -> None:
    path = park.folder / SIGN_IN
    path.touch(mode=0o600)
    path.write_text(f"admin {password}\n", encoding="utf-8")


def demo(
    folder: Annotated[Path, typer.Argument(help="Folder of the sample park.")] = Path("parks/demo"),
    *,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.")] = 8420,
    build_only: Annotated[bool, typer.Option(help="Make and publish the park, but do not serve it.")] = False,
) -> None:
    """Generate the sample park, ingest it like any user's files, and serve it with simulated devices."""
    from server.serve import serve  # noqa: PLC0415 - the web server is not needed to build

    folder = folder.resolve()
    phases = Phases()
    jobs = _generate(folder, phases)
    park = Park.load(folder)
    if running_server(park):
        raise Conflict(f"{folder} is served already at {running_server(park)['url']}", code="park-served")  # type: ignore[index]
    _build(park, jobs, phases)
    if build_only:
        return
    simulator: list[subprocess.Popen[bytes]] = []

    def ready(url: str) -> None:
        door = folder / DOOR
        if door.exists():
            command = [
                sys.executable,
                "-m",
                "scenes.simulator",
                "--points",
                str(folder / "points.csv"),
                "--door",
                str(door),
                "--with-parent",
                str(os.getpid()),
            ]
            simulator.append(subprocess.Popen(command, cwd=Path(__file__).resolve().parents[2]))
        out.print(f"{'就绪 ready, all phases':<44}{time.perf_counter() - phases.start:7.1f} s")
        sign_in = folder / SIGN_IN
        out.print(f"\n  光谷示范园 Sample park   {url}")
        if sign_in.exists():
            user, _, password = sign_in.read_text(encoding="utf-8").strip().partition(" ")
            out.print(f"  登录 Sign in            {user}  /  {password}")
        out.print("  设备为模拟 Devices are simulated by a separate process over MQTT. Ctrl+C stops.\n")

    try:
        serve(folder, host=host, port=port, ready=ready, first_admin=lambda password: _sign_in(park, password))
    finally:
        for process in simulator:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
