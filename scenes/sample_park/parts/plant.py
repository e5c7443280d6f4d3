"""Plant: chillers, pumps, transformers, tanks and rooftop machines, with their points."""

from __future__ import annotations

from typing import Any

from scenes.sample_park.model.file import Model, Storey
from scenes.sample_park.parts.devices import DEVICES, device
from scenes.sample_park.parts.sensors import add_point, sensor_kind

_POINTS: dict[str, tuple[tuple[str, float | None], ...]] = {
    "chiller": (("supply_temperature", 20.0), ("return_temperature", 25.0), ("power", 350.0), ("load", None)),
    "heat_pump": (("supply_temperature", 55.0), ("power", 60.0)),
    "cooling_tower": (("supply_temperature", 40.0), ("pump_speed", None)),
    "pump": (("pump_speed", None), ("pressure", 600.0), ("power", 45.0)),
    "fire_pump": (("pressure", 1200.0),),
    "transformer": (("power", 800.0), ("load", None), ("temperature", None)),
    "battery": (("power", 100.0), ("load", None), ("temperature", None)),
    "generator": (("power", 500.0),),
    "exhaust": (("load", None),),
    "tank": (("level", 2.0),),
    "ahu": (("supply_air_temperature", None), ("load", None)),
}
_PROBES = {"supply_temperature", "return_temperature", "pressure", "temperature", "supply_air_temperature"}


def machine(
    model: Model, storey: Storey, key: str, at: tuple[float, float, float], number: int, turn: Any = None
) -> Any:
    """One machine with its points; probes (temperature, pressure) are sensors of their own beside it."""
    spec = DEVICES[key]
    made = model.place(device(model, key), storey, at, turn, name=f"{number}# {spec.zh}", system=spec.system)
    shows = f"{model.title.key}/{made.GlobalId}"
    name = f"{model.title.zh} {number}# {spec.zh}"
    for index, (kind, maximum) in enumerate(_POINTS.get(key, ())):
        measured = made
        if kind in _PROBES:
            place = (at[0] + 0.4 + 0.2 * index, at[1], at[2] + 1.2)
            measured = model.place(sensor_kind(model, kind), storey, place, system="control")
        add_point(
            model, storey, f"{key.replace('_', '-')}-{number}", kind, shows=shows, device=measured, name=name,
            maximum=maximum,
        )  # fmt: skip
    return made


def row(
    model: Model, storey: Storey, key: str, start: tuple[float, float], step: tuple[float, float], count: int, *,
    z: float = 0.0, turn: Any = None, first: int = 1,
) -> None:  # fmt: skip
    """A row of equal machines."""
    for index in range(count):
        at = (round(start[0] + step[0] * index, 3), round(start[1] + step[1] * index, 3), z)
        machine(model, storey, key, at, first + index, turn)
