"""Run the command line as a user does: a process of its own."""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from server.cli.app import run

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Done:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


class Cli:
    """`parktwin`: called in this process (its workers are processes of their own); `start` makes a process."""

    def __call__(self, *arguments, check=True):
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run([str(argument) for argument in arguments])
        if check:
            assert code == 0, err.getvalue()
        return Done(code, out.getvalue(), err.getvalue())

    def json(self, *arguments):
        return json.loads(self(*arguments, "--json").stdout)

    def start(self, *arguments):
        command = [sys.executable, "-m", "server.cli", *map(str, arguments)]
        return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.fixture(scope="session")
def cli():
    return Cli()


@pytest.fixture
def park(cli, tmp_path):
    folder = tmp_path / "park"
    cli("new", folder, "--origin", "114.4,30.48,22", "--crs", "EPSG:4547")
    return folder


def snapshot(cli, park):
    """Everything a user can see of a park's layers and objects."""
    return cli.json("layers", park)["layers"], cli.json("sql", park, "SELECT * FROM object ORDER BY gid")["rows"]
