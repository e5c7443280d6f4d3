"""GET requests to servers of others: authentication, a time limit, a bounded body, and nothing asked for twice."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson

from twin.connectors.session import Lost
from twin.connectors.setting_reader import SettingReader
from twin.errors import Invalid

MAX_BODY = 16 << 20
TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class Site:
    """Who is asked and how. ca: PEM file of the authority, where it is not one of the system's."""

    url: str
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    timeout_s: float = TIMEOUT_S
    max_bytes: int = MAX_BODY
    ca: str = ""
    insecure: bool = False

    def client(self) -> httpx.AsyncClient:
        """A client; redirects are not followed, so that credentials stay where they belong."""
        verify: Any = not self.insecure
        if self.ca and not self.insecure:
            verify = ssl.create_default_context(cafile=self.ca)
        headers = {"Accept": "application/json", **self.headers}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        return httpx.AsyncClient(
            headers=headers,
            auth=(self.user, self.password) if self.user else None,
            timeout=self.timeout_s,
            verify=verify,
            trust_env=False,
        )


class Fetcher:
    """Asks one client; remembers tags, so that what has not changed is not sent again."""

    def __init__(self, site: Site, client: httpx.AsyncClient) -> None:
        self._site, self._client = site, client
        self._tags: dict[str, dict[str, str]] = {}

    async def json(self, url: str, *, conditional: bool = False) -> Any:
        """The JSON at an address; None where it is unchanged since the last conditional request.

        Raises Lost with what is wrong: no answer, a status other than 200, a body too large or no JSON.
        """
        asked = self._tags.get(url, {}) if conditional else {}
        try:
            async with self._client.stream("GET", url, headers=asked) as answer:
                if answer.status_code == httpx.codes.NOT_MODIFIED and asked:
                    return None
                if answer.status_code != httpx.codes.OK:
                    raise Lost(f"{_shown(url)} answers {answer.status_code} {answer.reason_phrase}")
                body = bytearray()
                async for chunk in answer.aiter_bytes():
                    body += chunk
                    if len(body) > self._site.max_bytes:
                        raise Lost(f"{_shown(url)} sends more than {self._site.max_bytes:,} bytes")
                tags = {
                    "If-None-Match": answer.headers.get("etag"),
                    "If-Modified-Since": answer.headers.get("last-modified"),
                }
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Lost(f"{_shown(url)} does not answer: {error or type(error).__name__}") from error
        try:
            found = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise Lost(f"{_shown(url)} answers no JSON: {error}") from error
        if conditional:
            self._tags[url] = {name: tag for name, tag in tags.items() if tag}
        return found

    def forget(self) -> None:
        """Ask for everything anew."""
        self._tags.clear()


def site_from(name: str, read: SettingReader, folder: Path) -> Site:
    """A site from settings. Raises Invalid naming a wrong one."""
    url, user, token = read.text("url"), read.text("user", ""), read.text("token", "")
    ca, headers = read.text("ca", ""), read.table("headers", {})
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        raise Invalid(
            f"Connector {name!r}: url {_shown(url)!r} is not usable; expected http(s)://host/path", code="connector-url"
        )
    if user and token:
        raise Invalid(f"Connector {name!r}: expected user and password, or token, not both", code="connector")
    for key, value in headers.items():
        if not isinstance(value, str) or any(sign in key + value for sign in "\r\n"):
            raise read.wrong(f"headers.{key}", value, "a text of one line")
    return Site(
        url=url,
        headers={key: str(value) for key, value in headers.items()},
        user=user,
        password=read.text("password", ""),
        token=token,
        timeout_s=read.number("timeout_s", TIMEOUT_S, low=0.1, high=600),
        max_bytes=read.whole("max_bytes", MAX_BODY, low=1024, high=1 << 30),
        ca=str(folder / ca) if ca else "",
        insecure=read.flag("insecure", default=False),
    )


def _shown(url: str) -> str:
    """The address without credentials and query, which may hold keys."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}{parts.path}"
