"""A park of four points whose clock only moves when told to."""

from twin.rules.alarms import Alarms
from twin.rules.rule import AlarmRule
from twin.state.hub import Hub
from twin.state.point import PointSpec

POINTS = [
    PointSpec(f"r{n}.co2", f"a1/{n}", kind="co2", unit="ppm", min=0, max=5000, name=f"房间 {n}") for n in range(3)
]
POINTS += [PointSpec("r0.smoke", "a1/0", kind="smoke", min=0, max=1)]


def rule(**changes):
    base = {
        "id": "co2-high",
        "kind": "co2",
        "severity": "major",
        "op": ">",
        "limit": 1000,
        "message_zh": "高",
        "message_en": "high",
    }
    return AlarmRule.model_validate({key: value for key, value in (base | changes).items() if value is not None})


class Park:
    def __init__(self, history, clock, rules, points=POINTS, **settings):
        self.clock, self.history = clock, history
        self.hub = Hub(points, clock)
        self.alarms = Alarms(self.hub, rules, history, clock, **settings)
        self.seen = []
        self.alarms.listen(lambda event: self.seen.append((event.event, event.alarm.point_id, event.alarm.state.value)))

    def say(self, **values):
        names = [name.replace("_", ".") for name in values]
        self.hub.update([self.hub.index[name] for name in names], list(values.values()))
        return self.tick()

    def tick(self):
        self.seen.clear()
        self.hub.tick()
        self.alarms.tick()
        return list(self.seen)
