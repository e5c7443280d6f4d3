"""The server: HTTP, WebSocket, sign-in, jobs. The only composition root of the running system."""
