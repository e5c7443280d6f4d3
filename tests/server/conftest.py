from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from server.app import create_app
from server.services import Services
from server.settings import Settings
from tests.support.layers import make_park, make_version
from twin.clock import ManualClock
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


@pytest.fixture
def park(tmp_path: Path) -> Park:
    """A park with one house built in two versions, the first published."""
    made = make_park(tmp_path / "park")
    (made.folder / "points.csv").write_text(
        "point_id,gid,device,kind,unit,min,max,role,name,address\n"
        "t1,a1/s0-r0,a1/s0-w0,temperature,°C,-20,60,measure,Room 100,mqtt:park/t1\n"
        "p1,a1/s1-r0,,power,kW,0,500,measure,Room 200,mqtt:park/p1\n",
        encoding="utf-8",
    )
    make_version(made, "a1", "v1")
    make_version(made, "a1", "v2")
    return made


Start = Callable[..., Served]


@pytest.fixture
def start(park: Park, tmp_path: Path) -> Iterator[Start]:
    """Starts applications on the park; each is closed at the end of the test."""
    begun: list[Served] = []

    def begin(*, settings: dict[str, Any] | None = None, **options: Any) -> Served:
        passwords: list[str] = []
        clock = options.pop("clock", None) or ManualClock()
        app = create_app(
            Park.load(park.folder),
            fast_settings(tmp_path, **(settings or {})),
            clock=clock,
            runtime=options.pop("runtime", None),
            first_admin=passwords.append,
            **options,
        )
        client = TestClient(app, base_url="http://park.test", raise_server_exceptions=False)
        client.__enter__()
        served = Served(app, client, clock, passwords[0] if passwords else "")
        begun.append(served)
        if not served.services.graph.layer_names():
            served.services.publisher.publish("a1", "v1", group="building")
            served.services.publisher.load_points()
        return served

    yield begin
    for served in begun:
        served.close()


@pytest.fixture
def served(start: Start) -> Served:
    return start()
