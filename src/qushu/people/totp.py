"""One-time codes (RFC 6238, 30 seconds, 6 digits) as a second step of login, for those who switch it on."""

from datetime import datetime, timedelta
from io import BytesIO

import pyotp
import segno
from django.conf import settings

from qushu.kernel.crypto import vault

from .limits import use_once
from .models import Account, totp_context

STEP = 30


def new_secret() -> str:
    """A fresh secret in base32, 160 bits."""
    return pyotp.random_base32()


def seal_secret(account: Account, secret: str) -> bytes:
    """The secret as it is stored; bound to the account, so that a copied column opens nothing."""
    return vault().seal(secret, totp_context(account.pk))


def open_secret(account: Account, sealed: bytes) -> str:
    """The secret from its stored form."""
    return vault().open(bytes(sealed), totp_context(account.pk))


def address_for_app(account: Account, secret: str) -> str:
    """The otpauth:// address that authenticator apps read."""
    issuer = f"区枢 {settings.QUSHU_DISTRICT}"
    return pyotp.TOTP(secret).provisioning_uri(name=account.username, issuer_name=issuer)


def qr_svg(text: str) -> bytes:
    """A QR code of the text as a stand-alone SVG without style attributes."""
    file = BytesIO()
    segno.make(text, error="m").save(file, kind="svg", scale=5, border=2, xmldecl=True, svgclass=None, lineclass=None)
    return file.getvalue()


def code_fits(account: Account, secret: str, code: str, now: datetime) -> bool:
    """Whether the code is right now, or one step off either way, and was not used before (RFC 6238, 5.2)."""
    code = code.replace(" ", "")
    clock = pyotp.TOTP(secret, interval=STEP)
    for drift in (0, -1, 1):
        moment = now + timedelta(seconds=STEP * drift)
        if pyotp.utils.strings_equal(code, clock.at(moment)):
            step = int(moment.timestamp()) // STEP
            return use_once(f"totp:{account.pk}:{step}", now + timedelta(seconds=STEP * 4))
    return False
