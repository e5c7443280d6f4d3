import pytest

from twin.connectors.opcua.security import Security
from twin.connectors.registry import make_connector
from twin.errors import Invalid


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({}, "url is missing"),
        ({"url": "http://h"}, "expected opc.tcp://host:port/path"),
        ({"url": "opc.tcp://u:secret@h"}, "user and password stand apart"),
        ({"url": "opc.tcp://h:x"}, "expected opc.tcp://"),
        ({"url": "opc.tcp://h", "policy": "Basic128"}, "expected one of none, Basic256Sha256"),
        ({"url": "opc.tcp://h", "policy": "Basic256Sha256"}, "certificate is ''; expected a PEM or DER file"),
        ({"url": "opc.tcp://h", "certificate": "x"}, "policy is 'none'"),
        ({"url": "opc.tcp://h", "user_certificate": "x"}, "both or none"),
        ({"url": "opc.tcp://h", "password": "secret"}, "user is ''"),
        ({"url": "opc.tcp://h", "queue": 0}, "queue is 0"),
        ({"url": "opc.tcp://h", "nodes": []}, "'nodes' is unknown"),
    ],
)
def test_wrong_settings_are_named(settings, says):
    with pytest.raises(Invalid) as caught:
        make_connector({"kind": "opcua", "name": "plant", **settings}, [], None)
    assert says in str(caught.value)
    assert "secret" not in str(caught.value)


def test_security_is_none_by_default():
    assert make_connector({"kind": "opcua", "url": "opc.tcp://h"}, [], None)._security == Security()
    assert make_connector({"kind": "opcua", "url": "opc.tcp://h/x"}, [], None)._url == "opc.tcp://h:4840/x"
