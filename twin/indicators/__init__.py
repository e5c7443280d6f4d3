"""Live indicators: named figures computed from the latest values and the facts about their objects."""
