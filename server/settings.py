"""The server's settings: one frozen class, read from environment variables with the prefix `PARK_`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any, get_type_hints

from twin.errors import Invalid

PREFIX = "PARK_"
CHECKOUT = Path(__file__).resolve().parent.parent
TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off", ""})


@dataclass(frozen=True)
class Settings:
    """Every setting has a default that is right for one machine; each one is `PARK_<NAME>` in the environment."""

    web_dist: Annotated[Path, "Folder of the built web application."] = CHECKOUT / "web" / "dist"
    secure_cookies: Annotated[
        bool, "Mark the session cookie Secure even where the server itself speaks plain HTTP."
    ] = False
    session_idle_minutes: Annotated[int, "A session without a request for so long ends."] = 8 * 60
    session_max_hours: Annotated[int, "A session ends after so long, used or not."] = 24 * 7
    sign_in_attempts: Annotated[int, "Wrong passwords in a row, per user and address, before the first pause."] = 5
    sign_in_pause_seconds: Annotated[int, "The first pause after too many wrong passwords; it doubles each time."] = 30
    sign_in_pause_max_seconds: Annotated[int, "The longest pause after too many wrong passwords."] = 900
    password_min_length: Annotated[int, "Shortest password that is taken."] = 10
    argon2_memory_kib: Annotated[int, "Argon2id memory per password check, in KiB."] = 65_536
    argon2_time_cost: Annotated[int, "Argon2id passes per password check."] = 3
    upload_max_bytes: Annotated[int, "Largest model file that may be uploaded."] = 1_073_741_824
    upload_max_active: Annotated[int, "Uploads and reviews that may be under way at once."] = 8
    export_max_bytes: Annotated[int, "Largest file that an export may become."] = 4_294_967_296
    job_workers: Annotated[int, "Jobs that run at once; each supervises a worker process."] = 2
    job_keep: Annotated[int, "Finished jobs that are kept in the list."] = 500
    live_clients_max: Annotated[int, "Live connections that may be open at once."] = 500
    live_clients_per_user: Annotated[
        int, "Live connections that one user, or one anonymous address, may have open."
    ] = 50
    live_ping_seconds: Annotated[int, "How often the server pings a live connection, to find dead ones."] = 20
    metrics_token: Annotated[str, "Where set, /metrics asks for it as a bearer token."] = ""
    forwarded_allow_ips: Annotated[str, "Addresses of proxies whose X-Forwarded-* headers are believed."] = "127.0.0.1"
    log_json: Annotated[bool, "Write log lines as JSON objects."] = False
    log_level: Annotated[str, "Lowest level that is logged: DEBUG, INFO, WARNING, ERROR."] = "INFO"
    shutdown_seconds: Annotated[int, "How long open requests may take to finish when the server stops."] = 10

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Settings from `PARK_*` variables. Raises Invalid naming the variable that is wrong.

        Variables with the prefix that are no settings of the server are ignored: they belong to others.
        """
        source = os.environ if environment is None else environment
        given: dict[str, Any] = {
            item.name: _parse(PREFIX + item.name.upper(), source[PREFIX + item.name.upper()], item.default)
            for item in fields(cls)
            if PREFIX + item.name.upper() in source
        }
        return cls(**given)

    @classmethod
    def documented(cls) -> list[tuple[str, str, str]]:
        """(variable, default, help) of every setting, for the reference."""
        texts = get_type_hints(cls, include_extras=True)
        return [
            (
                PREFIX + item.name.upper(),
                "web/dist" if item.name == "web_dist" else str(item.default),
                texts[item.name].__metadata__[0],
            )
            for item in fields(cls)
        ]


def _parse(variable: str, text: str, default: object) -> object:
    if isinstance(default, bool):
        if text.lower() in TRUE | FALSE:
            return text.lower() in TRUE
        raise Invalid(f"{variable} is {text!r}: expected true or false", code="settings")
    if isinstance(default, int):
        if text.isdecimal() and int(text) > 0:
            return int(text)
        raise Invalid(f"{variable} is {text!r}: expected a whole number above 0", code="settings")
    return Path(text) if isinstance(default, Path) else text
