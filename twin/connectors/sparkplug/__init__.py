"""Sparkplug B (Eclipse Sparkplug 3.0, ISO/IEC 20237): edge nodes that tell births, data and deaths over MQTT."""

from typing import Final

NAMESPACE: Final = "spBv1.0"
HEAD: Final = f"{NAMESPACE}/"
"""How topics and addresses of Sparkplug begin."""
