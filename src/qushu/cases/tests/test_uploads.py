"""Files that people attach: judged by their content, images painted again."""

import io

import pytest
from PIL import Image

from qushu.cases.actions.keeping import LARGEST_FILE, LARGEST_IMAGE_PIXELS, examine
from qushu.kernel.errors import Refused


def image(form: str, size: tuple[int, int] = (8, 8), mode: str = "RGB", **more: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, form, **more)
    return out.getvalue()


def test_a_photo_with_a_second_picture_in_it_is_kept_as_one() -> None:
    data = image("MPO", save_all=True, append_images=[Image.new("RGB", (8, 8), "red")])
    _, suffix, clean = examine("手机.jpg", data)
    assert suffix == ".jpg" and Image.open(io.BytesIO(clean)).format == "JPEG"


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("页面.png", b"<html><script>alert(1)</script></html>", "不是可以接收的类型"),
        ("程序.jpg", b"MZ" + bytes(512), "不是可以接收的类型"),
        ("半张.png", image("PNG", (64, 64))[:60], "打不开"),
        ("巨图.png", image("PNG", (LARGEST_IMAGE_PIXELS // 1000 + 1, 1000), "1"), "像素过大"),
        ("太大.pdf", b"%PDF-1.7" + bytes(LARGEST_FILE), "超过"),
    ],
)
def test_what_may_not_be_kept_is_refused_in_words(name: str, data: bytes, why: str) -> None:
    with pytest.raises(Refused, match=why):
        examine(name, data)
