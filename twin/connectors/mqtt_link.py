"""How an MQTT broker is reached: address, version, user, TLS."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from twin.connectors.setting_reader import SettingReader
from twin.errors import Invalid

VERSIONS = ("3.1.1", "5")
SCHEMES = {"mqtt": 1883, "mqtts": 8883}
SESSION_EXPIRY_S = 7 * 86_400
"""MQTT 5: how long the broker keeps our session, and what arrives for it, while we are away."""
KEEPALIVE_S = 15


@dataclass(frozen=True, slots=True)
class MqttLink:
    """url: `mqtt://user:password@host:port`, or `mqtts://` for TLS. ca, certificate, key: PEM files.

    insecure: neither the broker's certificate nor its name is checked.
    """

    name: str
    url: str
    version: str = "3.1.1"
    client_id: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    ca: str = ""
    certificate: str = ""
    key: str = ""
    insecure: bool = False
    host: str = field(init=False, default="")
    port: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        try:
            parts = urlsplit(self.url)
            port = parts.port
        except ValueError:
            parts, port = urlsplit(""), None
        if parts.scheme not in SCHEMES or not parts.hostname:
            raise Invalid(
                f"Connector {self.name!r}: url {hidden(self.url)!r} is not usable; "
                "expected mqtt://user:password@host:port",
                code="connector-url",
            )
        object.__setattr__(self, "host", parts.hostname)
        object.__setattr__(self, "port", port or SCHEMES[parts.scheme])
        if parts.username is not None:
            object.__setattr__(self, "user", unquote(parts.username))
            object.__setattr__(self, "password", unquote(parts.password or ""))
        if parts.scheme == "mqtt" and (self.ca or self.certificate or self.key or self.insecure):
            raise Invalid(
                f"Connector {self.name!r}: ca, certificate, key and insecure need a url mqtts://", code="connector"
            )
        if bool(self.certificate) != bool(self.key):
            raise Invalid(f"Connector {self.name!r}: expected certificate and key together", code="connector")

    @property
    def tls(self) -> bool:
        """Whether the connection is encrypted."""
        return self.url.startswith("mqtts:")

    def tls_context(self) -> ssl.SSLContext:
        """Whom to trust and who we are. Raises Invalid where a file cannot be used."""
        try:
            context = ssl.create_default_context(cafile=self.ca or None)
            if self.certificate:
                context.load_cert_chain(self.certificate, self.key)
        except (OSError, ssl.SSLError) as error:
            files = ", ".join(filter(None, (self.ca, self.certificate, self.key)))
            raise Invalid(
                f"Connector {self.name!r}: {files} cannot be used for TLS: {error}", code="connector"
            ) from error
        if self.insecure:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


def link_from(name: str, read: SettingReader, folder: Path) -> MqttLink:
    """A link from settings; paths are relative to the park's folder. Raises Invalid."""

    def file(setting: str) -> str:
        given = read.text(setting, "")
        return str(folder / given) if given else ""

    return MqttLink(
        name,
        read.text("url", ""),
        version=read.text("version", "3.1.1", one_of=VERSIONS),
        client_id=read.text("client_id", ""),
        user=read.text("user", ""),
        password=read.text("password", ""),
        ca=file("ca"),
        certificate=file("certificate"),
        key=file("key"),
        insecure=read.flag("insecure", default=False),
    )


def hidden(url: str) -> str:
    """The url without its password."""
    try:
        password = urlsplit(url).password
    except ValueError:
        return "(a url that is none)"
    return url if password is None else url.replace(f":{password}@", ":…@")
