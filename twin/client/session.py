"""The HTTP side of a client: signing in, the points, commands."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

import httpx

from twin.client.errors import LiveError, SignedOut

API = "/api/v1"


class Session:
    """Requests to one server, as a user or with an embed token."""

    def __init__(self, url: str, user: str, password: str, token: str, timeout_s: float) -> None:
        self._user, self._password, self._token = user, password, token
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = httpx.AsyncClient(base_url=url.rstrip("/"), headers=headers, timeout=timeout_s)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def sign_in(self) -> None:
        """Begin a session of the user; nothing to do with a token or for an anonymous reader. Raises SignedOut."""
        if not self._user:
            return
        self._http.cookies.clear()
        try:
            answer = await self.request("POST", "/session", {"username": self._user, "password": self._password})
        except LiveError as error:
            raise SignedOut(f"{self._http.base_url} does not let {self._user!r} in: {error.message}") from error
        self._http.headers["X-CSRF-Token"] = answer["csrf"]

    async def request(self, method: str, path: str, body: object = None) -> Any:
        """One JSON request; paths are below `/api/v1`. Raises LiveError with the server's code, OSError where it is away."""
        try:
            answer = await self._http.request(method, f"{API}{path}", json=body)
        except httpx.TransportError as error:
            raise ConnectionError(f"{self._http.base_url} does not answer: {error}") from error
        if answer.is_success:
            return answer.json() if answer.content else None
        try:
            problem = answer.json()
        except ValueError:
            problem = {}
        raise LiveError(
            str(problem.get("detail") or f"{method} {path} was answered with {answer.status_code}"),
            code=str(problem.get("code") or answer.status_code),
        )

    @property
    def live_url(self) -> str:
        """Where the live connection is."""
        url = self._http.base_url
        return str(url.copy_with(scheme="wss" if url.scheme == "https" else "ws")).rstrip("/") + f"{API}/live"

    @property
    def live_headers(self) -> dict[str, str]:
        """What lets a live connection in."""
        if self._token:
            return {"Authorization": f"Bearer {self._token}"}
        cookies = "; ".join(f"{name}={value}" for name, value in self._http.cookies.items())
        return {"Cookie": cookies} if cookies else {}
