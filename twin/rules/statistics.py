"""How the alarms fare: times to acknowledge and to recover, rates, floods, chattering, the ten that come most often.

The figures to compare with are those of ISA-18.2 and EEMUA 191 as generally quoted; they carry the mark GK (from
general knowledge, not compared with the published texts).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Final

import duckdb
import numpy as np

from twin.rules.alarm import Alarm
from twin.rules.states import HOLDING, HOLDS

MARK: Final = "GK"
SOURCE: Final = "ISA-18.2, EEMUA 191"
FLOOD_COUNT: Final = 10
"""More alarms than this in `FLOOD_MS` for one operator are a flood."""
FLOOD_MS: Final = 600_000
DAY_COUNT: Final = 150
"""Alarms a day that one operator can deal with."""
STALE_MS: Final = 24 * 3_600_000
CHATTER_COUNT: Final = 3
CHATTER_MS: Final = 60_000
LOOK_BACK_MS: Final = 30 * 24 * 3_600_000
"""An alarm that was raised this long before the span still counts for its times."""
TOP: Final = 10


@dataclass(frozen=True)
class Figures:
    """Figures of a span and of now.

    mtta_s, mttr_s: mean seconds from raised to acknowledged, and to cleared, None without any. raised: by rule and
    point, repeats counted; per_operator_hour; floods: spans of ten minutes with more than ten for each operator, and
    their share of the time; peak: most in ten minutes. standing: open now with the condition holding, held ones too;
    stale: those for more than 24 hours; chattering: raised three times within a minute; top: the ten most frequent.
    """

    start: int
    end: int
    operators: int
    raised: int
    acknowledged: int
    cleared: int
    escalated: int
    mtta_s: float | None
    mttr_s: float | None
    per_operator_hour: float
    per_operator_day: float
    peak: int
    floods: int
    flood_share: float
    standing: int
    stale: int
    held: int
    chattering: list[dict[str, object]]
    severities: dict[str, int]
    top: list[dict[str, object]]
    benchmarks: dict[str, object]

    def as_dict(self) -> dict[str, object]:
        """Plain data for JSON."""
        return asdict(self)


_TOLD = """
    WITH told AS (
        SELECT t, kind, subject, max(CASE WHEN kind = 'alarm-raised' THEN t END)
               OVER (PARTITION BY subject ORDER BY t ROWS UNBOUNDED PRECEDING) AS raised
        FROM event WHERE starts_with(kind, 'alarm-') AND t >= ? AND t < ?
    )
    SELECT kind, count(*), avg(t - raised) / 1000 FROM told WHERE t >= ? GROUP BY kind
"""
_RAISED = """
    SELECT e.t, a.rule, a.point_id, a.severity
    FROM event e LEFT JOIN alarm a ON a.id = e.subject
    WHERE e.kind = 'alarm-raised' AND e.t >= ? AND e.t < ? ORDER BY a.rule, a.point_id, e.t
"""


def figures(
    cursor: duckdb.DuckDBPyConnection, start: int, end: int, operators: int, standing: Sequence[Alarm], now: int
) -> Figures:
    """Figures of [start, end) epoch ms; standing: the alarms that are open now."""
    counts: dict[str, tuple[int, float | None]] = {
        kind: (count, mean)
        for kind, count, mean in cursor.execute(_TOLD, [start - LOOK_BACK_MS, end, start]).fetchall()
    }
    table = cursor.execute(_RAISED, [start, end]).fetchnumpy()
    times = np.asarray(table["t"], dtype=np.int64)
    names = [
        (str(rule), str(point)) for rule, point in zip(_texts(table["rule"]), _texts(table["point_id"]), strict=True)
    ]
    edges = [0, *(n for n in range(1, len(names)) if names[n] != names[n - 1]), len(names)] if names else [0]
    per = [(names[low], times[low:high]) for low, high in pairwise(edges)]
    bins = np.bincount((times - start) // FLOOD_MS, minlength=1)
    spans = max(1, -(-(end - start) // FLOOD_MS))
    floods = int((bins > FLOOD_COUNT * operators).sum())
    hours = (end - start) / 3_600_000
    severities, totals = np.unique(_texts(table["severity"]), return_counts=True)
    holding = [alarm for alarm in standing if alarm.process in HOLDING]
    often = sorted(per, key=lambda item: (-len(item[1]), item[0]))[:TOP]
    chattering = [(name, moments) for name, moments in per if _chatters(moments)]
    return Figures(
        start=start,
        end=end,
        operators=operators,
        raised=len(times),
        acknowledged=counts.get("alarm-acknowledged", (0, None))[0],
        cleared=counts.get("alarm-cleared", (0, None))[0],
        escalated=counts.get("alarm-escalated", (0, None))[0],
        mtta_s=counts.get("alarm-acknowledged", (0, None))[1],
        mttr_s=counts.get("alarm-cleared", (0, None))[1],
        per_operator_hour=len(times) / hours / operators,
        per_operator_day=24 * len(times) / hours / operators,
        peak=int(bins.max()),
        floods=floods,
        flood_share=floods / spans,
        standing=len(holding),
        stale=sum(now - alarm.raised_at > STALE_MS for alarm in holding),
        held=sum(alarm.state in HOLDS for alarm in standing),
        chattering=[_row(name, moments, len(times)) for name, moments in chattering[:TOP]],
        severities=dict(zip(severities.tolist(), totals.tolist(), strict=True)),
        top=[_row(name, moments, len(times)) for name, moments in often],
        benchmarks={
            "flood_count": FLOOD_COUNT,
            "flood_minutes": FLOOD_MS // 60_000,
            "per_operator_day": DAY_COUNT,
            "stale_hours": STALE_MS // 3_600_000,
            "source": SOURCE,
            "mark": MARK,
        },
    )


def _chatters(moments: np.ndarray[tuple[int], np.dtype[np.int64]]) -> bool:
    """Whether it was raised `CHATTER_COUNT` times within `CHATTER_MS`. moments: (n,) ascending."""
    step = CHATTER_COUNT - 1
    return len(moments) > step and bool((moments[step:] - moments[:-step] <= CHATTER_MS).any())


def _row(name: tuple[str, str], moments: np.ndarray[tuple[int], np.dtype[np.int64]], total: int) -> dict[str, object]:
    return {"rule": name[0], "point_id": name[1], "count": len(moments), "share": len(moments) / total}


def _texts(column: object) -> list[str]:
    return [str(value) for value in np.ma.filled(np.ma.asarray(column, dtype=object), "").tolist()]
