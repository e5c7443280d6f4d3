"""`python -m scenes.simulator --points points.csv --url mqtt://user:password@host:port`."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from scenes.simulator.park_model import ParkModel
from scenes.simulator.publisher import Publisher
from twin.connectors.guard import die_with_parent
from twin.errors import Invalid, ParkError
from twin.state.point import read_points


def main(arguments: Sequence[str] | None = None) -> int:
    """Simulate devices until SIGTERM or SIGINT. Exit codes: 0 stopped, 1 wrong input, 2 wrong arguments."""
    parser = argparse.ArgumentParser(
        prog="python -m scenes.simulator",
        description="Device simulator: publishes made-up readings of a park's points over MQTT, marked as simulated.",
    )
    parser.add_argument("--points", type=Path, required=True, help="the park's points.csv")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--url", help="broker: mqtt://user:password@host:port")
    where.add_argument(
        "--door", type=Path, help="the embedded broker's door.json; keeps the password off the command line"
    )
    parser.add_argument("--rate", type=float, help="readings per second of all points together")
    parser.add_argument("--seed", type=int, default=1, help="another seed is another park life (default: 1)")
    parser.add_argument("--qos", type=int, choices=(0, 1), default=0, help="MQTT quality of service (default: 0)")
    parser.add_argument("--utc-offset", type=float, default=8.0, help="hours of local time before UTC (default: 8)")
    parser.add_argument(
        "--with-parent", type=int, metavar="PID", help="stop when the process that started this one ends"
    )
    options = parser.parse_args(arguments)
    if options.rate is not None and not options.rate > 0:
        parser.error("--rate: expected a number above 0")
    logging.basicConfig(level=logging.INFO, format="simulator: %(message)s", stream=sys.stderr)
    try:
        points = read_points(options.points)
        model = ParkModel(points, options.seed, utc_offset_h=options.utc_offset, rate=options.rate)
        publisher = Publisher(model, options.url or _door_url(options.door), qos=options.qos)
    except ParkError as error:
        logging.getLogger(__name__).error("%s", error)  # noqa: TRY400  one sentence tells it
        return 1
    asyncio.run(_publish(publisher, options.with_parent))
    return 0


async def _publish(publisher: Publisher, parent: int | None) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    if parent:
        die_with_parent(parent)
    await publisher.run(stop)


def _door_url(path: Path) -> str:
    try:
        door = json.loads(path.read_text(encoding="utf-8"))
        return f"mqtt://{quote(door['user'])}:{quote(door['password'])}@{door['host']}:{door['mqtt_port']}"
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Invalid(
            f"{path} is no door of an embedded broker: {error!r}; start the park first", code="door"
        ) from error


if __name__ == "__main__":
    sys.exit(main())
