"""`parktwin alarms`: rules are checked without a server and put in force with one."""

from __future__ import annotations

from tests.cli.test_serve import server  # noqa: F401  the fixture

GOOD = '- {id: hot, kind: temperature, severity: major, op: ">", limit: 30, message_zh: 热, message_en: hot}\n'


def test_check(cli, park):
    file = park / "alarms.yaml"
    file.write_text(GOOD, encoding="utf-8")
    assert [rule["id"] for rule in cli.json("alarms", "check", park)["rules"]] == ["hot"]
    assert "1 rules" in cli("alarms", "check", park).stdout
    file.write_text(GOOD.replace("30", "warm"), encoding="utf-8")
    wrong = cli("alarms", "check", park, check=False)
    assert (wrong.returncode, len(wrong.stderr.strip().splitlines())) == (3, 1)
    assert "line 1: rule 'hot': limit is 'warm'" in wrong.stderr
    away = cli("alarms", "reload", park, check=False)
    assert away.returncode == 7


def test_reload(cli, park, server):  # noqa: F811
    file = park / "alarms.yaml"
    file.write_text(GOOD, encoding="utf-8")
    found = cli.json("alarms", "reload", park)
    assert ([rule["id"] for rule in found["items"]], found["without_points"]) == (["hot"], ["hot"])
    assert "hot watches no point" in cli("alarms", "reload", park).stdout
    file.write_text("nonsense", encoding="utf-8")
    assert cli("alarms", "reload", park, check=False).returncode == 3
    file.write_text("", encoding="utf-8")
    assert cli.json("alarms", "reload", park)["items"] == []
