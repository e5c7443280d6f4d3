"""GB/T 26875.3: fire protection devices that report to us over TCP."""
