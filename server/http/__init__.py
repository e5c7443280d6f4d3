"""What stands around every request: id, log line, metrics, security headers, static files."""
