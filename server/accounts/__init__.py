"""Local accounts: users, roles, passwords, sessions, and the audit of what they changed."""

from server.accounts.audit import AuditLog
from server.accounts.roles import Permission, Role
from server.accounts.store import AccountStore, User

__all__ = ["AccountStore", "AuditLog", "Permission", "Role", "User"]
