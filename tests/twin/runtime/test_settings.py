import pytest

from twin.errors import Invalid
from twin.park import Park
from twin.runtime.settings import LiveSettings


def settings(tmp_path, text):
    (tmp_path / "park.toml").write_text("[park]\nid = 'p'\n" + text, "utf-8")
    return LiveSettings.of(Park.load(tmp_path))


def test_a_park_without_settings_runs_the_embedded_broker(tmp_path):
    found = settings(tmp_path, "")
    assert (found.broker_url, found.broker_port, found.connectors) == ("", None, ())
    assert str(found.timezone) == "Asia/Shanghai"


def test_settings_are_read(tmp_path):
    text = (
        "timezone = 'UTC'\n[broker]\nurl = 'mqtt://h'\nport = 1883\n[state.period_s]\nco2 = 60\n"
        "[[connectors]]\nkind = 'mqtt'\nname = 'x'\n"
    )
    found = settings(tmp_path, text)
    assert (found.broker_url, found.broker_port, found.period_s) == ("mqtt://h", 1883, {"co2": 60.0})
    assert found.connectors == ({"kind": "mqtt", "name": "x"},)
    assert str(found.timezone) == "UTC"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[broker]\nport = 70000", r"\[broker\] port is 70000; expected a port number"),
        ("[broker]\nurl = 3", r"\[broker\] url is 3"),
        ("[broker]\nack_wait_s = true", "ack_wait_s is True; expected seconds above 0"),
        ("[state.period_s]\nco2 = 0", "period_s co2 is 0; expected seconds above 0"),
        ("timezone = 'Mars/Base'", r"timezone is 'Mars/Base'; expected a name like"),
        ("connectors = 3", "connectors is 3"),
        ("broker = 3", "broker is 3|expected a table"),
    ],
)
def test_wrong_settings_are_named(tmp_path, text, says):
    if not text.startswith(("[", "timezone")):
        (tmp_path / "park.toml").write_text(text + "\n[park]\nid = 'p'\n", "utf-8")
        with pytest.raises(Invalid, match=says):
            LiveSettings.of(Park.load(tmp_path))
        return
    with pytest.raises(Invalid, match=says):
        settings(tmp_path, text)
