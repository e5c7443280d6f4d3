"""Counters and timings in Prometheus' text format, without a library: a server has few of them."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping

BUCKETS = (0.005, 0.02, 0.1, 0.5, 2.0, 10.0)
"""Upper bounds of the request-time histogram, seconds."""


class Metrics:
    """Requests by method, route and status; their times. Safe from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: dict[tuple[str, str, int], int] = defaultdict(int)
        self._buckets: dict[str, list[int]] = defaultdict(lambda: [0] * (len(BUCKETS) + 1))
        self._seconds: dict[str, float] = defaultdict(float)

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one finished request. `route` is the route's template, so that the number of series stays small."""
        with self._lock:
            self._requests[(method, route, status)] += 1
            row = self._buckets[route]
            row[next((place for place, bound in enumerate(BUCKETS) if seconds <= bound), len(BUCKETS))] += 1
            self._seconds[route] += seconds

    def requests(self) -> int:
        """How many requests were counted."""
        with self._lock:
            return sum(self._requests.values())

    def text(self, gauges: Mapping[str, tuple[str, float]]) -> str:
        """The exposition. `gauges` maps a metric's name to its help and present value."""
        with self._lock:
            lines = ["# HELP parktwin_requests_total Requests served.", "# TYPE parktwin_requests_total counter"]
            lines += [
                f'parktwin_requests_total{{method="{method}",route="{_escaped(route)}",status="{status}"}} {count}'
                for (method, route, status), count in sorted(self._requests.items())
            ]
            lines += [
                "# HELP parktwin_request_seconds Time from the first byte asked to the last one answered.",
                "# TYPE parktwin_request_seconds histogram",
            ]
            for route in sorted(self._buckets):
                lines += self._histogram(route)
        for name, (text, value) in gauges.items():
            lines += [f"# HELP {name} {text}", f"# TYPE {name} gauge", f"{name} {value:g}"]
        return "\n".join(lines) + "\n"

    def _histogram(self, route: str) -> Iterable[str]:
        label = f'route="{_escaped(route)}"'
        total = 0
        for bound, count in zip((*BUCKETS, float("inf")), self._buckets[route], strict=True):
            total += count
            le = "+Inf" if bound == float("inf") else f"{bound:g}"
            yield f'parktwin_request_seconds_bucket{{{label},le="{le}"}} {total}'
        yield f"parktwin_request_seconds_sum{{{label}}} {self._seconds[route]:.6f}"
        yield f"parktwin_request_seconds_count{{{label}}} {total}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
