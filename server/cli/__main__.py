"""`python -m server.cli` is `parktwin`."""

from server.cli.app import main

main()
