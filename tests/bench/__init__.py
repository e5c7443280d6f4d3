"""Races against peers: `python -m tests.bench [NAME …]`. Figures, never pass marks; each race has a gate first."""
