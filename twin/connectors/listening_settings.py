"""Settings of connectors that listen."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from twin.connectors.certificates import server_context
from twin.connectors.listener import Listening
from twin.connectors.setting_reader import SettingReader


def read_listening(reader: SettingReader, folder: Path) -> Listening:
    """Settings host, port, max_devices, idle_s, certificate, key, client_ca. Raises Invalid naming a wrong one."""
    return Listening(
        host=reader.text("host", "0.0.0.0"),  # noqa: S104  devices come from elsewhere
        port=reader.whole("port", low=1, high=65535),
        max_devices=reader.whole("max_devices", 200, low=1, high=10_000),
        idle_s=reader.number("idle_s", 900.0, low=1, high=7 * 86400),
        tls=server_context(reader, folder),
    )


def read_zone(reader: SettingReader) -> dt.tzinfo:
    """Setting timezone: where the devices' clocks stand. Raises Invalid."""
    name = reader.text("timezone", "Asia/Shanghai")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise reader.wrong("timezone", name, "a name like Asia/Shanghai") from error
