from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.dependencies import models as fastapi_kept
from fastapi.testclient import TestClient

from server.app import create_app
from server.services import Services
from server.settings import Settings
from tests.support.layers import make_park, make_version
from twin.clock import ManualClock
from twin.graph import GraphStore
from twin.park import Park

PASSWORD = "granite-otter-47"
API = "/api/v1"


def fast_settings(folder: Path, **changes: Any) -> Settings:
    return Settings(**{"web_dist": folder / "dist", "argon2_memory_kib": 64, "argon2_time_cost": 1, **changes})


@dataclass
class Served:
    """A running application with its clients."""

    app: FastAPI
    client: TestClient
    clock: ManualClock
    admin_password: str
    closed: bool = False

    @property
    def services(self) -> Services:
        return self.app.state.services

    def close(self) -> None:
        """Stop the application; doing it again is no error."""
        if not self.closed:
            self.closed = True
            self.client.__exit__(None, None, None)
            _let_go()

    def sign_in(self, user: str = "admin", password: str | None = None) -> TestClient:
        """A client of its own with session and CSRF header."""
        client = TestClient(self.app, base_url="http://park.test", raise_server_exceptions=False)
        answer = client.post(f"{API}/session", json={"username": user, "password": password or self.admin_password})
        assert answer.status_code == 200, answer.text
        client.headers["X-CSRF-Token"] = answer.json()["csrf"]
        return client

    def user(self, *roles: str, name: str = "") -> TestClient:
        """A client of a new user with these roles."""
        name = name or "-".join(roles)
        if name not in {user.name for user in self.services.accounts.users()}:
            self.services.accounts.create(name, PASSWORD, roles)
        return self.sign_in(name, PASSWORD)


def _let_go() -> None:
    """Empty FastAPI's caches: they keep thousands of route functions, and with these each application that was begun."""
    for kept in vars(fastapi_kept).values():
        if hasattr(kept, "cache_clear"):
            kept.cache_clear()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A park with one house built in two versions, the first published, and two points; built once, copied per test."""
    made = make_park(tmp_path_factory.mktemp("template") / "park")
    (made.folder / "points.csv").write_text(
        "point_id,gid,device,kind,unit,min,max,role,name,address\n"
        "t1,a1/s0-r0,a1/s0-w0,temperature,°C,-20,60,measure,Room 100,mqtt:park/t1\n"
        "p1,a1/s1-r0,,power,kW,0,500,measure,Room 200,mqtt:park/p1\n",
        encoding="utf-8",
    )
    make_version(made, "a1", "v1")
    make_version(made, "a1", "v2")
    graph = GraphStore(made)
    graph.publish("a1", "v1", group="building")
    graph.load_points()
    graph.close()
    return made.folder


@pytest.fixture
def park(template: Path, tmp_path: Path) -> Park:
    shutil.copytree(template, tmp_path / "park")
    return Park.load(tmp_path / "park")


Start = Callable[..., Served]


def begin(folder: Path, **options: Any) -> Served:
    """Start an application on the park in `folder`; without live state unless `runtime` is given."""
    passwords: list[str] = []
    clock = options.pop("clock", None) or ManualClock()
    app = create_app(
        Park.load(folder),
        fast_settings(folder.parent, **options.pop("settings", {})),
        clock=clock,
        runtime=options.pop("runtime", None),
        first_admin=passwords.append,
        **options,
    )
    client = TestClient(app, base_url="http://park.test", raise_server_exceptions=False)
    client.__enter__()
    return Served(app, client, clock, passwords[0] if passwords else "")


@pytest.fixture
def start(park: Park) -> Iterator[Start]:
    """Starts applications on the park; each is closed at the end of the test."""
    begun: list[Served] = []

    def one(**options: Any) -> Served:
        begun.append(begin(park.folder, **options))
        return begun[-1]

    yield one
    for served in begun:
        served.close()


@pytest.fixture
def served(start: Start) -> Served:
    return start()


@pytest.fixture(scope="module")
def same(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One application for all tests of a file that only read."""
    folder = tmp_path_factory.mktemp("same") / "park"
    shutil.copytree(template, folder)
    served = begin(folder)
    yield served
    served.close()
