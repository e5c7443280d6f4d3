"""G1: the gatehouse, a small glass room under a far-reaching thin roof."""

from __future__ import annotations

from scenes.sample_park.buildings.common import stack
from scenes.sample_park.model.file import Model
from scenes.sample_park.model.solids import box, cylinder
from scenes.sample_park.parts.facade import Entrance, Facade
from scenes.sample_park.parts.roof import canopy
from scenes.sample_park.parts.sensors import add_point
from scenes.sample_park.parts.spaces import Spaces
from scenes.sample_park.parts.storey import Plan, build_storey
from scenes.sample_park.plan.rooms import Room
from scenes.sample_park.plan.walls import Rect

BODY: Rect = (0.0, 0.0, 14.0, 9.0)
GLASS = Facade("curtain", module=2.0, fin=0.1, glass="glass", metal="charcoal", spandrel="wood_light")


def layout(model: Model, spaces: Spaces) -> None:
    """One storey; barriers stand beside it on the avenue."""
    ground, roof = stack(model, [4.2])
    rooms = [
        Room(0.0, 0.0, 9.0, 6.0, "control", "101", "安防监控室", tenant=0),
        Room(9.0, 0.0, 14.0, 6.0, "guard", "102", tenant=1),
        Room(0.0, 6.0, 14.0, 9.0, "lobby", "103", "访客登记厅"),
    ]
    plan = Plan(
        [BODY], rooms, lambda _run: GLASS, entrances=[Entrance(7.0, 9.0, "exit")], base=True, stairs=False, load_kw=15.0
    )
    build_storey(model, ground, plan, spaces)
    canopy(model, roof, (-5.0, -1.5, 15.5, 10.5), 0.0, thickness=0.35)
    barrier = model.kind(
        "IfcBuildingElementProxy", "道闸", [box(-0.2, -0.15, 0, 0.4, 0.3, 1.1, "charcoal"), box(-3.8, -0.04, 0.9, 3.6, 0.08, 0.1, "white")],
        "NOTDEFINED",
    )  # fmt: skip
    bollard = model.kind("IfcBuildingElementProxy", "防撞柱", [cylinder(0, 0, 0, 0.12, 0.8, "steel")], "NOTDEFINED")
    for index, y in enumerate((1.5, 7.5), start=1):
        made = model.place(barrier, ground, (-1.0, y, 0.0), name=f"{index}号道闸")
        shows = f"{model.title.key}/{made.GlobalId}"
        add_point(model, ground, f"barrier-{index}", "door", shows=shows, device=made, name=f"{index}号道闸")
    for index in range(5):
        model.place(bollard, ground, (-0.6, 2.6 + index * 0.9, 0.0))
