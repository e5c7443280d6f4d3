import subprocess
import sys

import pytest

from twin.connectors.registry import make_connector

LIBRARIES = ("asyncua", "pymodbus", "bacpypes3")


def test_no_library_is_imported_before_a_park_uses_it():
    code = f"import sys, twin.connectors.registry; print([name for name in {LIBRARIES} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("kind", ["opcua", "modbus", "bacnet", "hj212", "gbt26875"])
def test_a_kind_has_the_parts_of_a_connector(kind):
    settings = {
        "opcua": {"url": "opc.tcp://h"},
        "modbus": {"host": "h"},
        "bacnet": {},
        "hj212": {"port": 9000, "password": "x"},
        "gbt26875": {"port": 9000},
    }[kind]
    made = make_connector({"kind": kind, "name": "name", **settings}, [], None)
    assert (made.name, made.kind, made.state, made.candidates()) == ("name", kind, "stopped", [])
