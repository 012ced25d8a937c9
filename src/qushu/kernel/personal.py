"""Personal data as people write it: phone numbers in one form, and masks that leave enough to recognise one's own."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_MOBILE: Final = re.compile(r"1[3-9]\d{9}")
_HONORIFICS = ("先生", "女士", "小姐", "同志", "师傅", "老师")
_AREA_END: Final = re.compile(r"街道|社区|镇|乡|大道|路|街")
_DISTRICT_END: Final = re.compile(r"(?<!小)[区县]|市(?!.*(?<!小)[区县])")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_WIDE = "０１２３４５６７８９Ｘｘ＋－—–　＠．（）"
_HALF_WIDTH = str.maketrans(_WIDE, "0123456789Xx+--- @.()")
_ANY_WIDE: Final = re.compile(f"[{_WIDE}]")

_EMAIL: Final = re.compile(
    r"(?<![\w.+-])([A-Za-z0-9])[\w.+-]{0,63}(@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4})", re.ASCII
)
_ID_CARD: Final = re.compile(r"(?<!\d)\d{17}[\dXx](?![\dA-Za-z])")
_CARD: Final = re.compile(r"(?<!\d)\d(?:[ -]?\d){14,18}(?!\d)")
_PHONE: Final = re.compile(
    r"(?<!\d)(?:(?:\+|00)86[ -]?)?"
    r"(?:0?1[3-9]\d[ -]?\d{4}[ -]?\d{4}|\(?0(?:10|2\d|[3-9]\d{2})\)?[ -]?[2-9]\d{2,3}[ -]?\d{4})(?!\d)"
)
_SURNAME: Final = (
    "(?:欧阳|上官|司马|诸葛|司徒|东方|夏侯|皇甫|尉迟|公孙|慕容|令狐|[王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭"
    "曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金廖贾夏韦付傅邹熊孟秦邱阎薛侯雷龙段郝孔邵史毛常万顾赖武康贺严尹钱施牛洪龚汤陶黎温"
    "莫易樊乔文安殷颜庄章鲁倪庞邢俞翟蓝聂齐葛柴伍覃骆关焦柳欧祝纪尚毕耿芦左季管])"
)
_BEFORE_NAMES: Final = (
    "姓名", "联系人", "当事人", "户主", "房东", "反映人", "投诉人", "来电人", "来信人", "本人", "我叫", "我是", "名叫", "名字叫", "叫做",
)  # fmt: skip
_GIVEN: Final = "(?:(?![的了是在这那不我你他她们个局])[\u4e00-\u9fff])"
_NAMED: Final = re.compile(
    f"((?:{'|'.join(_BEFORE_NAMES)})(?:[:：是为叫]|\\s)*)"
    f"({_SURNAME}{_GIVEN}{{1,2}})(?=[,，。;；、.()（）\\s\\d]|先生|女士|电话|手机|身份证|$)"
)
_ADDRESSED: Final = re.compile(
    f"{_SURNAME}{_GIVEN}{{1,2}}(?:先生|女士|小姐|同志)|(?<![\u4e00-\u9fff]){_SURNAME}{_GIVEN}(?:师傅|老师)"
)
# Surnames that begin no ordinary word but those named here, and what stands behind a surname without being a name.
_SURE_NAME: Final = (
    "(?!胡乱|周[边围末一二三四五六日]|张贴|陈[旧述列]|杜绝|黄[色灯线]|林[业地木场带]|叶子|孙子|王者|苏打|丁字|罗列|唐突|梁柱)"
    "(?:欧阳|上官|司马|诸葛|司徒|夏侯|皇甫|尉迟|公孙|慕容|令狐|[王李张刘陈杨赵吴周徐孙朱胡郭罗郑梁宋唐韩冯邓曹彭肖董袁潘蒋蔡杜苏魏吕沈姚卢姜崔谭汪"
    f"廖贾韦傅邹熊孟秦邱阎薛侯郝邵龚陶黎樊乔庄鲁倪邢俞翟聂葛伍覃骆耿林黄丁叶])(?![家姓某]){_GIVEN}{{1,2}}"
    "(?<![村湾庄镇路街桥店厂院所站县市区墩嘴口总工哥姐嫂叔伯爷婆妈])"
    "(?<!经理|老板|主任|医生|书记|科长|局长|所长|院长|校长|队长|站长|店长|村长|镇长|区长|组长|律师|教授|师傅|老师|先生|女士|小姐|同志|警官|队员)"
)
_ROLES: Final = (
    "市民", "居民", "业主", "村民", "群众", "职工", "员工", "患者", "租户", "车主", "住户", "家长", "考生",
)  # fmt: skip
_IN_A_ROLE: Final = re.compile(
    f"({'|'.join(_ROLES)})({_SURE_NAME})(?=[,，、。;；()（）\\s]|来电|反映|投诉|咨询|致电|电话|身份证|$)"
)
_BESIDE_NAMES: Final = ("电话", "手机", "联系方式", "身份证", "男", "女")
_BESIDE: Final = re.compile(
    f"(?:(?<![\u4e00-\u9fff])|(?<=的)){_SURE_NAME}"
    "(?=[,，、:：(（\\s]{0,2}(?:(?:联系)?(?:电话|手机|方式)|身份证|1[3-9]\\d{9}|[男女][,，、。;；)）\\s]))"
)
_PLATE_BEGINS: Final = re.compile("[A-HJ-NP-Z][· -]?[A-HJ-NP-Z0-9]")
_PLATE: Final = re.compile(
    "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][· -]?[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳]"
    "(?![A-Za-z0-9])"
)
_THREE_DIGITS: Final = re.compile(r"\d[ -]?\d[ -]?\d")
_SEVEN_DIGITS: Final = re.compile(r"\d(?:[ -]?\d){6}")
_ROOM: Final = re.compile(r"((?:单元|栋|幢|号楼|座)[ -]?)\d{3,4}((?:室|号房|房|号)?)(?!\d)")
_NAMED_PHONE: Final = re.compile(
    r"((?:电话|座机|固话|热线|号码|手机|致电|联系)[^\d\n]{0,6})(\d{3,4}[ -]?\d{4})(?![ -]?\d)"
)


def normalise_phone(text: str) -> str:
    """A phone number as digits, however it was written; "" when there is none.

    +86, 0086, blanks, dashes, brackets, full-width digits and the 0 before a mobile number go; an area code stays in
    front (027-8484 1234 → 02784841234), an extension (转 801) goes, a foreign number keeps its +.
    """
    if len(text) == 11 and text[0] == "1" and text.isascii() and text.isdigit():
        return text  # nearly all of them
    text = unicodedata.normalize("NFKC", text).strip()
    text = re.split(r"转|分机|ext|#", text, maxsplit=1, flags=re.IGNORECASE)[0]
    digits = re.sub(r"[^0-9]", "", text)
    if re.sub(r"[\s()+./\-‐–—]", "", text) != digits or not 3 <= len(digits) <= 17:
        return ""
    foreign = text.startswith("+") or digits.startswith("00")
    bare = digits.removeprefix("00")
    if foreign and not bare.startswith("86"):
        return f"+{bare}"
    if foreign or (len(bare) == 13 and _MOBILE.fullmatch(bare[2:]) and bare.startswith("86")):
        bare = bare[2:]
        return bare if _MOBILE.fullmatch(bare) or bare.startswith("0") else f"0{bare}"
    return bare[1:] if bare.startswith("0") and _MOBILE.fullmatch(bare[1:]) else bare


def mask_phone(phone: str) -> str:
    """138****5678; a landline keeps its area code and the last four digits, a short number nothing but its length."""
    digits = normalise_phone(phone)
    if not digits:
        return "*" * min(len(phone.strip()), 8)
    if len(digits) >= 11:
        return f"{digits[:3]}****{digits[-4:]}"
    if len(digits) >= 7:
        return f"{digits[:2]}****{digits[-2:]}"
    return "*" * len(digits)


def mask_name(name: str) -> str:
    """张三丰 → 张**. A form of address stays: 张三先生 → 张*先生, 李女士 → 李女士. No more than three stars."""
    name = name.strip()
    for honorific in _HONORIFICS:
        if name.endswith(honorific) and len(name) > len(honorific):
            return mask_name(name.removesuffix(honorific)) + honorific
    return name[:1] + "*" * min(len(name) - 1, 3)


def mask_id(number: str) -> str:
    """An identity number with its first three and last four characters; a short one only with its length."""
    number = number.strip()
    if len(number) < 12:
        return "*" * len(number)
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"


def mask_address(address: str) -> str:
    """An address down to its street (街道, 社区, 路); the rest is hidden, however long it was."""
    address = address.strip()
    end = _AREA_END.search(address) or _DISTRICT_END.search(address)
    kept = address[: end.end()] if end else address[:2]
    return kept if kept == address else f"{kept}****"


def mask_email(address: str) -> str:
    """z***@example.org: the first character and where it is kept."""
    name, at, place = address.strip().partition("@")
    return f"{name[:1]}***{at}{place}" if name else ""


def is_id_number(number: str) -> bool:
    """Whether 18 characters are an identity number by their check digit (GB 11643-1999)."""
    number = number.upper()
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _ID_WEIGHTS, strict=False))
    return _ID_CHECKS[total % 11] == number[-1]


def is_card_number(digits: str) -> bool:
    """Whether 15 to 19 digits are a bank card's by their check digit (ISO/IEC 7812-1, annex B)."""
    if not re.fullmatch(r"[0-9]{15,19}", digits):
        return False
    doubled = (int(digit) * (1 + position % 2) for position, digit in enumerate(reversed(digits)))
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0


@dataclass(frozen=True)
class Personal:
    """Personal data found in free text: what kind, where (from, to), and how it is shown."""

    kind: str
    start: int
    end: int
    masked: str


def find_personal(text: str) -> list[Personal]:
    """Identity numbers, bank cards, phones, mail addresses, licence plates, names and rooms in free text, in its order.

    A long number is only taken for an identity or a card number when its check digit fits, so case numbers stay. A name
    is taken for one after 姓名, 联系人, 我叫 … or before 先生, 女士 …; with a surname that begins no ordinary word also
    before a phone, an identity number or a sex (张三，电话138…；张三，男，) and after 居民, 业主 … A surname alone (李女士)
    and a surname with a post (王经理) stay. Full-width signs are read as the others.
    """
    # One character for one: what is found has the same place in the text.
    plain = text.translate(_HALF_WIDTH) if _ANY_WIDE.search(text) else text
    signs = _signs_in(plain)
    taken = bytearray(len(text))
    found: list[Personal] = []
    for kind, sign, pattern, mask in _FINDERS:
        if sign not in signs:
            continue
        for match in pattern.finditer(plain):
            start, end = match.span()
            masked = "" if any(taken[start:end]) else mask(match)
            if masked and masked != match[0]:
                found.append(Personal(kind, start, end, masked))
                taken[start:end] = b"\1" * (end - start)
    return sorted(found, key=lambda one: one.start)


def holds_number(text: str) -> bool:
    """Whether a text holds a number that leads to somebody: nothing is searched for by it."""
    return any(one.kind in _NUMBERS for one in find_personal(text))


def mask_free_text(text: str) -> str:
    """Free text with everything that `find_personal` finds masked."""
    parts: list[str] = []
    done = 0
    for one in find_personal(text):
        parts += [text[done : one.start], one.masked]
        done = one.end
    return "".join(parts) + text[done:]


def _signs_in(text: str) -> list[str]:
    """Which signs a text has: without its own a finder needn't look. Most titles have none, and lists mask many."""
    signs = []
    if _THREE_DIGITS.search(text):
        signs.append("digits")
        if _SEVEN_DIGITS.search(text):
            signs.append("number")
    if "@" in text:
        signs.append("@")
    if _PLATE_BEGINS.search(text):
        signs.append("plate")
    if any(word in text for word in _BEFORE_NAMES):
        signs.append("named")
    if any(word in text for word in _HONORIFICS):
        signs.append("addressed")
    if any(word in text for word in _ROLES):
        signs.append("role")
    if any(word in text for word in _BESIDE_NAMES) or ("number" in signs and _MOBILE.search(text)):
        signs.append("beside")
    return signs


def _masked_id(match: re.Match[str]) -> str:
    return mask_id(match[0]) if is_id_number(match[0]) else ""


def _masked_card(match: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", match[0])
    return f"{digits[:4]}{'*' * (len(digits) - 8)}{digits[-4:]}" if is_card_number(digits) else ""


def _masked_plate(match: re.Match[str]) -> str:
    plate = match[0]
    return f"{plate[:2]}****{plate[-1]}"


_NUMBERS: Final = frozenset({"身份证号", "银行卡号", "电话"})
_FINDERS: Final[tuple[tuple[str, str, re.Pattern[str], Callable[[re.Match[str]], str]], ...]] = (
    ("身份证号", "number", _ID_CARD, _masked_id),
    ("银行卡号", "number", _CARD, _masked_card),
    ("电话", "number", _PHONE, lambda match: mask_phone(match[0])),
    ("电话", "number", _NAMED_PHONE, lambda match: match[1] + mask_phone(match[2])),
    ("邮箱", "@", _EMAIL, lambda match: f"{match[1]}***{match[2]}"),
    ("车牌", "plate", _PLATE, _masked_plate),
    ("姓名", "named", _NAMED, lambda match: match[1] + mask_name(match[2])),
    ("姓名", "addressed", _ADDRESSED, lambda match: mask_name(match[0])),
    ("姓名", "role", _IN_A_ROLE, lambda match: match[1] + mask_name(match[2])),
    ("姓名", "beside", _BESIDE, lambda match: mask_name(match[0])),
    ("房号", "digits", _ROOM, lambda match: f"{match[1]}***{match[2]}"),
)
"""What is found, by which sign in the text it is looked for, how, and how it is shown; the first that finds a place has it."""
