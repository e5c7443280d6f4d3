"""The park's database for the command line: through the running server, or opened here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

import psutil

from scenes.build import publish_version
from twin import errors
from twin.errors import Conflict
from twin.finding import Finding
from twin.graph import GraphStore
from twin.park import Park

SERVER_FILE = "server.json"


class Access(Protocol):
    """What the commands need of a park's database."""

    def park(self) -> Park:
        """The park as it is now."""
        ...

    def layers(self) -> list[dict[str, Any]]:
        """Published layers."""
        ...

    def publish(self, layer: str, version: str, title: str = "", group: str = "") -> None:
        """Publish a built version."""
        ...

    def load_points(self, path: Path) -> list[Finding]:
        """Make a file's points the park's points."""
        ...

    def select(self, query: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        """One read-only SELECT."""
        ...

    def embed_tokens(self) -> list[dict[str, Any]]:
        """Every embed token that was issued, newest first."""
        ...

    def issue_embed_token(self, wish: dict[str, Any]) -> dict[str, Any]:
        """Issue an embed token; the answer holds the token itself."""
        ...

    def revoke_embed_token(self, ident: str) -> dict[str, Any]:
        """End an embed token at once."""
        ...

    def devices(self, command: str, **wish: Any) -> Any:
        """A command of `server/devices/desk.py`."""
        ...


class LocalAccess:
    """The database file, opened by this process."""

    def __init__(self, park: Park) -> None:
        self.graph = GraphStore(park)

    def park(self) -> Park:
        """The park as it is now."""
        return self.graph.park

    def layers(self) -> list[dict[str, Any]]:
        """Published layers."""
        return self.graph.layers()

    def publish(self, layer: str, version: str, title: str = "", group: str = "") -> None:
        """Publish a built version."""
        publish_version(self.graph, layer, version, title=title, group=group)

    def load_points(self, path: Path) -> list[Finding]:
        """Make a file's points the park's points."""
        return self.graph.load_points(path)

    def select(self, query: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        """One read-only SELECT."""
        return self.graph.select(query)

    def embed_tokens(self) -> list[dict[str, Any]]:
        """Every embed token that was issued, newest first."""
        from server.cli import local_tokens  # noqa: PLC0415 - brings the HTTP framework, needed here only

        return local_tokens.listed(self.graph)

    def issue_embed_token(self, wish: dict[str, Any]) -> dict[str, Any]:
        """Issue an embed token; the answer holds the token itself."""
        from server.cli import local_tokens  # noqa: PLC0415 - brings the HTTP framework, needed here only

        return local_tokens.issued(self.graph, wish)

    def revoke_embed_token(self, ident: str) -> dict[str, Any]:
        """End an embed token at once."""
        from server.cli import local_tokens  # noqa: PLC0415 - brings the HTTP framework, needed here only

        return local_tokens.revoked(self.graph, ident)

    def devices(self, command: str, **wish: Any) -> Any:
        """A command of `server/devices/desk.py`."""
        from server.cli import local_devices  # noqa: PLC0415 - brings the HTTP framework, needed here only

        return local_devices.run(self.graph, command, wish)


class ServerAccess:
    """The server that owns the database, by its control routes."""

    def __init__(self, park: Park, url: str, token: str) -> None:
        import httpx  # noqa: PLC0415 - a third of the command's start-up, needed only beside a running server

        self._error = httpx.HTTPError
        self._folder = park.folder
        self._client = httpx.Client(
            base_url=f"{url.rstrip('/')}/api/v1/control",
            headers={"X-Control-Token": token},
            timeout=120,
            trust_env=False,
        )

    def _call(self, method: str, path: str, body: object | None = None, *, patient: bool = False) -> Any:
        try:
            answer = self._client.request(method, path, json=body, timeout=None if patient else self._client.timeout)
        except self._error as error:
            raise errors.Unavailable(f"The park's server does not answer: {error}", code="server") from error
        if answer.is_error:
            problem = answer.json() if "json" in answer.headers.get("content-type", "") else {}
            kinds = {404: errors.NotFound, 409: errors.Conflict, 403: errors.Denied, 503: errors.Unavailable}
            kind = kinds.get(answer.status_code, errors.Invalid)
            raise kind(str(problem.get("detail", answer.text)), code=str(problem.get("code", "server")))
        return answer.json()

    def park(self) -> Park:
        """The park as it is now."""
        return Park.load(self._folder)

    def layers(self) -> list[dict[str, Any]]:
        """Published layers."""
        return list(self._call("GET", "/layers"))

    def publish(self, layer: str, version: str, title: str = "", group: str = "") -> None:
        """Publish a built version."""
        self._call("POST", "/publish", {"layer": layer, "version": version, "title": title, "group": group})

    def load_points(self, path: Path) -> list[Finding]:
        """Make a file's points the park's points."""
        found = self._call("POST", "/points", {"path": str(path.resolve())})
        return [Finding.from_dict(row) for row in found]

    def select(self, query: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        """One read-only SELECT."""
        found = self._call("POST", "/sql", {"query": query})
        return list(found["columns"]), [tuple(row) for row in found["rows"]]

    def reload_alarm_rules(self) -> dict[str, Any]:
        """Put the rules of `alarms.yaml` in force."""
        return dict(self._call("POST", "/alarm-rules"))

    def embed_tokens(self) -> list[dict[str, Any]]:
        """Every embed token that was issued, newest first."""
        return list(self._call("GET", "/embed-tokens"))

    def issue_embed_token(self, wish: dict[str, Any]) -> dict[str, Any]:
        """Issue an embed token; the answer holds the token itself."""
        return dict(self._call("POST", "/embed-tokens", wish))

    def revoke_embed_token(self, ident: str) -> dict[str, Any]:
        """End an embed token at once."""
        return dict(self._call("POST", f"/embed-tokens/{quote(ident, safe='')}/revoke"))

    def devices(self, command: str, **wish: Any) -> Any:
        """A command of `server/devices/desk.py`."""
        return self._call("POST", f"/devices/{command}", {"wish": wish})

    def history(self, command: str, given: dict[str, Any]) -> Any:
        """A command of `parktwin history`; waited for as long as it takes."""
        return self._call("POST", "/history", {"command": command, "given": given}, patient=True)

    def close(self) -> None:
        """Close the connection."""
        self._client.close()


def running_server(park: Park) -> dict[str, Any] | None:
    """`{pid, url, token}` of the server that serves this park, if its process lives."""
    try:
        row = json.loads((park.folder / SERVER_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return dict(row) if psutil.pid_exists(int(row.get("pid", 0))) else None


@contextmanager
def access(park: Park) -> Iterator[Access]:
    """Open the park's database the right way. Raises Conflict where another command has it."""
    server = running_server(park)
    if server is not None:
        remote = ServerAccess(park, server["url"], server["token"])
        try:
            yield remote
        finally:
            remote.close()
        return
    try:
        local = LocalAccess(park)
    except Conflict as error:
        raise Conflict(
            f"{park.folder} is in use by another parktwin command: wait until it ends", code="park-locked"
        ) from error
    try:
        yield local
    finally:
        local.graph.close()
