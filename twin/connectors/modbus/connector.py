"""Modbus: registers are read in few requests at an interval, and written one by one."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final, cast

from pymodbus.client.base import ModbusBaseClient
from pymodbus.exceptions import ModbusException
from pymodbus.framer import FramerType
from pymodbus.pdu import ExceptionResponse, ModbusPDU
from pymodbus.transport import CommParams, CommType

from twin.clock import Clock
from twin.connectors.certificates import client_context
from twin.connectors.connector import Sink
from twin.connectors.field import FieldConnector
from twin.connectors.intake import Arrived
from twin.connectors.modbus.plan import Read, plan_reads
from twin.connectors.modbus.register import BIT_TABLES, WRITABLE, Register, parse_register
from twin.connectors.session import FIRST_PAUSE_S, LONGEST_PAUSE_S, Lost
from twin.connectors.setting_reader import SettingReader
from twin.errors import Denied, Invalid, Unavailable
from twin.state.point import PointSpec

ILLEGAL_FUNCTION, ILLEGAL_ADDRESS, ILLEGAL_VALUE = 1, 2, 3
REASONS: Final[Mapping[int, str]] = {
    ILLEGAL_FUNCTION: "the device does not know this function",
    ILLEGAL_ADDRESS: "the device has no such address (addresses count from 0: 40001 of a maker's table is holding/0)",
    ILLEGAL_VALUE: "the device does not take this value",
    4: "the device failed",
    5: "the device needs more time",
    6: "the device is busy",
    8: "the device found an error in its memory",
    10: "the gateway has no way to the unit",
    11: "the gateway got no answer from the unit",
}
REFUSES_RANGE = (ILLEGAL_FUNCTION, ILLEGAL_ADDRESS, ILLEGAL_VALUE)
"""Answers that speak of some address in the range, so that the others may be read without it."""
RECHECK_S = 60.0
"""Seconds until an address that the device refused, and a unit that is long silent, is asked again."""


class ModbusConnector(FieldConnector):
    """Registers of the units behind one Modbus TCP server or gateway.

    framer: MBAP frames, or RTU frames for gateways that pass them through; tls: a context for Modbus over TLS;
    max_gap: unasked registers that a read may span; multiple: write single registers and coils by the function for
    many, for devices that lack the other. Units are asked in turn; one that is silent rests for longer and longer.
    """

    kind = "modbus"
    polls = True

    def __init__(
        self,
        name: str,
        host: str,
        port: int,
        points: Sequence[PointSpec],
        sink: Sink,
        *,
        rtu: bool = False,
        tls: ssl.SSLContext | None = None,
        interval_s: float = 1.0,
        timeout_s: float = 3.0,
        retries: int = 1,
        max_gap: int = 8,
        multiple: bool = False,
        pauses_s: tuple[float, float] = (FIRST_PAUSE_S, LONGEST_PAUSE_S),
        clock: Clock | None = None,
    ) -> None:
        super().__init__(name, points, sink, clock=clock, pauses_s=pauses_s)
        self.patience_s += interval_s
        self._host, self._port, self._rtu, self._tls = host, port, rtu, tls
        self._interval_s, self._timeout_s, self._retries = interval_s, timeout_s, retries
        self._max_gap, self._multiple = max_gap, multiple
        self._client: ModbusBaseClient | None = None
        self._reads: list[Read] = []
        self._wrong: dict[str, str] = {}
        self._refused: dict[Read, float] = {}  # → when it is asked again
        self._silent: dict[int, tuple[int, float]] = {}  # unit → failures in a row, when it is asked again
        self.rebound()

    def rebound(self) -> None:
        """Plan the reads anew."""
        registers: list[Register] = []
        self._wrong = {}
        for address in self.intake.addresses:
            try:
                registers.append(parse_register(address))
            except Invalid as error:
                self._wrong[address] = error.message
        self._reads = plan_reads(registers, self._max_gap)
        self._refused.clear()
        self._silent.clear()
        self.faults.clear()

    async def session(self) -> None:
        """Connect, and read all registers at every interval."""
        lost = asyncio.Event()
        client = self._make_client(lost)
        try:
            if not await client.connect():
                raise Lost(f"{self._host}:{self._port} cannot be reached")
            self._client = client
            self.connected(f"{self._host}:{self._port}")
            while True:
                due = self.clock.monotonic() + self._interval_s
                self.alive()
                await self._round(client)
                try:
                    async with asyncio.timeout(max(0.0, due - self.clock.monotonic())):
                        await lost.wait()
                    raise Lost(f"{self._host}:{self._port} closed the connection")
                except TimeoutError:
                    continue
        finally:
            self._client, transport = None, client.ctx.transport
            client.close()
            if transport is not None:
                cast(
                    "asyncio.Transport", transport
                ).abort()  # nothing is left to send; a TLS farewell would keep the socket open
                await asyncio.sleep(0)  # the socket is closed by the loop's next turn

    def _make_client(self, lost: asyncio.Event) -> ModbusBaseClient:
        def told(up: bool) -> None:
            if not up:
                lost.set()

        client = ModbusBaseClient(
            FramerType.RTU if self._rtu else FramerType.SOCKET,
            self._retries,
            CommParams(
                comm_name=self.name,
                comm_type=CommType.TLS if self._tls else CommType.TCP,
                host=self._host,
                port=self._port,
                sslctx=self._tls,
                reconnect_delay=0.0,
                reconnect_delay_max=0.0,
                timeout_connect=self._timeout_s,
            ),
            None,
            None,
            told,
        )
        client.set_max_no_responses(1 << 30)  # we decide when silence is a loss: other units may answer
        return client

    async def _round(self, client: ModbusBaseClient) -> None:
        """Read everything once. Raises Lost where no unit that was asked answers."""
        if self._wrong:
            wrong, self._wrong = self._wrong, {}
            await self.keep(self.bad(wrong))
        asked = answered = 0
        for unit, group in groupby(list(self._reads), key=lambda read: read.unit):
            failures, until = self._silent.get(unit, (0, 0.0))
            if self.clock.monotonic() < until:
                continue
            asked += 1
            reads = list(group)
            try:
                arrived = [value for read in reads for value in await self._values(client, read)]
            except TimeoutError:
                pause = min(RECHECK_S, self._interval_s * 2.0 ** min(failures, 16))
                self._silent[unit] = (failures + 1, self.clock.monotonic() + pause)
                why = f"unit {unit} does not answer within {self._timeout_s:g} s"
                await self.keep(self.bad({register.source: why for read in reads for register in read.registers}))
                continue
            self._silent.pop(unit, None)
            answered += 1
            await self.keep(arrived)
        if asked and not answered:
            raise Lost(f"{self._host}:{self._port} accepts connections, but no unit answers")

    async def _values(self, client: ModbusBaseClient, read: Read) -> list[Arrived]:
        """The readings of one read; where the device refuses a part of it, that part is found and left alone."""
        if self._refused.get(read, 0.0) > self.clock.monotonic():
            return []
        answer = await self._asked(client, read)
        sources = [register.source for register in read.registers]
        if not isinstance(answer, ExceptionResponse):
            got = list(answer.bits if read.table in BIT_TABLES else answer.registers)
            if len(got) < read.count:
                return self.bad(dict.fromkeys(sources, f"the device sent {len(got)} of {read.count} values"))
            self._refused.pop(read, None)
            self.good(sources)
            return [Arrived(*pair) for pair in zip(sources, read.values(got), strict=True)]
        code = answer.exception_code
        if code in REFUSES_RANGE and len(read.registers) > 1:
            parts = read.halves()
            if read in self._reads:  # else the points changed meanwhile
                place = self._reads.index(read)
                self._reads[place : place + 1] = parts
            return [value for part in parts for value in await self._values(client, part)]
        if code in REFUSES_RANGE and read in self._reads:
            self._refused[read] = self.clock.monotonic() + RECHECK_S
        return self.bad(dict.fromkeys(sources, REASONS.get(code, f"the device answered exception {code}")))

    async def _asked(self, client: ModbusBaseClient, read: Read) -> ModbusPDU:
        ask = {
            "coil": client.read_coils,
            "discrete": client.read_discrete_inputs,
            "input": client.read_input_registers,
            "holding": client.read_holding_registers,
        }[read.table]
        try:
            return await ask(read.first, count=read.count, device_id=read.unit)
        except ModbusException as error:
            if not client.connected:
                raise Lost(f"{self._host}:{self._port} closed the connection") from error
            raise TimeoutError(str(error)) from error

    async def write(self, address: str, value: float) -> None:
        """Write a coil, a register, several registers for the wide types, or one bit of a register.

        Raises Invalid where the address cannot be written or the value does not fit, Denied where the device
        refuses, Unavailable where it does not answer.
        """
        register = parse_register(address)
        if register.table not in WRITABLE:
            raise Invalid(f"Modbus {address}: a {register.table} cannot be written", code="write")
        client = self._client
        if client is None:
            raise self.not_connected()
        first, unit = register.first, register.unit
        if register.table == "coil" or register.bit is not None:
            if value not in {0, 1}:
                raise Invalid(f"Modbus {address}: {value!r} is no bit; expected 0 or 1", code="write")
            if register.bit is not None:
                await self._write_bit(client, register, on=value == 1)
            elif self._multiple:
                await self._confirmed(register, client.write_coils(first, [value == 1], device_id=unit))
            else:
                await self._confirmed(register, client.write_coil(first, value == 1, device_id=unit))
            return
        words = register.encode(value)
        if len(words) > 1 or self._multiple:
            await self._confirmed(register, client.write_registers(first, words, device_id=unit))
        else:
            await self._confirmed(register, client.write_register(first, words[0], device_id=unit))

    async def _write_bit(self, client: ModbusBaseClient, register: Register, *, on: bool) -> None:
        """By Mask Write Register, which changes nothing else even when others write at the same time."""
        mask = register.mask
        await self._confirmed(
            register,
            client.mask_write_register(
                address=register.first, and_mask=0xFFFF ^ mask, or_mask=mask if on else 0, device_id=register.unit
            ),
        )

    async def _confirmed(self, register: Register, asked: Awaitable[ModbusPDU]) -> None:
        try:
            answer = await asked
        except ModbusException as error:
            raise Unavailable(f"Modbus {register.source}: {error}", code="no-answer") from error
        if isinstance(answer, ExceptionResponse):
            reason = REASONS.get(answer.exception_code, f"exception {answer.exception_code}")
            raise Denied(f"Modbus {register.source} was not written: {reason}", code="refused")


def modbus_from_settings(
    name: str, settings: Mapping[str, object], points: Sequence[PointSpec], sink: Sink, folder: Path = Path()
) -> ModbusConnector:
    """A connector from its `park.toml` entry; paths are relative to folder. Raises Invalid naming a wrong setting."""
    reader = SettingReader(name, settings)
    host = reader.text("host")
    tls = client_context(reader, folder)
    port = reader.whole("port", 802 if tls else 502, low=1, high=65535)
    rtu = reader.text("framer", "tcp", one_of=("tcp", "rtu")) == "rtu"
    interval_s = reader.number("interval_s", 1.0, low=0.01, high=86400)
    timeout_s = reader.number("timeout_s", 3.0, low=0.01, high=60)
    retries = reader.whole("retries", 1, low=0, high=10)
    max_gap = reader.whole("max_gap", 8, low=0, high=124)
    multiple = reader.flag("write_multiple", default=False)
    reader.done()
    return ModbusConnector(
        name,
        host,
        port,
        points,
        sink,
        rtu=rtu,
        tls=tls,
        interval_s=interval_s,
        timeout_s=timeout_s,
        retries=retries,
        max_gap=max_gap,
        multiple=multiple,
    )
