"""A film of what people did at their browsers: one picture per step with its words beneath, as an animated WebP.

Playwright's own video needs a build of ffmpeg that Debian's Chromium doesn't bring; Pillow is here anyway.
"""

import io
import subprocess
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

ROLES = {
    "agent": "坐席",
    "dispatcher": "派单员",
    "unit": "承办单位",
    "unit_leader": "单位负责人",
    "follow_up": "回访员",
    "supervisor": "督办员",
}
WIDTH = 1120
BAR = 52
SHORTEST, LONGEST, PER_LETTER = 1500, 3600, 90
"""Milliseconds that a picture stands: as long as its words take to read."""
LAST = 4500
QUALITY = 88
INK, PAPER, MARK = "#ffffff", "#14213d", "#f2b134"


@dataclass
class Reel:
    """Pictures in the order of the story, with their times in milliseconds."""

    pictures: list[Image.Image] = field(default_factory=list)
    times: list[int] = field(default_factory=list)

    def add(self, png: bytes, who: str, words: str) -> None:
        """A picture of what the person sees, with who it is and what happens beneath it."""
        seen = Image.open(io.BytesIO(png)).convert("RGB")
        seen = seen.resize((WIDTH, round(seen.height * WIDTH / seen.width)), Image.Resampling.LANCZOS)
        picture = Image.new("RGB", (WIDTH, seen.height + BAR), PAPER)
        picture.paste(seen)
        pen = ImageDraw.Draw(picture)
        role = f"{len(self.pictures) + 1}  {ROLES.get(who, who)}"
        middle = seen.height + BAR // 2
        pen.text((20, middle), role, font=letters(22), fill=MARK, anchor="lm")
        pen.text((40 + pen.textlength(role, letters(22)), middle), words, font=letters(22), fill=INK, anchor="lm")
        self.pictures.append(picture)
        self.times.append(min(LONGEST, max(SHORTEST, PER_LETTER * (len(words) + 14))))

    def write(self, path: Path) -> None:
        """One animated WebP, shown again and again; it stays on its last picture for a while."""
        if self.pictures:
            first, *others = self.pictures
            times = [*self.times[:-1], LAST]
            first.save(path, save_all=True, append_images=others, duration=times, loop=0, quality=QUALITY, method=4)


@cache
def letters(size: int) -> ImageFont.FreeTypeFont:
    """A typeface of this machine that has simplified Chinese, as fontconfig names it."""
    asked = ["fc-match", "--format=%{file}\n%{index}", "sans-serif:lang=zh-cn:bold"]
    file, index = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split("\n")
    return ImageFont.truetype(file, size, int(index) & 0xFFFF)  # the upper half names a style of a variable typeface
