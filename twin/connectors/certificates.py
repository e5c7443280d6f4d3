"""TLS of a connector: which settings it takes, and the contexts made of them."""

from __future__ import annotations

import ssl
from pathlib import Path

from twin.connectors.setting_reader import SettingReader


def file_setting(reader: SettingReader, name: str, folder: Path) -> str:
    """A setting that names a file, relative to the park's folder; empty where it is not given."""
    text = reader.text(name, "")
    return str(folder / text) if text else ""


def client_context(reader: SettingReader, folder: Path) -> ssl.SSLContext | None:
    """Settings tls, ca, certificate, key of a connector that connects; None without TLS. Raises Invalid.

    The counterpart's certificate is always checked: against `ca`, or against the machine's own list without it.
    """
    wanted = reader.flag("tls", default=False)
    ca, certificate, key = (file_setting(reader, name, folder) for name in ("ca", "certificate", "key"))
    if not wanted:
        if ca or certificate or key:
            raise reader.wrong("tls", value=False, expected="true where ca, certificate or key are given")
        return None
    try:
        context = ssl.create_default_context(cafile=ca or None)
    except (OSError, ssl.SSLError) as error:
        raise reader.wrong("ca", ca, f"a file of PEM certificates ({error})") from error
    if certificate:
        _load(reader, context, certificate, key)
    return context


def server_context(reader: SettingReader, folder: Path) -> ssl.SSLContext | None:
    """Settings certificate, key, client_ca of a connector that listens; None without TLS. Raises Invalid.

    With client_ca only devices with a certificate of that authority are let in.
    """
    certificate, key, client_ca = (file_setting(reader, name, folder) for name in ("certificate", "key", "client_ca"))
    if not certificate:
        if key or client_ca:
            raise reader.wrong("certificate", certificate, "a PEM file, where key or client_ca are given")
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    _load(reader, context, certificate, key)
    if client_ca:
        try:
            context.load_verify_locations(client_ca)
        except (OSError, ssl.SSLError) as error:
            raise reader.wrong("client_ca", client_ca, f"a file of PEM certificates ({error})") from error
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def _load(reader: SettingReader, context: ssl.SSLContext, certificate: str, key: str) -> None:
    try:
        context.load_cert_chain(certificate, key or None)
    except (OSError, ssl.SSLError) as error:
        raise reader.wrong("certificate", certificate, f"a PEM certificate with its key ({error})") from error
