"""Surface parking bays."""

from __future__ import annotations

from functools import cache

from shapely.geometry import box

from scenes.sample_park.gis.feature import Feature

LENGTH, WIDTH = 5.3, 2.5


@cache
def bays() -> tuple[Feature, ...]:
    """Bays beside the east car park's lane and along the ring road's outside in the south."""
    made: list[Feature] = []

    def add(x: float, y: float, dx: float, dy: float, area: str) -> None:
        number = len(made) + 1
        electric = number % 8 == 0
        made.append(
            Feature(
                f"bay-{number:03d}", f"{area}{number:03d} 号车位", f"Bay {number:03d}", "parking",
                box(x, y, round(x + dx, 3), round(y + dy, 3)),
                {"use": "charging" if electric else "car", "length": LENGTH, "width": WIDTH},
            )
        )  # fmt: skip

    for row, x in enumerate((195.0 - LENGTH, 201.0)):
        for index in range(72):
            y = round(-108 + index * WIDTH + (index // 12) * 2.4, 3)
            if not (row == 0 and -64 < y < -55):
                add(x, y, LENGTH, WIDTH, "东区")
    for x_start, x_end in ((-132.0, -30.0), (36.0, 134.0)):
        x = x_start
        while x + WIDTH <= x_end:
            add(round(x, 3), -134.3 - LENGTH, WIDTH, LENGTH, "南区")
            x += WIDTH + (2.5 if round(x - x_start) % 25 == 0 and x > x_start else 0.0)
    return tuple(made)
