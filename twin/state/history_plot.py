"""A point's curve with few points that looks like all of its samples: LTTB on top of min/max pre-aggregation.

Source: S. Steinarsson, *Downsampling Time Series for Visual Representation*, 2013 (LTTB);
J. Van Der Donckt et al., *MinMaxLTTB*, IEEE VIS 2023 (pre-selection by minimum and maximum).
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np

from twin.state.history_source import parts
from twin.state.samples import Floats, Ints


@dataclass(frozen=True, slots=True)
class Plot:
    """Chosen samples, ascending; every value is one that was measured (or what is left of it in a summary).

    gap_start, gap_stop: spans longer than the limit between two samples, as far as buckets of `width_ms`
    show them. bad, corrected: instants, at most one a bucket, near which samples are bad or a person's.
    samples: how many the curve stands for.
    """

    t: Ints
    value: Floats
    gap_start: Ints
    gap_stop: Ints
    bad: Ints
    corrected: Ints
    samples: int
    width_ms: int


def plot(cursor: duckdb.DuckDBPyConnection, key: int, start: int, end: int, count: int, limit_ms: int) -> Plot:
    """At most `count` samples of [start, end), epoch ms, that keep the shape of the curve.

    Each of 2 `count` equal buckets gives its first, lowest, highest and last sample; LTTB chooses among them.
    """
    width = max(1, -(-(end - start) // (2 * count)))
    source = parts(cursor, "point = $key AND t >= $start AND t < $end", once=False)
    found = cursor.execute(
        "SELECT min(first_t) AS t1, arg_min(first, first_t) AS v1, max(last_t) AS t2, arg_max(last, last_t) AS v2,"
        " arg_min(t, low) AS t3, min(low) AS v3, arg_max(t, high) AS t4, max(high) AS v4, CAST(sum(n) AS BIGINT) AS n,"
        " min(t) FILTER (bad > 0) AS bad, min(t) FILTER (corrected > 0) AS corrected"
        f" FROM {source} GROUP BY (t - $start) // $width ORDER BY min(t)",
        {"key": key, "start": start, "end": end, "width": width},
    ).fetchnumpy()
    held = np.asarray(found["n"], dtype=np.int64) > 0
    t = np.concatenate([_ints(found[f"t{n}"][held]) for n in (1, 2, 3, 4)])
    value = np.concatenate(
        [np.ma.filled(np.ma.asarray(found[f"v{n}"][held], np.float64), np.nan) for n in (1, 2, 3, 4)]
    )
    _, first = np.unique(np.stack([t, value.view(np.int64)]), axis=1, return_index=True)
    t, value = t[first], value[first]
    order = np.argsort(t, kind="stable")
    t, value = t[order], value[order]
    left, right = _ints(found["t2"][held])[:-1], _ints(found["t1"][held])[1:]
    apart = right - left > limit_ms
    if len(t) > count:
        from tsdownsample import LTTBDownsampler  # noqa: PLC0415 - a native library that only plots need

        chosen = LTTBDownsampler().downsample(t, value, n_out=max(3, count)).astype(np.int64)  # type: ignore[no-untyped-call]
        t, value = t[chosen], value[chosen]
    return Plot(
        t=t,
        value=value,
        gap_start=left[apart],
        gap_stop=right[apart],
        bad=_there(found["bad"]),
        corrected=_there(found["corrected"]),
        samples=int(np.sum(found["n"])),
        width_ms=width,
    )


def _ints(column: object) -> Ints:
    return np.asarray(np.ma.filled(np.ma.asarray(column), 0), dtype=np.int64)


def _there(column: object) -> Ints:
    return np.ma.compressed(np.ma.asarray(column)).astype(np.int64)
