"""Geometry in a forked child: a kernel that crashes or hangs on a product costs that product, not the file.

The child shares the parsed model with its parent (copy on write) and writes batches of meshes to a file; the
parent reads what was committed. When the child dies or falls silent, the run it was in is split and
tried again in a new child until the culprit stands alone; the culprit is left to the next engine.
A Python error that is no kernel's is a defect of our own: it costs its product in the same way, and is said as what it is,
with its traceback in the log.
While the parent is busy elsewhere the child goes on by itself, so a second core is used.

Engines that need no kernel may run in the parent itself; what they leave over goes to a child (`unforked.py`).
"""

from __future__ import annotations

import faulthandler
import os
import pickle
import select
import signal
import struct
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from bim.geometry.batch import BATCH_BYTES, Batch, Packer
from bim.geometry.chain import run_chain
from bim.geometry.engine import GeometryEngine
from bim.geometry.unforked import batches_here
from bim.source.parser_error import by_parser
from twin.errors import Unavailable
from twin.process import die_with_parent

SPLIT = 16
"""Parts of a failed run: three retries find one product in 4,096."""
MAX_FAILURES = 200
"""After so many the rest of an engine's run is left to the next engine."""
_COMMIT = struct.Struct("<q")
_FLUSH_S = 0.1
_POLL_S = 0.5


@dataclass(frozen=True)
class Defect:
    """An error of our own in the geometry child. text: its kind and message."""

    text: str


@dataclass(frozen=True)
class Patience:
    """silence: seconds without a mesh before the child is stopped; memory: its resident bytes at most."""

    silence: float = 60.0
    memory: int = 6 << 30


@dataclass
class Isolated:
    """Runs engines over products in children.

    culprits: STEP id → how an engine failed on it; defects: those of them on which our own code failed; made: STEP ids
    with a mesh; skip: by engine, the products that it is not given again. here: the first ones of the engines, for this
    process, which may then be lost; a child is forked for what they leave over only.
    """

    engines: Sequence[GeometryEngine]
    model: Any
    products: Sequence[Any]
    patience: Patience = Patience()
    culprits: dict[int, str] = field(default_factory=dict)
    defects: set[int] = field(default_factory=set)
    made: set[int] = field(default_factory=set)
    skip: dict[int, set[int]] = field(default_factory=dict)
    here: Sequence[GeometryEngine] = ()

    def __post_init__(self) -> None:
        self._failures = 0
        self._bodies = 0
        self._current: tuple[int, list[int]] = (0, [])
        self._waiting: list[list[int]] = []
        self._defect: Defect | None = None
        self._child = None if self.here else _Child(self, 0, None)

    def batches(self) -> Iterator[Batch]:
        """The meshes, as they come; bodies are numbered over all children."""
        try:
            child = self._child
            if child is None:
                for batch in batches_here(self.here, self.model, self.products, self.patience.memory):
                    yield self._counted(batch, 0)
                if len(self.made) == len(self.products):
                    return
                child = self._child = _Child(self, 0, None)
            while True:
                yield from self._drain(child)
                how = child.end()
                if how is None:
                    return
                child = self._child = _Child(self, *self._after(how))
        finally:
            self.close()

    def close(self) -> None:
        """Stop the child, if it still works; nothing is left of it afterwards."""
        if self._child is not None:
            self._child.kill("stopped")
            self._child.end()

    def _counted(self, batch: Batch, first: int) -> Batch:
        """A batch whose bodies are numbered over all; first: how many there were before its maker began."""
        self.made.update(batch.step.tolist())
        self._bodies += len(batch.finish)
        return batch.numbered_from(first)

    def _drain(self, child: _Child) -> Iterator[Batch]:
        first = self._bodies
        for message in child.messages(self.patience):
            if isinstance(message, Batch):
                yield self._counted(message, first)
            elif isinstance(message, Defect):
                self._defect = message
            else:
                if message[0] != self._current[0]:
                    self._waiting = []
                self._current = message
                self._waiting = [run for run in self._waiting if set(run).isdisjoint(message[1])]

    def _after(self, how: str) -> tuple[int, list[list[int]] | None]:
        """Where the next child starts, and with which runs."""
        self._failures += 1
        defect, self._defect = self._defect, None
        engine, run = self._current
        if defect is not None:
            how = f"a defect of parktwin ({defect.text}); its traceback is in the log"
        if not run:
            raise Unavailable(f"The geometry process could not start: {how}", code="worker")
        left = [step for step in run if step not in self.made]
        avoid = self.skip.setdefault(engine, set())
        if len(left) <= 1 or self._failures > MAX_FAILURES:
            avoid.update(left)
            self.culprits.update((step, how) for step in left)
            if defect is not None:
                self.defects.update(left)
            runs = []
        else:
            size = -(-len(left) // SPLIT)
            runs = [left[at : at + size] for at in range(0, len(left), size)]
        self._waiting = [*runs, *self._waiting]
        return engine, self._waiting


class _Child:
    """One forked process and the file it writes to."""

    def __init__(self, job: Isolated, start: int, runs: list[list[int]] | None) -> None:
        out: BinaryIO = tempfile.TemporaryFile(prefix="geometry-")  # noqa: SIM115 - closed below, and by the child's end
        # A second description of the same file: a shared one would share its position with the writer.
        self._file: BinaryIO = open(f"/proc/self/fd/{out.fileno()}", "rb")  # noqa: SIM115, PTH123
        self._read, write = os.pipe()
        self._reason: str | None = None
        self._status: int | None = None
        sys.stdout.flush()
        self._pid = os.fork()
        if self._pid == 0:
            code = 1
            try:
                os.close(self._read)
                die_with_parent()
                faulthandler.disable()  # the parent tells of a crash in a finding; a dump of every stack is noise
                os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
                _work(job, start, runs, out, write)
                code = 0
            except BaseException:  # noqa: BLE001 - the parent sees the exit code; the log has the traceback
                traceback.print_exc()
            finally:
                os._exit(code)
        out.close()
        os.close(write)

    def messages(self, patience: Patience) -> Iterator[Any]:
        """What the child committed, until it ends or loses its parent's patience."""
        at, pending, heard = 0, b"", time.monotonic()
        while True:
            ready, _, _ = select.select([self._read], [], [], _POLL_S)
            if not ready:
                if time.monotonic() - heard > patience.silence:
                    self.kill(f"it made no mesh for {patience.silence:.0f} s")
                elif _resident(self._pid) > patience.memory:
                    self.kill(f"it took more than {patience.memory / (1 << 30):.1f} GB")
                continue
            data = os.read(self._read, 65_536)
            if not data:
                return
            heard = time.monotonic()
            pending += data
            whole = len(pending) // _COMMIT.size * _COMMIT.size
            end = _COMMIT.unpack_from(pending, whole - _COMMIT.size)[0] if whole else at
            pending = pending[whole:]
            while at < end:
                self._file.seek(at)
                message = pickle.load(self._file)  # noqa: S301 - written by our own child
                at = self._file.tell()
                yield message
            heard = time.monotonic()

    def kill(self, reason: str) -> None:
        if self._status is None:
            self._reason = reason
            with suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)

    def end(self) -> str | None:
        """Wait for the child; None where it did all its work, else how it failed."""
        if self._status is None:
            _, self._status = os.waitpid(self._pid, 0)
            os.close(self._read)
            self._file.close()
        if self._status == 0:
            return None
        if self._reason:
            return self._reason
        code = os.waitstatus_to_exitcode(self._status)
        return f"it was ended by {signal.Signals(-code).name}" if code < 0 else f"it ended with code {code}"


def _work(job: Isolated, start: int, runs: list[list[int]] | None, out: BinaryIO, pipe: int) -> None:
    """The child's whole life: run the engines, write and commit."""
    by_step = {int(product.id()): product for product in job.products}
    packer = Packer(lambda step: str(by_step[step].is_a()))
    last, done = time.monotonic(), 0

    def commit(*more: object) -> None:
        nonlocal last, done
        for message in more:
            if message is not None:
                pickle.dump(message, out, 5)
        out.flush()
        last, done = time.monotonic(), out.tell()
        os.write(pipe, _COMMIT.pack(done))

    try:
        for index, mesh in run_chain(
            job.engines,
            job.model,
            job.products,
            start=start,
            chunks=runs,
            skip=job.skip,
            made=job.made,
            begin=lambda engine, steps: commit(packer.take(), (engine, steps)),
        ):
            packer.add(index, mesh)
            if packer.size > BATCH_BYTES or time.monotonic() - last > _FLUSH_S:
                commit(packer.take())
        commit(packer.take())
    except Exception as error:
        if not by_parser(error) and not isinstance(error, MemoryError):
            out.seek(done)  # what was half written then is written over
            commit(Defect(f"{type(error).__name__}: {error}"))
        raise


def _resident(pid: int) -> int:
    """Resident bytes of a process, 0 where it is gone."""
    try:
        with open(f"/proc/{pid}/statm", encoding="ascii") as stream:  # noqa: PTH123 - no path to build
            return int(stream.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError, ValueError):
        return 0
