"""The page of `alarms.yaml`: keys, conditions, states, what hides what, figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from tools.reference_text import code, table
from twin.rules import alarms, book, escalation, rule, statistics
from twin.rules.rule import AlarmRule, Escalation, LevelLimit, SuppressWhen
from twin.rules.states import FREED_BY, HELD_BY, HOLDS, LETTERS, PROCESS, AlarmState

EXAMPLE = """```yaml
- id: co2-high
  kind: co2
  severity: minor
  op: ">"
  limit: 1000
  delay_s: 300
  dead_band: 50
  message_zh: 二氧化碳浓度偏高
  message_en: CO2 is high
- id: supply-air
  kind: supply_air_temperature
  severity: minor
  op: limits
  limits:
    high_high: {limit: 35, severity: critical}
    high: 30
    low: 12
  dead_band: 0.5
  off_delay_s: 60
  suppress_when:
    - {kind: status, op: "==", limit: 0}
  escalate:
    - {after_s: 900, severity: major}
    - {after_s: 3600, role: administrator}
  cause: ventilation
  message_zh: 送风温度越限
  message_en: Supply air temperature out of limits
- id: sensor-lost
  kind: temperature
  severity: notice
  op: missing
  delay_s: 60
  message_zh: 温度传感器失联
  message_en: Temperature sensor is silent
```"""

OPS: Mapping[str, str] = {
    "> >= < <= == !=": "the value compares so with `limit`",
    "limits": "four limits in one rule: `high_high`, `high`, `low`, `low_low`, each a number or `{limit, severity, message_zh, message_en}`;"
    " each is an alarm of its own (`<id>.high-high` …), and the worse one suppresses the lesser",
    "rate": "the value moved by more than `limit` within `window_s`, from the lowest or highest value in it; `direction` says which way counts; after a restart the window begins anew",
    "deviation": "the value is more than `limit` from `set_point` (a point), `set_kind` (the point of that kind on the same object or device) or"
    " `set_value` (a number); a set point in another unit is not compared, and the status says so",
    "stuck": "the value did not move by more than `dead_band` for `window_s`, by the sensor's own clock, while readings came",
    "bit": "bit number `bit` (0 is the lowest) of the whole number is `limit`, 0 or 1",
    "missing": "the point is stale: not heard for three of its periods; after a restart it has that time to speak",
    "bad": "the point's readings cannot be used",
    "quality": "the point's quality is one of `quality`: `stale`, `bad`, `never`",
}

TEXTS: Mapping[str, str] = {
    "id": "name of the rule, once in the file",
    "kind": "watches all points of this kind; give this or `point_id`",
    "point_id": "watches this one point",
    "severity": "the alarm's priority: `critical`, `major`, `minor`, `notice`",
    "op": "the condition, see below",
    "limit": "in the point's unit; for the comparisons, `rate`, `deviation`, `bit`",
    "limits": "for `limits`: the limits by name",
    "window_s": "for `rate` and `stuck`: seconds",
    "direction": "for `rate` and `deviation`: `both`, `up`, `down`",
    "set_point": "for `deviation`: id of the point that gives the set point",
    "set_kind": "for `deviation`: kind of the point that gives it, on the same object or device",
    "set_value": "for `deviation`: the set point as a number",
    "bit": "for `bit`: its number",
    "quality": "for `quality`: a list",
    "delay_s": "on delay: the condition must hold so long before the alarm is raised",
    "off_delay_s": "off delay: it must be over so long before the alarm is cleared",
    "dead_band": "the value must come back by so much before the condition is over; for `>`, `>=`, `<`, `<=`, `limits`, `rate`, `deviation`; the"
    " noise that `stuck` looks past",
    "latching": "the alarm stays after its condition is over, until it is acknowledged and reset",
    "suppress_when": "a list of conditions on other points; while one is met by a good value the alarm is suppressed by design",
    "escalate": "a list of steps, taken while nobody has acknowledged the alarm",
    "cause": "a word to group alarms by",
    "message_zh": "what operators read, Chinese",
    "message_en": "the same in English",
    "source": "where the limit comes from",
    "mark": "how far the limit was verified, such as `GK`",
}
PART_TEXTS: Mapping[str, str] = {
    "limit": "in the point's unit",
    "severity": "in place of the rule's",
    "message_zh": "in place of the rule's",
    "message_en": "in place of the rule's",
    "point_id": "the point that is looked at; give this or `kind`",
    "kind": "the point of this kind on the same object or device",
    "op": "`>`, `>=`, `<`, `<=`, `==`, `!=`",
    "after_s": "seconds since the alarm was raised",
    "role": "whom to call: a role of the park; told in the `escalated` event and on the alarm",
}
PARTS: Mapping[str, type[BaseModel]] = {
    "limits": LevelLimit,
    "suppress_when": SuppressWhen,
    "escalate": Escalation,
}
STATES: Mapping[AlarmState, str] = {
    AlarmState.NORMAL: "over, nothing is owed: closed",
    AlarmState.ACTIVE: "the condition holds, nobody has acknowledged it",
    AlarmState.ACKNOWLEDGED: "it holds, and somebody knows",
    AlarmState.CLEARED: "over, not acknowledged",
    AlarmState.LATCHED: "over, waits for acknowledgement and reset",
    AlarmState.LATCHED_ACKNOWLEDGED: "over and acknowledged, waits for reset",
    AlarmState.SHELVED: "put aside by a person for a time; ends by itself",
    AlarmState.SUPPRESSED: "hidden by design: `suppress_when`, a worse limit, a lost gateway",
    AlarmState.OUT_OF_SERVICE: "taken out by a person (rule, point or object) until returned",
}


def page() -> str:
    """The page."""
    steps = [
        (code(before), *(code(found.get(step, "")) for step in ("raise", "clear", "latch", "acknowledge", "reset")))
        for before, found in (
            (state, {step.value: after for step, after in row.items()}) for state, row in PROCESS.items()
        )
    ]
    return "\n\n".join(
        [
            "# alarms.yaml",
            (
                "A list of rules beside `park.toml`; no file is no rules. A wrong entry is one sentence naming file, line, rule, key and"
                " expectation: it stops the start of the server; while it runs the rules before go on, and the park's status says why"
                " (`rules_error`). `parktwin alarms check` reads the file, `parktwin alarms reload` and `POST /api/v1/alarms/rules/reload`"
                " put it in force. The file is YAML 1.2: only `true` and `false` are truth values."
            ),
            EXAMPLE,
            "## Keys",
            table(["key", "type", "default", "what"], _fields(AlarmRule, TEXTS)),
            *(
                part
                for name, model in PARTS.items()
                for part in (f"### {name}", table(["key", "type", "default", "what"], _fields(model, PART_TEXTS)))
            ),
            "## Conditions",
            table(["op", "holds while"], [(code(op), what) for op, what in OPS.items()]),
            (
                "Only good values decide: while a value is stale or bad an alarm that is raised stays, and an on delay starts anew."
                " A sensor's clock that runs ahead is replaced by the time of receipt; one that falls back makes its readings late, so the"
                " point turns stale and `missing` tells. The id `" + rule.RESERVED + "` is taken."
            ),
            "## States",
            (
                "After ISA-18.2 (IEC 62682), with the standard's letters. A hold (E, F, G) lies over a process state, which goes on beneath"
                " it (`process`) and shows again after it; the strongest is shown: "
                + ", ".join(code(hold) for hold in HOLDS)
                + ". Nothing is raised while it is held; what holds when the hold ends is raised then."
            ),
            table(["state", "letter", "what"], [(code(state), LETTERS[state], what) for state, what in STATES.items()]),
            (
                "A step that has no entry is refused. `latch` is the clearing of a latching alarm. A held alarm is neither acknowledged nor"
                " reset. Holds: " + ", ".join(f"`{step}` → `{hold}`" for step, hold in HELD_BY.items()) + "; ended by "
                + ", ".join(f"`{step}`" for step in FREED_BY) + "."
            ),
            table(["process", "raise", "clear", "latch", "acknowledge", "reset"], steps),
            "## Lost gateways",
            (
                "A connector whose connection failed, a gateway or controller (`IfcCommunicationsAppliance`, `IfcController`,"
                " `IfcUnitaryControlElement`) all of whose own points are silent, or one without points all of whose children (two or more"
                " devices) are: it hides the `missing` alarms of what hangs on it, and one alarm `" + rule.RESERVED + "` stands for them with"
                " their number (`hidden`) and the worst severity among them. It is raised once the delay of one of them is over, can be shelved and"
                " taken out of service, latches as the worst of them does, takes the `escalate` steps of the most severe `missing` rule below it"
                " that has any, and is itself suppressed while what it hangs on is lost. A step never makes an alarm less severe. What hangs on what: the relations `controls`, `feeds`,"
                " `connects`, `aggregates`, `nests` and the parents of the scene graph, the `device` of points, and the connector in their address."
            ),
            "## Bounds",
            (
                f"At most {book.CHANGES_A_TICK:,} alarms change in a tick, the most severe first; the others follow in the next. Live clients hear"
                f" {book.TOLD_A_TICK} of them one by one and then `many`. An operation takes at most {alarms.MAX_MANY:,} alarms; a shelf lasts at most"
                f" {alarms.MAX_SHELF_S // 86_400} days. Delays, shelves and states go on after a restart; of a delay that began in the last"
                f" {book.MEMORY_MS // 1000} s before a `kill -9` the beginning is lost. A held alarm does not escalate; that is looked at again every"
                f" {escalation.LOOK_AGAIN_MS // 1000} s."
            ),
            "## Figures",
            (
                f"`GET /api/v1/alarms/statistics`. Benchmarks ({statistics.SOURCE}, mark `{statistics.MARK}`: from general knowledge, not compared with"
                f" the published text): a flood is more than {statistics.FLOOD_COUNT} alarms in {statistics.FLOOD_MS // 60_000} minutes for one operator;"
                f" {statistics.DAY_COUNT} a day are what one can deal with; stale is an alarm that stands for more than"
                f" {statistics.STALE_MS // 3_600_000} hours; chattering is {statistics.CHATTER_COUNT} times within {statistics.CHATTER_MS // 1000} s."
            ),
        ]
    )  # fmt: skip


def _fields(model: type[BaseModel], texts: Mapping[str, str]) -> list[tuple[str, str, str, str]]:
    shapes = model.model_json_schema()["properties"]
    return [
        (code(name), _json_type(shapes[name]), _default(found), texts[name])
        for name, found in model.model_fields.items()
    ]


def _json_type(shape: dict[str, Any]) -> str:
    if "anyOf" in shape:
        return _json_type(next(item for item in shape["anyOf"] if item.get("type") != "null"))
    if "enum" in shape:
        return ", ".join(f"`{item}`" for item in shape["enum"])
    names = {"string": "text", "array": "list", "object": "mapping"}
    kind = shape.get("type", "text")
    return names.get(kind, str(kind))


def _default(found: FieldInfo) -> str:
    if found.is_required():
        return "required"
    if found.default_factory is not None or found.default in (None, ""):
        return ""
    if isinstance(found.default, bool):
        return "true" if found.default else "false"
    return f"{found.default:g}" if isinstance(found.default, int | float) else code(found.default)
