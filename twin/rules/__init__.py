"""Alarm rules: limits as data, and the alarms they raise, after ISA-18.2."""
