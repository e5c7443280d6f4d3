"""One race per file; `tests.bench.registry` lists them."""
