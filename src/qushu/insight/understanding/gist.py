"""What a text is about and what is wanted, each in a sentence of its own words: the matter, and the wish.

Nothing is written anew: sentences are chosen and cut, so nothing can be invented. Pure.
"""

import re
from dataclasses import dataclass
from typing import Final

from qushu.kernel.personal import mask_free_text
from qushu.kernel.text import tidy

LONGEST: Final = 60
_SENTENCE: Final = re.compile(r"[^。！？!?；;\n]+[。！？!?；;\n]*")
_OPENING: Final = re.compile(
    r"^(?:(?:市民|游客|网友|群众|居民|村民|业主)[A-Za-z\u4e00-\u9fff]{0,5}(?:反映|反应|反馈|咨询|投诉|求助|举报|建议)[:：]|[\u4e00-\u9fff*]{1,3}(?:先生|女士|小姐|同志)(?=来电|来信|反映|称|咨询|投诉)|喂|您好|你好|尊敬的[^，,：:]{1,12}|领导好?|各位领导"
    r"|(?:市民|居民|业主|群众|网友)(?=来电|来信|来访|微信|网上|公众号|反映|反应|投诉|咨询|求助|举报|称|表示)|市民|来电人|来信人|反映人|其(?:是|于)?|本人|我(?!们|家|市|区|国|省)"
    r"|(?:通过(?:城市平台|平台|微信|网上信箱|公众号))?(?:来电|来信|微信|网上|公众号|随手|想)?(?:反映|反应|咨询|投诉|求助|举报|建议|表扬)(?:一下|一?个问题)?(?:称|如下|说)?"
    r"|(?:来电|来信|平台转办)(?=[，,：:称])|诉求内容|工单内容|称|表示|说|想问一下|请问|[，,：:。、\s])+"
)
_OPENING_BEFORE_WHO: Final = re.compile(
    r"^(?:(?:市民|游客|网友|群众|居民|业主|来电人)?[A-Za-z\u4e00-\u9fff]{0,5}(?:反映|反应|咨询|投诉|求助|举报)[:：，,\s]*|尊敬的[^，,：:]{1,12}[，,：:]|您好|你好|[，,：:、\s])+"
)
_WISH: Final = re.compile(
    r"(?:希望|请求|(?<![按照合的])要求|(?<![申邀聘])请(?!问)|恳请|恳求|望(?!见|着|去)|盼|建议|诉求(?:是|为|：|:)|需要(?:相关)?部门|想(?:咨询|了解|知道|问))"
    r"[^。！？!?；;\n]*"
)
_THANKS: Final = re.compile(r"(?:[，,]?\s*(?:谢谢|感谢|多谢|辛苦了)[^，,。]*)+$")
_EMPTY: Final = re.compile(r"^(?:您好|你好|谢谢|感谢|辛苦|喂)[^，,]{0,6}$")
_ANSWERED: Final = re.compile(r"(?:答复|回复)[:：].*?(?=市民(?:再次)?来电|$)", re.DOTALL)
"""What an office wrote back, up to the citizen's next call: neither a matter nor a wish."""
_WHO: Final = re.compile(
    r"(?:(?:我们?|其|本人)?(?:是|系).{1,40}?(?:业主|住户|居民|村民|市民|家长|员工|职工|学生|租户|租客|车主|商户|[\u4e00-\u9fff]\*{1,3})"
    r"|(?:联系)?(?:电话|手机号?|方式|身份证号?)[码是为:：\s]*[\dXx*-]+|.{0,6}(?:感谢|谢谢).*(?:百忙|聆听|倾听|阅读|关注).*)"
)
"""A clause that only says who writes, how to reach them, or thanks."""
_TRAILING: Final = re.compile(
    r"(?:[，,]\s*(?:故|特|现|因此|所以|遂|先|并|其|想)?(?:来电|致电|来信)?(?:反映|咨询|投诉|求助|其|故|现|先)?)+$"
)


@dataclass(frozen=True)
class Gist:
    """The matter and the wish; either may be empty when the text says none. Personal data is masked."""

    matter: str
    wish: str


def gist_of(text: str) -> Gist:
    """The first sentence that says something, without greeting and "市民来电反映"; the last sentence that asks for something."""
    plain = re.sub(r"[ \t]+", " ", mask_free_text(tidy(text))).split("工单内容：")[-1]
    plain = _ANSWERED.sub("", plain)
    sentences = [match[0].strip() for match in _SENTENCE.finditer(plain) if match[0].strip()]
    wish_at, wish = _wish(sentences)
    matter = next((found for at, one in enumerate(sentences) if (found := _matter(one, at == wish_at))), "")
    return Gist(_cut(matter or wish), _cut(wish) if matter and wish != matter else "")


def _matter(sentence: str, holds_wish: bool) -> str:
    if holds_wish:
        sentence = _WISH.sub("", sentence, count=1)
    stripped = _OPENING.sub("", _without_who(sentence)).strip("，,。；;：:、！!？? ")
    stripped = _TRAILING.sub("", stripped)
    return "" if len(stripped) < 4 or _EMPTY.match(stripped) else stripped


def _without_who(sentence: str) -> str:
    """The sentence from its first clause on that says more than who writes; where all of it fits, only without names and numbers."""
    clauses, fits = re.split(r"(?<=[，,])", sentence), len(sentence) <= LONGEST
    while clauses and _WHO.fullmatch(_OPENING_BEFORE_WHO.sub("", clauses[0]).strip("，,。；;！!？? ")):
        if fits and len(clauses) > 1 and "*" not in clauses[0]:
            break
        clauses.pop(0)
    return "".join(clauses)


def _wish(sentences: list[str]) -> tuple[int, str]:
    for at in range(len(sentences) - 1, -1, -1):
        found = _WISH.search(sentences[at])
        if found and len(said := _THANKS.sub("", found[0]).strip("，,。；;！! ")) >= 4:
            return at, said
    return -1, ""


def _cut(sentence: str) -> str:
    """At most LONGEST characters, cut after a clause where there is one."""
    if len(sentence) <= LONGEST:
        return sentence
    clause = max(sentence.rfind(mark, LONGEST // 2, LONGEST) for mark in "，,、；;")
    return sentence[: clause if clause > 0 else LONGEST - 1] + "…"
