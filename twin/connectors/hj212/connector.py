"""HJ 212: devices connect, prove themselves by MN and password, and are answered when their values are committed."""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Mapping, Sequence
from pathlib import Path

from twin.clock import Clock
from twin.connectors.connector import Sink
from twin.connectors.hj212 import message as wire
from twin.connectors.hj212.message import VERSION_2017, Message
from twin.connectors.hj212.values import readings
from twin.connectors.listener import Fault, Link, Listening, ListeningConnector
from twin.connectors.listening_settings import read_listening, read_zone
from twin.connectors.session import FIRST_PAUSE_S, LONGEST_PAUSE_S
from twin.connectors.setting_reader import SettingReader
from twin.state.point import PointSpec

DATA_ANSWER, NOTICE_ANSWER = "9014", "9013"
NOTICES = ("1013",)
ANSWERS = ("9011", "9012", "9013", "9014")
"""Never answered again."""


class Hj212Connector(ListeningConnector[Message]):
    """passwords: by MN; password: of devices that have none of their own, None refuses them."""

    kind = "hj212"

    def __init__(
        self,
        name: str,
        points: Sequence[PointSpec],
        sink: Sink,
        listening: Listening,
        *,
        passwords: Mapping[str, str],
        password: str | None = None,
        zone: dt.tzinfo = dt.timezone(dt.timedelta(hours=8)),
        pauses_s: tuple[float, float] = (FIRST_PAUSE_S, LONGEST_PAUSE_S),
        clock: Clock | None = None,
    ) -> None:
        super().__init__(name, points, sink, listening, pauses_s=pauses_s, clock=clock)
        self._passwords, self._password, self._zone = dict(passwords), password, zone

    def cut(self, buffer: bytearray) -> tuple[int, Message | Fault | None]:
        """The frame at the beginning of a buffer."""
        return wire.cut(buffer)

    async def take(self, link: Link, frame: Message) -> None:
        """Hand a message's values over; answer where the device asks for it and they are committed."""
        if not self._lets_in(frame):
            self.broken(link, f"MN {frame.mn} is refused: unknown, or the password is wrong")
            return
        if not await self.keep(readings(frame, self._zone)):
            return  # no answer: the device keeps the values and sends them again
        if frame.wants_answer and frame.cn not in ANSWERS:
            await link.send(answer(frame))

    def _lets_in(self, frame: Message) -> bool:
        expected = self._passwords.get(frame.mn, self._password)
        return expected is not None and hmac.compare_digest(expected.encode(), frame.pw.encode())


def answer(message: Message) -> bytes:
    """The answer to an upload (9014), or to a notice (9013): same QN, no answer wanted in turn."""
    command = NOTICE_ANSWER if message.cn in NOTICES else DATA_ANSWER
    return wire.frame(
        f"QN={message.qn};ST=91;CN={command};PW={message.pw};MN={message.mn};Flag={message.flag & 0xFC or VERSION_2017}"
        ";CP=&&&&"
    )


def hj212_from_settings(
    name: str, settings: Mapping[str, object], points: Sequence[PointSpec], sink: Sink, folder: Path = Path()
) -> Hj212Connector:
    """A connector from its `park.toml` entry; paths are relative to folder. Raises Invalid naming a wrong setting."""
    reader = SettingReader(name, settings)
    passwords: dict[str, str] = {}
    for mn, word in reader.table("passwords", {}).items():
        if not isinstance(word, str):
            raise reader.wrong(f"passwords.{mn}", "…", "a text")
        passwords[mn] = word
    password = reader.text("password", "")
    if not passwords and not password:
        raise reader.wrong("passwords", {}, "a table of MN = password, or password for all devices")
    listening = read_listening(reader, folder)
    zone = read_zone(reader)
    reader.done()
    return Hj212Connector(
        name,
        points,
        sink,
        listening,
        passwords=passwords,
        password=password or None,
        zone=zone,
    )
