"""Replay of recorded readings: a CSV or Parquet file, at its own pace, faster, or as fast as they are committed.

Two layouts. Long: a row is a reading, with columns of time, address and value. Wide: a row is an instant, with a column
of time, and one column an address. Values whose times are moved to now are declared as simulated: they are not what is
measured now.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from twin.connectors.connector import Sink, State
from twin.connectors.session import Lost, SessionConnector
from twin.connectors.setting_reader import SettingReader
from twin.connectors.times import FORMATS, PER_MS
from twin.errors import Invalid, Unavailable
from twin.state.point import PointSpec
from twin.state.samples import Floats, Ints

BATCH_ROWS = 20_000
WAIT_S = 1.0
BEAT_S = 0.1
"""Readings that fall due within this time go out together."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Columns. address, value: of the long layout; empty is the wide one, where columns are addresses (none: all but time)."""

    time: str = "time"
    address: str = ""
    value: str = ""
    columns: tuple[str, ...] = ()
    time_format: str = "ms"


@dataclass(frozen=True, slots=True)
class Block:
    """Readings in file order. codes: places in `addresses`; all (n,)."""

    addresses: list[str]
    codes: Ints
    values: Floats
    times: Ints


class ReplayConnector(SessionConnector):
    """Plays a file. speed: 1 is its own pace, inf as fast as it can be kept; loop: begin again at the end.

    shift: times are moved so that the file begins now (with speed, time runs faster too); such readings are simulated.
    """

    kind = "replay"

    def __init__(
        self,
        name: str,
        path: Path,
        layout: Layout,
        points: Sequence[PointSpec],
        sink: Sink,
        *,
        speed: float = 1.0,
        loop: bool = False,
        shift: bool = False,
    ) -> None:
        self._path, self._layout, self._speed, self._loop, self._shift = path, layout, speed, loop, shift
        super().__init__(name, points, sink)

    async def session(self) -> None:
        """Play the file to its end, once or for ever. A file that cannot be read ends the session; it is tried again."""
        while True:
            count = await self._play()
            if not self._loop:
                self.set_state(State.CONNECTED, f"{self._path.name}: all {count:,} readings are played")
                await asyncio.Event().wait()
            if count == 0:
                raise Lost(f"{self._path} has no readings")

    async def _play(self) -> int:
        blocks = self._blocks()
        first: int | None = None
        began_ms, began = self.clock.now_ms(), time.monotonic()
        count = 0
        while (block := await asyncio.to_thread(next, blocks, None)) is not None:
            if not len(block.times):
                continue
            if first is None:
                first = int(block.times[0])
                self.connected(
                    f"{self._path.name} at {'most speed' if math.isinf(self._speed) else f'{self._speed:g}×'}"
                )
            due_s = (block.times - first) / 1000 / self._speed  # 0 for all at infinite speed
            begin = 0
            while begin < len(due_s):
                elapsed = time.monotonic() - began
                ahead = np.maximum.accumulate(due_s[begin:])  # a row out of order goes with the one before it
                ready = begin + int(np.searchsorted(ahead, elapsed + BEAT_S / 2, side="right"))
                if ready == begin:
                    await asyncio.sleep(min(float(ahead[0]) - elapsed, 60.0))
                    continue
                part = slice(begin, ready)
                times = block.times[part]
                if self._shift:
                    times = began_ms + np.round((times - first) / self._speed).astype(np.int64)
                await self._keep(Block(block.addresses, block.codes[part], block.values[part], times))
                count += ready - begin
                begin = ready
                await asyncio.sleep(0)
        return count

    async def _keep(self, block: Block) -> None:
        """Hand a part over, again and again while it cannot be kept: a gap would not be what was recorded."""
        while True:
            try:
                await self.intake.take_columns(
                    block.addresses, block.codes, block.values, block.times, simulated=self._shift
                )
            except Unavailable as error:
                self.detail = f"waits: {error.message}"
                await asyncio.sleep(WAIT_S)
            else:
                return

    def _blocks(self) -> Iterator[Block]:
        try:
            for table in _tables(self._path):
                yield _block(self._path, table, self._layout)
        except (pa.ArrowException, OSError) as error:
            raise Lost(f"{self._path} cannot be read: {error}") from error


def _tables(path: Path) -> Iterator[pa.Table]:
    if path.suffix.lower() in {".parquet", ".pq"}:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(BATCH_ROWS):
                yield pa.Table.from_batches([batch])
        return
    with pa_csv.open_csv(path, read_options=pa_csv.ReadOptions(block_size=1 << 20)) as reader:
        for batch in reader:
            table = pa.Table.from_batches([batch])
            for begin in range(0, len(table), BATCH_ROWS):
                yield table.slice(begin, BATCH_ROWS)


def _block(path: Path, table: pa.Table, layout: Layout) -> Block:
    wide = not layout.address
    columns = list(layout.columns) or [name for name in table.column_names if name != layout.time]
    wanted = [layout.time, *(columns if wide else (layout.address, layout.value))]
    missing = [name for name in wanted if name not in table.column_names]
    if missing:
        raise Lost(f"{path} has no column {missing[0]!r}: expected one of {', '.join(table.column_names)}")
    times = _times(path, table[layout.time], layout.time_format)
    if wide:
        values = np.column_stack([_numbers(table[name]) for name in columns]) if columns else np.empty((len(table), 0))
        there = (
            np.column_stack([table[name].is_valid().to_numpy() for name in columns]) if columns else values.astype(bool)
        )
        rows, codes = np.nonzero(there & (times >= 0)[:, None])
        return Block(columns, codes.astype(np.int64), values[rows, codes], times[rows])
    keys = pc.dictionary_encode(table[layout.address].cast(pa.string())).combine_chunks()
    usable = keys.is_valid().to_numpy(zero_copy_only=False) & (times >= 0)
    codes = keys.indices.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
    return Block(keys.dictionary.to_pylist(), codes[usable], _numbers(table[layout.value])[usable], times[usable])


def _numbers(column: pa.ChunkedArray) -> Floats:
    """As float64; NaN where there is none, or a text that is no number."""
    if pa.types.is_boolean(column.type):
        column = column.cast(pa.int8())
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        number = r"^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$"
        column = pc.if_else(pc.match_substring_regex(column, number), pc.utf8_trim_whitespace(column), None)
    return np.asarray(column.cast(pa.float64()).to_numpy(), dtype=np.float64)


def _times(path: Path, column: pa.ChunkedArray, form: str) -> Ints:
    """Epoch ms; -1 where a row has no time. Naive timestamps are UTC. Raises Lost where the column holds no times."""
    if pa.types.is_string(column.type) and form == "iso":
        try:
            column = pc.cast(column, pa.timestamp("ms", "UTC"))
        except pa.ArrowInvalid:
            try:
                column = pc.cast(column, pa.timestamp("ms"))
            except pa.ArrowInvalid as error:
                raise Lost(f"{path} has a time that is no ISO 8601 time: {error}") from error
    if pa.types.is_timestamp(column.type):
        return np.asarray(column.cast(pa.timestamp("ms", column.type.tz)).cast(pa.int64()).fill_null(-1).to_numpy())
    if form == "iso" or not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
        raise Lost(f"{path} has times of type {column.type}: expected {form}; set time_format")
    numbers = np.asarray(column.cast(pa.float64(), safe=False).to_numpy(), dtype=np.float64) * PER_MS[form]
    return np.where(np.isfinite(numbers), np.round(numbers), -1).astype(np.int64)


def replay_from_settings(
    name: str, settings: Mapping[str, object], points: Sequence[PointSpec], sink: Sink, folder: Path = Path()
) -> ReplayConnector:
    """A connector from its `park.toml` entry. Raises Invalid naming a wrong setting."""
    read = SettingReader(name, settings)
    path = folder / read.text("file")
    layout = Layout(
        time=read.text("time", "time"),
        address=read.text("address", ""),
        value=read.text("value", ""),
        columns=tuple(read.texts("columns", ())),
        time_format=read.text("time_format", "iso", one_of=FORMATS),
    )
    speed = settings.get("speed", 1.0)
    if speed == "max":
        speed = math.inf
        read.text("speed")
    else:
        speed = read.number("speed", 1.0, low=0.001, high=1e6)
    loop, shift = read.flag("loop", default=False), read.flag("shift", default=False)
    read.done()
    if bool(layout.address) != bool(layout.value) or (layout.address and layout.columns):
        raise Invalid(f"Connector {name!r}: expected address and value (a reading a row), or columns", code="connector")
    if loop and not shift:
        raise Invalid(
            f"Connector {name!r}: loop needs shift = true: the same times cannot come twice", code="connector"
        )
    if loop and math.isinf(speed):
        raise Invalid(
            f"Connector {name!r}: loop and speed max would fill the history: expected a speed", code="connector"
        )
    return ReplayConnector(name, path, layout, points, sink, speed=speed, loop=loop, shift=shift)
