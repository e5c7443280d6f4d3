"""Rules of every condition: what they need, what they refuse, in sentences that name file, rule and value."""

import pytest

from tests.support.alarms import rule
from twin.errors import Invalid
from twin.rules.rule_file import read_rules

HEAD = "- id: x\n  kind: temperature\n  severity: minor\n  message_zh: 甲\n  message_en: a\n"


def read(tmp_path, body):
    path = tmp_path / "alarms.yaml"
    path.write_text(HEAD + "".join(f"  {line}\n" for line in body), encoding="utf-8")
    return read_rules(path)


@pytest.mark.parametrize(
    "body",
    [
        ["op: rate", "limit: 5", "window_s: 60", "direction: up"],
        ["op: deviation", "limit: 2", "set_kind: setpoint"],
        ["op: deviation", "limit: 2", "set_value: 21"],
        ["op: stuck", "window_s: 3600", "dead_band: 0.1"],
        ["op: bit", "bit: 3", "limit: 1"],
        ["op: quality", "quality: [bad, never]"],
        ["op: limits", "limits: {high_high: {limit: 40, severity: critical}, high: 30}", "latching: true"],
        ['op: ">"', "limit: 5", 'suppress_when: [{kind: status, op: "==", limit: 0}]'],
        ['op: ">"', "limit: 5", "escalate: [{after_s: 60, severity: major}, {after_s: 120, role: administrator}]"],
    ],
)
def test_every_condition_is_read(tmp_path, body):
    (found,) = read(tmp_path, body)
    assert body[0].split(": ")[1].strip('"') == found.op


@pytest.mark.parametrize(
    ("body", "line", "says"),
    [
        (["op: rate", "limit: 5"], 1, "op rate expects a window_s"),
        (['op: ">"', "limit: 5", "window_s: 5"], 1, "op > takes no window_s"),
        (["op: rate", "limit: -5", "window_s: 5"], 1, "op rate has limit -5.0; expected more than 0"),
        (["op: deviation", "limit: 2"], 1, "op deviation has no set point"),
        (["op: deviation", "limit: 2", "set_value: 1", "set_kind: y"], 1, "has set_kind and set_value; expected one"),
        (['op: ">"', "limit: 2", "set_value: 1"], 1, "op > takes no set_value"),
        (["op: bit", "bit: 3", "limit: 2"], 1, "op bit has limit 2.0; expected 0 or 1"),
        (["op: bit", "bit: 99", "limit: 1"], 7, "bit is 99"),
        (["op: quality"], 1, "op quality expects a quality"),
        (["op: quality", "quality: [good]"], 7, "quality.0 is 'good'"),
        (["op: limits"], 1, "op limits expects limits"),
        (["op: limits", "limits: {high: 30, high_high: 20}"], 1, "has high_high 20.0 and high 30.0"),
        (["op: limits", "limits: {top: 30}"], 7, "limits.top"),
        (["op: limits", "limits: {high: warm}"], 7, "limits.high is 'warm'"),
        (["op: missing", "direction: up"], 1, "op missing takes no direction"),
        (["op: missing", "off_delay_s: -1"], 7, "off_delay_s is -1"),
        (["op: missing", "latching: maybe"], 7, "latching is 'maybe'"),
        (["op: missing", 'suppress_when: [{op: "==", limit: 0}]'], 7, "suppress_when.0: expected either kind or"),
        (["op: missing", "suppress_when: [{kind: a, op: maybe, limit: 0}]"], 7, "suppress_when.0.op is 'maybe'"),
        (["op: missing", "escalate: [{after_s: 5}]"], 7, "escalate.0: expected severity, role or both"),
        (["op: missing", "escalate: [{after_s: 5, role: a}, {after_s: 5, role: b}]"], 1, "expected each later"),
    ],
)
def test_wrong_ones_are_named_with_line_and_value(tmp_path, body, line, says):
    with pytest.raises(Invalid) as caught:
        read(tmp_path, body)
    message = str(caught.value)
    assert f"alarms.yaml, line {line}: rule 'x': " in message
    assert says in message


def test_limits_become_rules_of_which_the_worse_hides_the_lesser():
    limits = {"low_low": 5, "low": {"limit": 10, "message_en": "cold"}, "high": 30, "high_high": 40}
    found = {one.id: one for one in rule(id="t", op="limits", limit=None, limits=limits).expanded()}
    assert {name: (one.op, one.limit, one.over) for name, one in found.items()} == {
        "t.high-high": (">", 40, ""),
        "t.high": (">", 30, "t.high-high"),
        "t.low-low": ("<", 5, ""),
        "t.low": ("<", 10, "t.low-low"),
    }
    assert (found["t.low"].message_en, found["t.high"].message_en) == ("cold", "high")
    assert [one.id for one in rule().expanded()] == ["co2-high"]


def test_the_name_of_lost_gateways_is_taken():
    with pytest.raises(ValueError, match="connection-lost"):
        rule(id="connection-lost")
