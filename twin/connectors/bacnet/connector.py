"""BACnet/IP: each device is served by a task of its own, by change of value where it can, by polling where not."""

from __future__ import annotations

import asyncio
import logging
import math
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bacpypes3.primitivedata import Null

from twin.clock import Clock
from twin.connectors.bacnet.station import PRESENT_VALUE, STATUS_FLAGS, Refused, Station, Values
from twin.connectors.bacnet.target import PORT, Key, Target, parse_target
from twin.connectors.bacnet.value import number, quality, typed
from twin.connectors.connector import Sink, State
from twin.connectors.field import FieldConnector
from twin.connectors.intake import Arrived
from twin.connectors.session import FIRST_PAUSE_S, LONGEST_PAUSE_S
from twin.connectors.setting_reader import SettingReader
from twin.errors import Denied, Invalid, Unavailable
from twin.state.point import PointSpec
from twin.state.quality import BAD

log = logging.getLogger(__name__)

AT_ONCE = 25
"""Objects of one ReadPropertyMultiple at first: their answer fits into 1024 bytes."""
ASK_AGAIN_S = 600.0
"""Seconds until a device that refused a subscription is asked for it again."""
LONGEST_REST_S = 60.0
LEAVE_S = 1.0


@dataclass(eq=False)
class _Device:
    """What we know of a device. sources: by what is read; due: when a subscription is asked for (again).

    process: the number that notifications of an object carry.
    """

    address: str
    sources: dict[Key, list[str]] = field(default_factory=dict)
    due: dict[Key, float] = field(default_factory=dict)
    process: dict[Key, int] = field(default_factory=dict)
    subscribed: set[Key] = field(default_factory=set)
    poll_at: float = 0.0
    at_once: int = AT_ONCE
    multiple: bool = True
    failures: int = 0
    answers: bool | None = None


class BacnetConnector(FieldConnector):
    """Objects of BACnet/IP devices.

    host, port: our own UDP address; instance: our device's number in the network; interval_s: of polling what cannot
    be subscribed to; lifetime_s: of subscriptions, renewed at half of it; priority: of writes that name none.
    """

    kind = "bacnet"

    def __init__(
        self,
        name: str,
        points: Sequence[PointSpec],
        sink: Sink,
        *,
        host: str = "0.0.0.0",  # noqa: S104  devices notify us
        port: int = PORT,
        instance: int = 4194302,
        interval_s: float = 10.0,
        lifetime_s: int = 120,
        timeout_s: float = 3.0,
        retries: int = 2,
        priority: int = 16,
        cov: bool = True,
        pauses_s: tuple[float, float] = (FIRST_PAUSE_S, LONGEST_PAUSE_S),
        clock: Clock | None = None,
    ) -> None:
        super().__init__(name, points, sink, clock=clock, pauses_s=pauses_s)
        self._host, self._port, self._instance = host, port, instance
        self._interval_s, self._lifetime_s, self._cov = interval_s, lifetime_s, cov
        self._timeout_s, self._retries, self._priority = timeout_s, retries, priority
        self._station: Station | None = None
        self._devices: dict[str, _Device] = {}
        self._processes: dict[int, tuple[_Device, Key]] = {}
        self._next_process = 1
        self._renew = asyncio.Event()

    def rebound(self) -> None:
        """Serve the devices anew."""
        self._renew.set()

    async def session(self) -> None:
        """Bind our socket, and serve all devices until stopped."""
        bound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            bound.setblocking(False)
            bound.bind((self._host, self._port))
            station = Station(self._instance, bound, self._heard, timeout_s=self._timeout_s, retries=self._retries)
        except BaseException:
            bound.close()
            raise
        self._station = station
        try:
            while True:
                self._renew.clear()
                await self._serve(station)
        finally:
            self._station = None
            await station.end()

    async def _serve(self, station: Station) -> None:
        """Serve the points' devices until the points change."""
        wrong = self._sort_targets()
        self.set_state(State.CONNECTING, f"{self._host}:{self._port}")
        tasks = [
            asyncio.create_task(self._attend(station, device), name=f"{self.name}-{device.address}")
            for device in self._devices.values()
        ]
        try:
            await self.keep(self.bad(wrong))
            if not tasks:
                self.connected(f"{self._host}:{self._port}; no devices")
            tasks.append(asyncio.create_task(self._changed_points(), name=f"{self.name}-points"))
            ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                task.result()  # raises only a defect: it ends the session, which tells it and starts anew
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._leave(station)

    async def _changed_points(self) -> None:
        await self._renew.wait()

    def _sort_targets(self) -> dict[str, str]:
        """The points by device; returns why some addresses cannot be used."""
        wrong: dict[str, str] = {}
        self.faults.clear()
        self._devices, self._processes = {}, {}
        for address in self.intake.addresses:
            try:
                target = parse_target(address)
            except Invalid as error:
                wrong[address] = error.message
                continue
            device = self._devices.setdefault(target.device, _Device(target.device))
            device.sources.setdefault(target.key, []).append(address)
            if self._cov and target.key[2] == PRESENT_VALUE:
                device.due[target.key] = 0.0
        return wrong

    async def _attend(self, station: Station, device: _Device) -> None:
        """Subscribe, renew and poll, each when it is due, for ever."""
        while True:
            try:
                asked = await self._subscribe(station, device)
                if device.poll_at <= self.clock.monotonic():
                    device.poll_at = self.clock.monotonic() + self._interval_s
                    asked = await self._poll(station, device) or asked
            except TimeoutError:
                pause = await self._silent(device, f"device {device.address} does not answer")
            except Exception as error:  # a stranger's answer must not stop the other devices
                log.exception("Connector %s: an answer of %s", self.name, device.address)
                pause = await self._silent(device, f"an answer of {device.address} cannot be read: {error!r}")
            else:
                device.failures = 0
                if asked:
                    self._answered(device, answers=True)
                pause = min(device.poll_at, *device.due.values(), math.inf) - self.clock.monotonic()
            await asyncio.sleep(max(0.01, pause))

    async def _silent(self, device: _Device, why: str) -> float:
        """Make a device's points bad, and subscribe anew when it is back; returns when to ask again, in seconds."""
        device.failures += 1
        device.subscribed.clear()
        device.due = dict.fromkeys(device.due, 0.0)
        device.poll_at = 0.0
        self._answered(device, answers=False)
        await self.keep(self.bad({source: why for group in device.sources.values() for source in group}))
        return min(LONGEST_REST_S, self._interval_s * 2.0 ** min(device.failures, 16))

    def _answered(self, device: _Device, *, answers: bool) -> None:
        """Tell how many devices answer; the connector has failed where none does."""
        if device.answers == answers:
            return
        device.answers = answers
        count = sum(item.answers is True for item in self._devices.values())
        where = f"{self._host}:{self._port}; {count} of {len(self._devices)} devices answer"
        if count and self.state is not State.CONNECTED:
            self.connected(where)
        elif count:
            self._where = where
            self.tell()
        elif all(item.answers is False for item in self._devices.values()):
            self.set_state(State.FAILED, f"{where}; trying again")

    async def _subscribe(self, station: Station, device: _Device) -> bool:
        """Ask for changes where it is due; a refused object is polled. Returns whether the device was asked."""
        now = self.clock.monotonic()
        due = [key for key, time in device.due.items() if time <= now]
        for key in due:
            process = device.process.get(key)
            if process is None:
                process = device.process[key] = self._next_process
                self._next_process += 1
                self._processes[process] = (device, key)
            try:
                await station.subscribe(device.address, process, key[0], key[1], self._lifetime_s)
            except Refused as error:
                log.info("Connector %s: %s refuses COV of %s: %s", self.name, device.address, key, error)
                device.subscribed.discard(key)
                device.due[key] = self.clock.monotonic() + ASK_AGAIN_S
            else:
                self.counters.subscriptions += key not in device.subscribed
                device.subscribed.add(key)
                device.due[key] = self.clock.monotonic() + self._lifetime_s / 2
        return bool(due)

    async def _poll(self, station: Station, device: _Device) -> bool:
        """Read what is not subscribed to. Returns whether the device was asked."""
        keys = [key for key in device.sources if key not in device.subscribed]
        start = 0
        while start < len(keys):
            part = keys[start : start + device.at_once]
            start += len(part)
            await self._take(device, dict.fromkeys(part, "nothing") | await self._read(station, device, part))
        return bool(keys)

    async def _read(self, station: Station, device: _Device, keys: Sequence[Key]) -> dict[Key, Any]:
        """Values by key, a text where there is none; by single reads where the device cannot do many at once."""
        if device.multiple:
            try:
                return await station.read_many(device.address, keys)
            except Refused as error:
                if len(keys) > 1:
                    if error.service:  # too much for it: ask for less from now on
                        device.at_once = max(1, len(keys) // 2)
                    half = len(keys) // 2
                    first = await self._read(station, device, keys[:half])
                    return first | await self._read(station, device, keys[half:])
        found: dict[Key, Any] = {}
        for key in keys:
            names = (key, (*key[:2], STATUS_FLAGS)) if key[2] == PRESENT_VALUE else (key,)
            for name in names:
                try:
                    found[name] = await station.read(device.address, name)
                except Refused as error:
                    found[name] = str(error)
        if device.multiple and any(not isinstance(value, str) for value in found.values()):
            device.multiple = False  # what it refused among many it gives alone
        return found

    async def _take(self, device: _Device, found: Mapping[Key, Any]) -> bool:
        """Hand over what a device gave for keys; False where it could not be kept."""
        arrived: list[Arrived] = []
        reasons: dict[str, str] = {}
        for key, value in found.items():
            sources = device.sources.get(key)
            if sources is None:
                continue  # status flags of another value
            if isinstance(value, str):
                reasons |= dict.fromkeys(sources, f"the device says {value}")
                continue
            amount = number(value)
            if amount is None:
                reasons |= dict.fromkeys(sources, "the property is no number")
                continue
            code = quality(found.get((*key[:2], STATUS_FLAGS))) if key[2] == PRESENT_VALUE else 0
            if code == BAD:
                reasons |= dict.fromkeys(sources, "the device reports a fault of the object")
                continue
            self.good(sources)
            arrived += [Arrived(source, amount, quality=code) for source in sources]
        return await self.keep(arrived + self.bad(reasons))

    async def _heard(self, address: str, process: int, item: tuple[int, int], values: Values) -> bool:
        """Take a notification; False where its values were not kept.

        What we did not ask for, as subscriptions of an earlier start with other objects, is acknowledged and dropped.
        """
        device, key = self._processes.get(process, (None, None))
        if device is None or key is None or device.address != address or key[:2] != item:
            self.counters.undecodable += 1
            return True
        return await self._take(device, {(*item, name): value for name, value in values})

    async def _leave(self, station: Station) -> None:
        """End our subscriptions, as far as the devices answer at once; the others end by themselves."""

        async def leave(device: _Device) -> None:
            for key in device.subscribed:
                await station.unsubscribe(device.address, device.process[key], key[0], key[1])

        try:
            async with asyncio.timeout(LEAVE_S):
                leaving = [leave(device) for device in self._devices.values() if device.answers]
                await asyncio.gather(*leaving, return_exceptions=True)
        except TimeoutError:
            log.info("Connector %s left without ending all subscriptions", self.name)

    async def write(self, address: str, value: float) -> None:
        """Write a property, a present value with priority; NaN relinquishes that priority.

        Raises Invalid where the address or the value is wrong, Denied where the device refuses, Unavailable where it
        does not answer.
        """
        target = parse_target(address)
        station = self._station
        if station is None:
            raise self.not_connected()
        try:
            await self._write(station, target, value)
        except TimeoutError as error:
            raise Unavailable(f"BACnet {address}: the device does not answer", code="no-answer") from error
        except Refused as error:
            raise Denied(f"BACnet {address}: the device says {error}", code="refused") from error

    async def _write(self, station: Station, target: Target, value: float) -> None:
        commanded = target.attribute == PRESENT_VALUE
        priority = (target.priority or self._priority) if commanded else None
        if commanded and math.isnan(value):
            await station.write(target.device, target.key, Null(()), priority)
            return
        like = await station.read(target.device, target.key)
        await station.write(target.device, target.key, typed(target.source, value, like), priority)


def bacnet_from_settings(
    name: str, settings: Mapping[str, object], points: Sequence[PointSpec], sink: Sink
) -> BacnetConnector:
    """A connector from its `park.toml` entry. Raises Invalid naming a wrong setting."""
    reader = SettingReader(name, settings)
    host = reader.text("host", "0.0.0.0")  # noqa: S104  devices notify us
    port = reader.whole("port", PORT, low=1, high=65535)
    instance = reader.whole("instance", 4194302, low=0, high=4194302)
    interval_s = reader.number("interval_s", 10.0, low=0.05, high=86400)
    cov = reader.flag("cov", default=True)
    lifetime_s = reader.whole("lifetime_s", 120, low=10, high=86400)
    timeout_s = reader.number("timeout_s", 3.0, low=0.05, high=60)
    retries = reader.whole("retries", 2, low=0, high=10)
    priority = reader.whole("priority", 16, low=1, high=16)
    reader.done()
    return BacnetConnector(
        name,
        points,
        sink,
        host=host,
        port=port,
        instance=instance,
        interval_s=interval_s,
        lifetime_s=lifetime_s,
        timeout_s=timeout_s,
        retries=retries,
        priority=priority,
        cov=cov,
    )
