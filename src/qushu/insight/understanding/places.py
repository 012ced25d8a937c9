"""Places that a text names: streets and communities of the tree, estates, roads and companies, known or by their look.

A name ends in a word that says what it is (小区, 路, 公司); where it begins, only experience tells. So names are learned
from past texts: one that stands after many different words is a name, one that nearly always follows the same word is
the end of a longer name (in the manner of left entropy in new-word finding). Pure: no database, no clock.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import rjieba

from qushu.kernel.text import tidy

ENDINGS: Final = {
    "estate": "小区|花园|家园|花苑|公寓|公馆|新村|名苑|华府|名都|名城|豪庭|雅苑|佳苑|嘉园|新城|山庄|大厦|广场|还建楼|安置房",
    "road": "大道|大街|高架|立交|隧道|大桥|路|街|巷",
    "company": "有限公司|公司|集团|医院|幼儿园|小学|中学|大学|学院|超市|酒店|饭店|商场|菜场|市场|物业|工地|银行|健身房|KTV",
}
LONGEST: Final = 10
"""Characters before the ending that belong to a name at most."""
_SHORTEST: Final = 2
_ENDING: Final = {
    kind: re.compile(f"(?:{words})(?![段面边灯况上人过线程标牌障由道坊头子])") for kind, words in ENDINGS.items()
}
_NOT_IN_NAMES: Final = re.compile(
    r"[^\u4e00-\u9fffA-Za-z0-9·]|[的了是在到从往向和与及有对把被让其该这那我你他她们说称请或于为住至由因过找去走乘坐再又很已刚还没每多起穿号栋]"
    r"|反映|来电|市民|居民|附近|旁边|对面|门口|位于|投诉|举报|咨询|街道|社区|小区$|前面|后面|本人|目前|现在"
)
_COMMON_STEMS: Final = frozenset(
    ["整个", "老旧", "住宅", "城市", "居住", "公共", "一个", "两个", "多个", "商业", "建筑", "房地产", "开发", "物业",
     "附属", "农贸", "大型", "便民", "社会", "马", "公", "道", "半", "十字", "主干", "人行", "过街", "步行", "非机动车",
     "机动车", "快速", "高速", "地下", "外地", "本地", "第一", "保险", "房产", "物流", "快递", "装修", "施工", "所在",
     "各大", "周边", "沿", "临", "中", "铁", "网", "线", "电", "水", "思", "走", "修", "堵", "迷", "上", "逛"]
)  # fmt: skip
_ENDS_OF_AREAS: Final = frozenset("道区市县镇乡街号栋幢")
_ENDING_WORD: Final = re.compile("|".join(ENDINGS.values()))
_NO_ROAD: Final = re.compile(r"[堵跑修铺让封问带迷走上绕逛养占拦改铁公马线网水电纹思断活指路道]路$|当街$")
"""What ends like a road and is none: 拉横幅堵路, 关门跑路, 公交线路."""
_TELLING: Final = frozenset(["nr", "nrt", "nrfg", "ns", "nt", "nz", "x", "eng", "j", "i", "l"])
"""Tags of words that call one thing by its name. One of them is in the name of an estate or a company."""
_PLACE_IN_A_ROW: Final = frozenset(["m", "f", "t", "ng", "vn"])
_OF_NAMES: Final = {
    "road": _TELLING | _PLACE_IN_A_ROW | {"n"},
    "estate": _TELLING | {"n", "vn"},
    "company": _TELLING | {"n", "vn"},
}
"""Tags of words that may stand in a name nobody learned, by its kind."""
_COUNTED: Final = re.compile("[两几多0-9]|[一二三四五六七八九十百]+[^一二三四五六七八九十百]")
_CHINESE: Final = re.compile("[\u4e00-\u9fff]")
_AFTER_AREA: Final = re.compile(r"^.*[区市县镇]")
_GENERAL: Final = 0.5
_SEEN_AT_LEAST: Final = 5
_MOSTLY: Final = 0.6
_AGREED: Final = 0.8
"""Of the cases that have a name so many must lie in one street before the name tells the street."""


@dataclass(frozen=True)
class Known:
    """A learned name: its kind, in how many cases it stood, where most of them lay, the share that did."""

    kind: str
    cases: int
    street: int | None = None
    agreed: float = 0.0


@dataclass(frozen=True)
class Place:
    """A place that a text names; `certain`: known from the tree or from past cases, else guessed by its look."""

    kind: str
    name: str
    start: int
    certain: bool
    area: int | None = None

    def same_as(self, other: "Place") -> bool:
        """Whether both are one place: called the same, or the same area by its long and its short name."""
        return self.name == other.name or (
            self.kind == other.kind in ("street", "community") and self.area == other.area
        )


@dataclass(frozen=True)
class Gazetteer:
    """Names to look for: areas by name (street or community and id; None where two have it), and learned names."""

    areas: Mapping[str, tuple[str, int] | None]
    learned: Mapping[str, Known]

    def find(self, text: str) -> list[Place]:
        """The places in the order of the text; where two overlap the longer one, each name once."""
        plain = tidy(text)
        found = [*self._areas_in(plain), *self._ending_in(plain)]
        found.sort(key=lambda one: (not one.certain, -len(one.name), one.start))
        taken: list[Place] = []
        for one in found:
            apart = all(one.start >= o.start + len(o.name) or o.start >= one.start + len(one.name) for o in taken)
            if apart and not any(one.same_as(other) for other in taken):
                taken.append(one)
        return sorted(taken, key=lambda one: one.start)

    def _areas_in(self, text: str) -> Iterator[Place]:
        longest = max(map(len, self.areas), default=0)
        for start in range(len(text)):
            for size in range(min(longest, len(text) - start), 1, -1):
                area = self.areas.get(text[start : start + size])
                if area is not None:
                    yield Place(area[0], text[start : start + size], start, True, area[1])
                    break

    def _ending_in(self, text: str) -> Iterator[Place]:
        for kind, ending in _ENDING.items():
            for match in ending.finditer(text):
                names = [name for name in _candidates(text, match) if name in self.learned]
                if names:
                    known = self.learned[names[-1]]
                    street = known.street if known.agreed >= _AGREED else None
                    yield Place(known.kind, names[-1], match.end() - len(names[-1]), True, street)
                elif guess := _by_look(text, match):
                    yield Place(kind, guess, match.end() - len(guess), False)


def _candidates(text: str, ending: re.Match[str]) -> Iterator[str]:
    """What may be the name that ends here, from the shortest to the longest."""
    for start in range(ending.start() - 1, max(-1, ending.start() - LONGEST - 1), -1):
        name = text[start : ending.end()]
        stem = text[start : ending.start()]
        if _NOT_IN_NAMES.search(stem):
            return
        if len(stem) >= _SHORTEST and stem not in _COMMON_STEMS and stem[0] not in _ENDS_OF_AREAS:
            yield name


def _by_look(text: str, ending: re.Match[str]) -> str:
    """A name that nobody learned: of the last two words before its ending those that may be of a name, if one calls it by name.

    A road's name may be an ordinary word (火炬路), and so may what stands before 有限公司.
    """
    kind = next(kind for kind, one in _ENDING.items() if one is ending.re)
    stem, telling = "", kind == "road" or ending[0] == "有限公司"
    for word, tag in reversed(_words_before(text, ending)[-2:]):
        if tag not in _OF_NAMES[kind] or (tag == "m" and _COUNTED.match(word)) or (tag == "j" and len(word) == 1):
            break
        if _NOT_IN_NAMES.search(word) or _ENDING_WORD.fullmatch(word) or len(word + stem) > LONGEST:
            break
        stem = word + stem
        telling = telling or tag in _TELLING
    stem = _AFTER_AREA.sub("", stem)
    if len(stem) < _SHORTEST or stem in _COMMON_STEMS or not telling or not _CHINESE.search(stem):
        return ""
    return "" if _NO_ROAD.search(stem + ending[0]) else stem + ending[0]


def _words_before(text: str, ending: re.Match[str]) -> list[tuple[str, str]]:
    """The words before an ending with their tags; of one that goes on into it (建设银行) what stands before it."""
    first = max(0, ending.start() - LONGEST)
    found, at = [], first
    for word, tag in rjieba.tag(text[first : ending.end()]):
        if at < ending.start():
            found.append((word[: ending.start() - at], tag))
        at += len(word)
    return found


def learn_names(texts: Iterable[tuple[str, int | None]]) -> dict[str, Known]:
    """Names of estates, roads and companies in these texts, each with the street of its case (or None).

    A name is kept when at least five cases have it and no single longer name stands for most of them. An estate or a
    company that lies in no street mostly is a kind of place (实验小学), not one.
    """
    seen: Counter[str] = Counter()
    kinds: dict[str, str] = {}
    streets: dict[str, Counter[int]] = defaultdict(Counter)
    for text, street in texts:
        for name, kind in _all_candidates(tidy(text)).items():
            seen[name] += 1
            kinds[name] = kind
            if street is not None:
                streets[name][street] += 1
    longer: Counter[str] = Counter()
    for name, count in seen.items():
        longer[name[1:]] = max(longer[name[1:]], count)
    kept = (name for name, count in seen.items() if count >= _SEEN_AT_LEAST and longer[name] < _MOSTLY * count)
    found = {name: _known(kinds[name], seen[name], streets.get(name)) for name in kept}
    return {name: one for name, one in found.items() if one.kind == "road" or one.agreed >= _GENERAL or not streets}


def _all_candidates(text: str) -> dict[str, str]:
    return {
        name: kind
        for kind, ending in _ENDING.items()
        for match in ending.finditer(text)
        for name in _candidates(text, match)
    }


def _known(kind: str, cases: int, streets: Counter[int] | None) -> Known:
    if not streets:
        return Known(kind, cases)
    street, count = streets.most_common(1)[0]
    return Known(kind, cases, street, count / streets.total())
