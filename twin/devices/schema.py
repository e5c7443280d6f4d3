"""Tables of the devices in `park.duckdb`: what people decide lies with the users and the audit, what is measured in the history.

Times are epoch milliseconds. A change is DELETE + INSERT in one transaction of the write-ahead log: after a crash the
old row is there or the new one.
"""

from __future__ import annotations

MODULE = "devices"
MIGRATIONS = (
    """
    CREATE TABLE device (
        id VARCHAR, name VARCHAR, gid VARCHAR, kind VARCHAR, model VARCHAR, maker VARCHAR, serial VARCHAR,
        firmware VARCHAR, installed DATE, maintained DATE, maintain_every_days INTEGER, parent VARCHAR,
        connector VARCHAR, heartbeat_s DOUBLE, groups VARCHAR[], tags VARCHAR[], notes VARCHAR, state VARCHAR,
        created_ms BIGINT, changed_ms BIGINT, version INTEGER
    );
    CREATE SEQUENCE device_change_id;
    CREATE TABLE device_change (
        id BIGINT DEFAULT nextval('device_change_id'), device VARCHAR, at_ms BIGINT, who VARCHAR, action VARCHAR,
        detail JSON
    );
    CREATE TABLE device_credential (
        id VARCHAR, device VARCHAR, kind VARCHAR, user_name VARCHAR, hash VARCHAR, created_ms BIGINT,
        created_by VARCHAR, revoked_ms BIGINT, used_ms BIGINT
    );
    CREATE TABLE device_group (id VARCHAR, name VARCHAR, filter JSON, created_ms BIGINT, created_by VARCHAR);
    CREATE TABLE device_watch (started_ms BIGINT, seen_ms BIGINT);
    """,
)
COLUMNS = (
    "id", "name", "gid", "kind", "model", "maker", "serial", "firmware", "installed", "maintained",
    "maintain_every_days", "parent", "connector", "heartbeat_s", "groups", "tags", "notes", "state", "created_ms",
    "changed_ms", "version",
)  # fmt: skip
