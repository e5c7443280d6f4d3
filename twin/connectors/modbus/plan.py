"""Which reads bring all registers with as few requests as possible."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from twin.connectors.modbus.register import BIT_TABLES, Register

MAX_REGISTERS = 125
MAX_BITS = 2000
"""Of one request (MODBUS Application Protocol 1.1b3, sections 6.1 to 6.4)."""


@dataclass(frozen=True, slots=True)
class Read:
    """One request: `count` registers or bits from `first` on, and the points that are cut out of its answer."""

    unit: int
    table: str
    registers: tuple[Register, ...]

    @property
    def first(self) -> int:
        """The first address."""
        return self.registers[0].first

    @property
    def count(self) -> int:
        """How many are read."""
        return max(register.end for register in self.registers) - self.first

    def values(self, answer: Sequence[int | bool]) -> list[float]:
        """The registers' values in order; answer: registers (0 to 65535) or bits, at least `count`."""
        if self.table in BIT_TABLES:
            return [float(answer[register.first - self.first]) for register in self.registers]
        raw = struct.pack(f">{len(answer)}H", *answer)
        return [
            register.decode(raw[2 * (register.first - self.first) : 2 * (register.end - self.first)])
            for register in self.registers
        ]

    def halves(self) -> list[Read]:
        """Two reads in the place of one that the device refuses: cut at the widest gap, else in the middle."""
        if len(self.registers) < 2:
            return [self]
        gaps = [right.first - left.end for left, right in zip(self.registers, self.registers[1:], strict=False)]
        widest = max(range(len(gaps)), key=lambda n: gaps[n])
        cut = (widest if gaps[widest] > 0 else (len(self.registers) - 1) // 2) + 1
        return [Read(self.unit, self.table, part) for part in (self.registers[:cut], self.registers[cut:])]


def plan_reads(registers: Iterable[Register], max_gap: int) -> list[Read]:
    """Reads for registers, by unit, table and address; at most max_gap registers (16 times as many bits) are in vain.

    Registers in between may not exist on the device: `Read.halves` is for that.
    """
    reads: list[Read] = []
    ordered = sorted(registers, key=lambda r: (r.unit, r.table, r.first, r.end))
    for (unit, table), group in groupby(ordered, key=lambda r: (r.unit, r.table)):
        limit, gap = (MAX_BITS, 16 * max_gap) if table in BIT_TABLES else (MAX_REGISTERS, max_gap)
        block: list[Register] = []
        end = 0
        for register in group:
            if block and (register.first - end > gap or max(end, register.end) - block[0].first > limit):
                reads.append(Read(unit, table, tuple(block)))
                block = []
            end = max(end, register.end) if block else register.end
            block.append(register)
        reads.append(Read(unit, table, tuple(block)))
    return reads
