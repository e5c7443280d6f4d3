"""Geometry in this very process: what needs no kernel of IfcOpenShell, for files where a child costs more than it saves.

A fork, the pages that both sides then copy, and the batches' way through a file take 30 to 40 CPU-milliseconds, whatever the
file. There is no net: a hang ends this process by SIGALRM, too much memory or a crash by another signal, and whoever
started it starts it again with `Isolated` alone. Only a process that does nothing else may do so.
"""

from __future__ import annotations

import resource
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bim.geometry.batch import BATCH_BYTES, Batch, Packer
from bim.geometry.chain import run_chain
from bim.geometry.engine import GeometryEngine

SILENCE_S = 10.0
"""Without a mesh for so long the process ends: these engines make thousands in a second."""
_REARM_S = 1.0
_DATA = 5  # in /proc/self/statm


class Watch:
    """Ends this process when it falls silent for `silence` seconds."""

    def __init__(self, silence: float) -> None:
        self._silence = silence
        self._heard = 0.0
        self.heard()

    def heard(self) -> None:
        """Something was made."""
        now = time.monotonic()
        if now - self._heard > _REARM_S:
            self._heard = now
            signal.setitimer(signal.ITIMER_REAL, self._silence)


@contextmanager
def watched(silence: float, memory: int) -> Iterator[Watch]:
    """Within this block the process may take `memory` more bytes, and be silent for so many seconds."""
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[_DATA])
    limit = pages * resource.getpagesize() + memory
    resource.setrlimit(resource.RLIMIT_DATA, (limit if soft < 0 else min(soft, limit), hard))
    try:
        yield Watch(silence)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def batches_here(
    engines: Sequence[GeometryEngine], model: Any, products: Sequence[Any], memory: int, silence: float = SILENCE_S
) -> Iterator[Batch]:
    """What the engines make of the products, up to the first error: a child meets it again, and tells whose it is."""
    by_step = {int(product.id()): product for product in products}
    packer = Packer(lambda step: str(by_step[step].is_a()))
    with watched(silence, memory) as watch:
        try:
            for index, mesh in run_chain(engines, model, products):
                packer.add(index, mesh)
                watch.heard()
                if packer.size > BATCH_BYTES:
                    batch = packer.take()
                    if batch is not None:
                        yield batch
        except Exception:  # noqa: BLE001, S110 - see above
            pass
        batch = packer.take()
        if batch is not None:
            yield batch
