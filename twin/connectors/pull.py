"""HTTP pull: ask an address for JSON at an interval, and take values out of it by JSONPath."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from twin.connectors.connector import Sink, State
from twin.connectors.http_fetch import Fetcher, Site, site_from
from twin.connectors.intake import Arrived
from twin.connectors.session import SessionConnector
from twin.connectors.setting_reader import SettingReader
from twin.connectors.template import Template, template_from
from twin.state.point import PointSpec

TEMPLATE = ("value", "values", "each", "address", "time", "time_format")


class PullConnector(SessionConnector):
    """Asks `site` every interval_s seconds; what has not changed (ETag, Last-Modified) gives nothing new."""

    kind = "http-pull"
    polls = True

    def __init__(
        self,
        name: str,
        site: Site,
        template: Template,
        points: Sequence[PointSpec],
        sink: Sink,
        *,
        interval_s: float = 60.0,
        first_pause_s: float = 1.0,
    ) -> None:
        self._site, self._template, self._interval_s = site, template, interval_s
        self._fetcher: Fetcher | None = None
        super().__init__(name, points, sink, first_pause_s=first_pause_s, longest_pause_s=max(60.0, interval_s))
        self.patience_s += interval_s + site.timeout_s

    def rebound(self) -> None:
        """What has not changed has to be read again: its addresses may be known now."""
        if self._fetcher is not None:
            self._fetcher.forget()

    async def session(self) -> None:
        """Ask until something is wrong."""
        async with self._site.client() as client:
            self._fetcher = Fetcher(self._site, client)
            while True:
                document = await self._fetcher.json(self._site.url, conditional=True)
                self.alive()
                if self.state is not State.CONNECTED:
                    self.connected(f"asks every {self._interval_s:g} s")
                if document is not None:
                    await self.intake.take(
                        [
                            Arrived(one.name, one.value, one.time, one.quality, sample=one.sample, text=one.text)
                            for one in self._template.read(document)
                        ]
                    )
                await asyncio.sleep(self._interval_s)


def pull_from_settings(
    name: str, settings: Mapping[str, object], points: Sequence[PointSpec], sink: Sink, folder: Path = Path()
) -> PullConnector:
    """A connector from its `park.toml` entry. Raises Invalid naming a wrong setting."""
    template = template_from(name, {key: settings[key] for key in TEMPLATE if key in settings})
    read = SettingReader(name, {key: value for key, value in settings.items() if key not in TEMPLATE})
    site = site_from(name, read, folder)
    interval = read.number("interval_s", 60.0, low=0.1, high=86_400)
    read.done()
    return PullConnector(name, site, template, points, sink, interval_s=interval)
