"""Local ids of a model's rooted entities: the GlobalId, made unique."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from ifcopenshell import entity_instance

from bim.source.attribute import id_of, value_at
from bim.text import clean
from twin.fault import MAX_IDS
from twin.finding import Finding, Severity

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class IdBook:
    """STEP id → local id. The first entity keeps its GlobalId, the next ones get ~2, ~3 … in file order."""

    def __init__(self) -> None:
        self._by_step: dict[int, str] = {}
        self._uses: Counter[str] = Counter()
        self._taken: set[str] = set()
        self.repeated: list[str] = []

    def add(self, entity: Any) -> str | None:
        """Register an entity by its GlobalId; None where it has none."""
        return self.add_step(id_of(entity), value_at(entity, 0))

    def add_step(self, step: int, global_id: Any) -> str | None:
        """Register a STEP id under what stands at its GlobalId; None where that is no text."""
        known = self._by_step.get(step)
        if known is not None:
            return known
        base = clean(global_id)
        if base is not None and not (base.isascii() and base.isprintable()):
            base = clean(_CONTROL.sub("_", base))
        return None if base is None else self._register(step, base)

    def add_named(self, entity: Any, name: str) -> str:
        """Register an entity without GlobalId under a name; equal names share one id."""
        self._taken.add(name)
        self._by_step[int(entity.id())] = name
        return name

    def get(self, entity: Any) -> str | None:
        """The local id of a registered entity; None for anything else, as files put text where an entity belongs."""
        return self._by_step.get(id_of(entity)) if isinstance(entity, entity_instance) else None

    def get_step(self, step: int) -> str | None:
        """The local id of a registered STEP id."""
        return self._by_step.get(step)

    def _register(self, step: int, base: str) -> str:
        local = base
        if base in self._taken:
            self._uses[base] = self._uses.get(base, 1) + 1
            while local in self._taken:
                local = f"{base}~{self._uses[base]}"
                self._uses[base] += local in self._taken
            self.repeated.append(local)
        self._taken.add(local)
        self._by_step[step] = local
        return local

    def findings(self) -> list[Finding]:
        """One finding where a GlobalId was used more than once."""
        if not self.repeated:
            return []
        count = len(self.repeated)
        return [
            Finding(
                code="ifc-repeated-globalid",
                severity=Severity.MAJOR,
                zh=f"{count} 个实体的 GlobalId 与其他实体重复，已加后缀 ~2、~3 … 区分",
                en=f"{count} entities repeat the GlobalId of another one; they were told apart by ~2, ~3 …",
                ids=tuple(self.repeated[:MAX_IDS]),
                fix_zh="在建模软件中为每个构件生成唯一的 GlobalId 后重新导出",
                fix_en="Give every element its own GlobalId in the authoring tool and export again",
                value=float(count),
                limit=0.0,
                repaired=True,
            )
        ]
