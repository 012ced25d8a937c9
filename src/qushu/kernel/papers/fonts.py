"""Fonts for what is drawn on the server: those of the centre first, then the machine's, then the free ones of the wheel."""

import os
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qushu.kernel.postgres import home

if TYPE_CHECKING:
    import typst

_LAST = ("Noto Serif CJK SC", "Noto Sans CJK SC")
FAMILIES: dict[str, tuple[str, ...]] = {
    "fang": ("FangSong_GB2312", "FangSong", "FZFangSong-Z02", "STFangsong", "FandolFang R", *_LAST),
    "kai": ("KaiTi_GB2312", "KaiTi", "FZKai-Z03", "STKaiti", "FandolKai", *_LAST),
    "hei": ("SimHei", "FZHei-B01", "STHeiti", "FandolHei", "Noto Sans CJK SC"),
    "song": ("SimSun", "FZShuSong-Z01", "STSong", "FandolSong", *_LAST),
    "title": ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "STZhongsong", "FandolSong", *_LAST),
}
"""The kinds of letters of a paper and the families that have them, the best first."""

FIGURE_LETTERS = 'font-family="SimHei, FandolHei, Noto Sans CJK SC" font-weight="300"'
"""Attributes of letters in an SVG figure. 300: the wheel's variable font is drawn hair-thin at 400 in an SVG."""


@cache
def font_folders() -> tuple[str, ...]:
    """The folders of QUSHU_FONTS that exist, and the one of the wheel."""
    named = os.environ.get("QUSHU_FONTS", str(home() / "fonts")).split(os.pathsep)
    wheel = Path(str(files("manimgx_fonts_cjk").joinpath("NotoSansCJK-VF.otf.ttc"))).parent
    return (*(folder for folder in named if folder and Path(folder).is_dir()), str(wheel))


@cache
def known_fonts() -> "typst.Fonts":
    """All fonts that can be used; looked up once in a process, for that takes half a second."""
    import typst  # slow to import, and few pages draw

    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=False, font_paths=list(font_folders()))


@cache
def chosen_families() -> dict[str, list[str]]:
    """The families of each kind that are there, the best first."""
    there = set(known_fonts().families())
    return {kind: [family for family in wanted if family in there] for kind, wanted in FAMILIES.items()}


def typeset(sources: dict[str, bytes], **options: Any) -> bytes:
    """What typst makes of the source `main` and the files beside it, in memory."""
    import typst  # see above

    return bytes(typst.compile(sources, font_paths=known_fonts(), **options))


def svg_to_png(svg: str, width_mm: float, dots: int = 200) -> bytes:
    """An SVG picture as PNG, so wide, with so many dots per inch; letters in the font that the SVG names."""
    page = f'#set page(width: {width_mm}mm, height: auto, margin: 0mm)\n#image("picture.svg", width: 100%)'
    return typeset({"main": page.encode(), "picture.svg": svg.encode()}, format="png", ppi=dots)
