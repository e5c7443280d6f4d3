import pytest

from twin.errors import Invalid
from twin.rules.rule_file import read_rules

GOOD = """
- id: co2-high
  kind: co2
  severity: major
  op: ">"
  limit: 1000
  delay_s: 30
  dead_band: 50
  message_zh: 二氧化碳过高
  message_en: CO2 too high
  source: GB/T 18883-2022
  mark: P
- {id: lost, point_id: a.b, severity: notice, op: missing, message_zh: 失联, message_en: lost}
"""


def write(tmp_path, text):
    path = tmp_path / "alarms.yaml"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("text", [GOOD, "rules:" + GOOD.replace("\n", "\n  ")])
def test_rules_are_read(tmp_path, text):
    first, second = read_rules(write(tmp_path, text))
    assert (first.id, first.kind, first.limit, first.delay_s, first.dead_band) == ("co2-high", "co2", 1000, 30, 50)
    assert first.severity.value == "major"
    assert (second.point_id, second.limit, second.op) == ("a.b", None, "missing")


def test_no_file_and_an_empty_file_are_no_rules(tmp_path):
    assert read_rules(tmp_path / "alarms.yaml") == []
    assert read_rules(write(tmp_path, "# nothing yet\n")) == []
    assert read_rules(write(tmp_path, "rules:\n")) == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("  kind: co2", "  kin: co2", "line 3: rule 'co2-high': kin is unknown"),
        ("  kind: co2\n", "", "expected either kind or point_id"),
        ("  kind: co2", "  kind: co2\n  point_id: x", "expected either kind or point_id"),
        ("limit: 1000", "limit: high", "line 6: rule 'co2-high': limit is 'high'"),
        ("limit: 1000", "limit: true", "limit is True"),
        ("limit: 1000", "limit: .inf", "limit is inf"),
        ("  limit: 1000\n", "", "op > expects a limit"),
        ('op: ">"', "op: above", "line 5: rule 'co2-high': op is 'above'"),
        ("op: missing", "op: missing, limit: 3", "op missing takes no limit"),
        ("severity: major", "severity: loud", "line 4: rule 'co2-high': severity is 'loud'"),
        ("delay_s: 30", "delay_s: -1", "delay_s is -1"),
        ("  limit: 1000", "  limit: 1000\n  limit: 900", "line 7: 'limit' stands twice"),
        ("id: lost", "id: co2-high", "line 13: rule id 'co2-high' stands already at line 2"),
        ("message_zh: 二氧化碳过高", "message_zh: ''", "message_zh is ''"),
        ("  message_en: CO2 too high\n", "", "message_en is missing"),
        ("- id: co2-high", "- id: [", "no valid YAML"),
    ],
)
def test_wrong_entries_are_named_with_line_and_expectation(tmp_path, old, new, says):
    assert old in GOOD
    with pytest.raises(Invalid) as caught:
        read_rules(write(tmp_path, GOOD.replace(old, new, 1)))
    assert says in str(caught.value)
    assert "alarms.yaml" in str(caught.value)


@pytest.mark.parametrize("text", ["just text", "- 3", "alarms: []", "rules: {a: 1}", "rules: []\nmore: 1"])
def test_other_shapes_are_refused(tmp_path, text):
    with pytest.raises(Invalid, match="expected"):
        read_rules(write(tmp_path, text))


@pytest.mark.parametrize("word", ["on", "off", "yes", "No"])
def test_only_true_and_false_are_truth_values(tmp_path, word):
    with pytest.raises(Invalid) as caught:
        read_rules(write(tmp_path, GOOD.replace("  mark: P\n", f"  mark: P\n  latching: {word}\n")))
    assert f"line 13: rule 'co2-high': latching is '{word}': expected true or false" in str(caught.value)
    for truth in ("true", "True"):
        text = GOOD.replace("  mark: P\n", f"  mark: P\n  latching: {truth}\n")
        assert read_rules(write(tmp_path, text))[0].latching is True


def test_words_that_were_truth_values_are_texts_and_numbers_may_have_exponents(tmp_path):
    text = (
        GOOD.replace("kind: co2", "kind: on")
        .replace("limit: 1000", "limit: 1e3")
        .replace("过高", "是")
        .replace("CO2 too high", "yes")
    )
    rule, _ = read_rules(write(tmp_path, text))
    assert (rule.kind, rule.limit, rule.message_en) == ("on", 1000, "yes")


def test_two_rules_of_one_line_with_one_id_are_refused(tmp_path):
    entry = "{id: a, kind: b, severity: notice, op: missing, message_zh: 甲, message_en: a}"
    with pytest.raises(Invalid, match="rule id 'a' stands already at line 1"):
        read_rules(write(tmp_path, f"[{entry}, {entry}]"))
