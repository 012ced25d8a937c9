"""A captcha of our own: a picture of five characters, or a sum in words for those who can't see it.

The answer follows from the token's nonce and the server's key; it is neither stored nor sent. A token is good for one
try within ten minutes.
"""

import hmac
import math
import random
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO

from django.conf import settings
from django.core import signing
from django.utils.crypto import salted_hmac
from PIL import Image, ImageDraw, ImageFont

from .limits import use_once

ALPHABET = "ACDEFHJKLMNPRTUVWXY347"
"""Without look-alikes: no 0 O Q, 1 I, 2 Z, 5 S, 6 G, 8 B, 9."""

LENGTH = 5
GOOD_FOR = timedelta(minutes=10)
SALT = "qushu.people.captcha"
DIGITS = "零一二三四五六七八九"
WIDTH, HEIGHT, LETTER = 180, 60, 34


@dataclass(frozen=True)
class Captcha:
    """What a form shows: the signed token (a hidden field) and, when it is a sum, the question."""

    token: str
    question: str


def picture_captcha(now: datetime) -> Captcha:
    """A new picture; draw it with `draw_captcha(token, now)`."""
    return Captcha(_token("picture", now), "")


def sum_captcha(now: datetime) -> Captcha:
    """A new sum, e.g. “三加四等于几”."""
    token = _token("sum", now)
    return Captcha(token, _question(_read(token, now)))


def shown_again(token: str, now: datetime) -> Captcha | None:
    """The captcha of a token that was not answered yet, to be shown once more; None when it is invented or expired."""
    said = _read(token, now)
    return Captcha(token, _question(said)) if said else None


def answered(token: str, answer: str, now: datetime) -> bool:
    """Whether the answer is right. The token is used up either way: a wrong answer needs a new captcha."""
    said = _read(token, now)
    if not said or not use_once(f"captcha:{said['n']}", datetime.fromtimestamp(said["e"], now.tzinfo)):
        return False
    return hmac.compare_digest(_plain(answer).encode(), _answer(said).encode())


def draw_captcha(token: str, now: datetime) -> bytes | None:
    """The picture as PNG, 180 × 60; None when the token is none of ours, expired or a sum.

    The same token is always drawn alike, so that fetching it often gives nothing to average.
    """
    said = _read(token, now)
    if not said or said["k"] != "picture":
        return None
    # Not for secrecy: only so that one token always has one picture.
    rng = random.Random(salted_hmac(SALT, f"noise:{said['n']}").hexdigest())
    image = _wave(_letters(_answer(said), rng), rng)
    _scribble(image, rng)
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def _token(kind: str, now: datetime) -> str:
    return signing.dumps({"k": kind, "n": secrets.token_hex(12), "e": int((now + GOOD_FOR).timestamp())}, salt=SALT)


def _read(token: str, now: datetime) -> dict:
    try:
        said: dict = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return {}
    return said if said["e"] > now.timestamp() else {}


def _bytes_of(nonce: str) -> bytes:
    return salted_hmac(SALT, f"answer:{nonce}", secret=settings.SECRET_KEY, algorithm="sha256").digest()


def _terms(nonce: str) -> tuple[int, int]:
    left, right, *_ = _bytes_of(nonce)
    return left % 9 + 1, right % 9 + 1


def _question(said: dict) -> str:
    if said["k"] != "sum":
        return ""
    left, right = _terms(said["n"])
    return f"{DIGITS[left]}加{DIGITS[right]}等于几"


def _answer(said: dict) -> str:
    if said["k"] == "sum":
        return str(sum(_terms(said["n"])))
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in _bytes_of(said["n"])[:LENGTH])


def _plain(answer: str) -> str:
    """An answer as people may type it: lower case, full width, spaces, Chinese numerals up to 十八."""
    answer = "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in answer if not c.isspace()).upper()
    if answer and all(c in DIGITS + "十" for c in answer):
        tens, ten, ones = answer.rpartition("十")
        value = (DIGITS.index(tens) if tens in DIGITS and tens else 1) * 10 if ten else 0
        return str(value + (DIGITS.index(ones) if len(ones) == 1 else 0))
    return answer


def _letters(text: str, rng: random.Random) -> Image.Image:
    image = Image.new("L", (WIDTH, HEIGHT), 255)
    font = ImageFont.load_default(LETTER)
    step = (WIDTH - 24) / len(text)
    for place, letter in enumerate(text):
        tile = Image.new("L", (LETTER + 14, LETTER + 14), 0)
        ImageDraw.Draw(tile).text((7, 3), letter, font=font, fill=255)
        tile = tile.rotate(rng.uniform(-24, 24), resample=Image.Resampling.BICUBIC)
        at = (int(8 + place * step + rng.uniform(-2, 2)), int(rng.uniform(2, 12)))
        image.paste(int(rng.uniform(20, 90)), at, tile)
    return image


def _wave(image: Image.Image, rng: random.Random) -> Image.Image:
    """Bend the picture: each column slides up or down along a sine of random height and length."""
    bent = Image.new("L", image.size, 255)
    height, length, start = rng.uniform(2, 4), rng.uniform(28, 46), rng.uniform(0, 6)
    for x in range(WIDTH):
        column = image.crop((x, 0, x + 1, HEIGHT))
        bent.paste(column, (x, int(height * math.sin(x / length * 2 * math.pi + start))))
    return bent


def _scribble(image: Image.Image, rng: random.Random) -> None:
    draw = ImageDraw.Draw(image)
    for _ in range(3):
        ends = [(rng.uniform(0, WIDTH), rng.uniform(0, HEIGHT)) for _ in range(2)]
        draw.line(ends, fill=int(rng.uniform(60, 140)), width=2)
    for _ in range(260):
        draw.point((rng.uniform(0, WIDTH), rng.uniform(0, HEIGHT)), fill=int(rng.uniform(40, 170)))
