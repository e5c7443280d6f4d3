"""A contestant that is a function of ours, in a process of its own: `python -m tests.bench.solo MODULE FUNCTION JSON`.

The function measures itself with a `Timer`, so that starting Python is not counted, and returns
`{"cpu", "wall", …}`; the process adds its peak memory.
"""

from __future__ import annotations

import importlib
import json
import resource
import sys
from collections.abc import Callable

from tests.bench.cost import Cost, Sample, child


def call(function: Callable[..., dict], **arguments: object) -> Sample:
    """Run a module's function in a new process and give its answer."""
    _, text = child(
        [
            sys.executable,
            "-m",
            "tests.bench.solo",
            function.__module__,
            function.__name__,
            json.dumps(arguments, default=str),
        ]
    )
    return sample(json.loads(text.splitlines()[-1]))


def inside(function: Callable[..., dict], **arguments: object) -> Sample:
    """The same in this process; for trying a race out."""
    return sample(json.loads(json.dumps({**function(**arguments), "rss": 0})))


def sample(row: dict) -> Sample:
    """The answer of a contestant, with its cost taken out."""
    return Sample(Cost(row.pop("cpu"), row.pop("rss"), row.pop("wall")), row)


def main() -> None:
    module, name, arguments = sys.argv[1:]
    row = getattr(importlib.import_module(module), name)(**json.loads(arguments))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    sys.stdout.write("\n" + json.dumps({**row, "rss": peak}) + "\n")


if __name__ == "__main__":
    main()
