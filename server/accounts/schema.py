"""Tables of the accounts in `park.duckdb`. Times are epoch milliseconds of the injected clock."""

from __future__ import annotations

MODULE = "accounts"
MIGRATIONS = (
    """
    CREATE TABLE user_account (
        name VARCHAR, display_name VARCHAR, password_hash VARCHAR, roles VARCHAR, enabled BOOLEAN,
        created_ms BIGINT, changed_ms BIGINT
    );
    CREATE TABLE session (
        token_hash VARCHAR, user_name VARCHAR, created_ms BIGINT, seen_ms BIGINT, ip VARCHAR, agent VARCHAR
    );
    CREATE SEQUENCE audit_id;
    CREATE TABLE audit (
        id BIGINT DEFAULT nextval('audit_id'), at_ms BIGINT, who VARCHAR, action VARCHAR, target VARCHAR, detail JSON,
        ip VARCHAR
    );
    """,
    """
    CREATE TABLE embed_token (
        token_hash VARCHAR, id VARCHAR, name VARCHAR, layers VARCHAR, live BOOLEAN, origins VARCHAR, created_ms BIGINT,
        created_by VARCHAR, expires_ms BIGINT, revoked_ms BIGINT, used_ms BIGINT
    );
    """,
)
