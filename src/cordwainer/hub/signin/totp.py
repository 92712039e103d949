"""Second factor: codes that an app makes from a shared secret and the time (RFC 6238: SHA-1, 30 seconds, 6 digits)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import struct
import time
from urllib.parse import quote

STEP_S = 30
_DRIFT = 1


def new_secret() -> str:
    """Return a new secret of 160 bits in base 32."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def code_at(secret: str, step: int) -> str:
    """Return the code of a step of 30 seconds since 1970 (RFC 4226, section 5.3)."""
    mac = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()
    offset = mac[-1] & 15
    value = struct.unpack(">I", mac[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{value % 1_000_000:06d}"


def step_of(secret: str, code: str, last: int, now: float | None = None) -> int | None:
    """Return the step whose code this is: now, one before or one after, and later than the last one used; else None."""
    present = int(time.time() if now is None else now) // STEP_S
    for step in range(present - _DRIFT, present + _DRIFT + 1):
        if step > last and hmac.compare_digest(code_at(secret, step), code):
            return step
    return None


def address(secret: str, login: str) -> str:
    """Return the address that apps read the secret from."""
    return f"otpauth://totp/Cordwainer:{quote(login)}?secret={secret}&issuer=Cordwainer"
