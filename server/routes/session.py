"""Signing in and out, who am I, my password."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from server.access import COOKIE, Caller, Principal, Trail, address_of, public, requires
from server.accounts.sessions import csrf_of
from server.errors import NotSignedIn
from server.models.session import PasswordChange, SessionShape, SignIn
from server.services import Services, Use

router = APIRouter(prefix="/session", tags=["session"])


def _shape(caller: Principal) -> SessionShape:
    return SessionShape(
        user=caller.name,
        name=caller.display_name,
        roles=list(caller.roles),
        permissions=sorted(caller.permissions),
        csrf=csrf_of(caller.token),
    )


def _set_cookie(request: Request, response: Response, services: Services, token: str) -> None:
    response.set_cookie(
        COOKIE,
        token,
        max_age=services.settings.session_max_hours * 3600,
        path="/",
        secure=services.settings.secure_cookies or request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )


@router.post("", dependencies=[public("signing in comes before having a session")])
def sign_in(body: SignIn, request: Request, response: Response, use: Use) -> SessionShape:
    """Sign in: sets the session cookie and answers who you are."""
    ip = address_of(request)
    agent = request.headers.get("user-agent", "")
    try:
        user, token = use.accounts.sign_in(body.username, body.password, address=ip, agent=agent)
    except NotSignedIn:
        use.audit.write(body.username[:64], "session.refused", body.username[:64], {}, ip)
        raise
    if old := request.cookies.get(COOKIE):  # a new sign-in never continues an old session
        use.accounts.sessions.end(old)
    use.audit.write(user.name, "session.create", user.name, {}, ip)
    _set_cookie(request, response, use, token)
    return _shape(Principal(user.name, user.display_name, user.roles, user.permissions, ip, token))


@router.get("", dependencies=[requires("session.own")])
async def who_am_i(caller: Caller) -> SessionShape:
    """The signed-in user with roles, permissions and the CSRF value; 401 without a session."""
    return _shape(caller)


@router.delete("", status_code=204, dependencies=[requires("session.own")])
def sign_out(caller: Caller, use: Use, trail: Trail, response: Response) -> None:
    """End the session."""
    use.accounts.sessions.end(caller.token)
    trail.record("session.end", caller.name)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")


@router.post("/password", status_code=204, dependencies=[requires("session.own")])
def change_password(body: PasswordChange, caller: Caller, use: Use, trail: Trail) -> None:
    """Change one's own password; the user's other sessions end."""
    use.accounts.change_password(caller.name, body.old, body.new, address=caller.ip, keep_token=caller.token)
    trail.record("user.password", caller.name)
