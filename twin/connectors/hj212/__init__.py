"""HJ 212: environmental monitoring devices that report to us over TCP."""
