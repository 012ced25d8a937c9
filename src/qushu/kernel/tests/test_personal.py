"""Phone numbers in one form, and masks that hide enough."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qushu.kernel.personal import (
    find_personal,
    is_card_number,
    is_id_number,
    mask_address,
    mask_free_text,
    mask_id,
    mask_name,
    mask_phone,
    normalise_phone,
)

ID = "420105199001011235"  # invented; its check digit fits
CARD = "6222020200001234562"  # invented; its check digit fits
MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("13812345678", "13812345678"),
        ("+86 138 1234 5678", "13812345678"),
        ("0086-13812345678", "13812345678"),
        ("8613812345678", "13812345678"),
        ("013812345678", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"),
        ("027-84841234", "02784841234"),
        ("(027) 8484 1234", "02784841234"),
        ("（027）84841234", "02784841234"),
        ("+86 27 84841234", "02784841234"),
        ("027-84841234转801", "02784841234"),
        ("027-84841234 分机 801", "02784841234"),
        ("84841234", "84841234"),
        ("12345", "12345"),
        ("400-820-8820", "4008208820"),
        ("+1 415 555 1234", "+14155551234"),
        ("", ""),
        ("不详", ""),
        ("138****5678", ""),
        ("138xxxx5678", ""),
        ("13812345678/13912345678", ""),
        ("12", ""),
    ],
)
def test_phone_numbers_get_one_form(written: str, normal: str) -> None:
    assert normalise_phone(written) == normal


@given(st.text(max_size=30))
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise_phone(normalise_phone(text)) == normalise_phone(text)


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13812345678", "138****5678"),
        ("+86 138-1234-5678", "138****5678"),
        ("027-84841234", "027****1234"),
        ("84841234", "84****34"),
        ("12345", "*****"),
        ("不详", "**"),
        ("13812345678/13912345678", "********"),
        ("", ""),
    ],
)
def test_masked_phones(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三丰", "张**"),
        ("张三", "张*"),
        ("李", "李"),
        ("李女士", "李女士"),
        ("张三先生", "张*先生"),
        ("John Smith", "J***"),
        ("", ""),
    ],
)
def test_masked_names(name: str, masked: str) -> None:
    assert mask_name(name) == masked


def test_masked_identity_numbers() -> None:
    assert mask_id(ID) == "420***********1235"
    assert mask_id("1234567") == "*******"
    assert mask_id("") == ""


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("汉阳区江汉二桥街道十里景秀3栋2单元501室", "汉阳区江汉二桥街道****"),
        ("翠微路12号", "翠微路****"),
        ("武汉市汉阳区十里景秀小区3栋", "武汉市汉阳区****"),
        ("武汉市十里景秀小区3栋", "武汉市****"),
        ("十里景秀3栋", "十里****"),
        ("翠微路", "翠微路"),
        ("", ""),
    ],
)
def test_masked_addresses(address: str, masked: str) -> None:
    assert mask_address(address) == masked


def test_check_digits() -> None:
    assert is_id_number(ID)
    assert is_id_number("11010519491231002X")  # the example of GB 11643-1999
    assert is_id_number("11010519491231002x")
    assert not is_id_number("420105199001011230")
    assert not is_id_number("42010519900101123")
    assert is_card_number(CARD)
    assert not is_card_number(CARD[:-1] + "8")
    assert not is_card_number("４" * 16)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("请回电13812345678，谢谢", "请回电138****5678，谢谢"),
        ("电话：138 1234 5678或138-1234-5678", "电话：138****5678或138****5678"),
        ("电话１３８１２３４５６７８。", "电话138****5678。"),
        ("手机+8613812345678", "手机138****5678"),
        ("座机027-84841234", "座机027****1234"),
        ("座机（027）84841234", "座机027****1234"),
        ("家里电话是84841234", "家里电话是84****34"),
        (f"身份证{ID}，", "身份证420***********1235，"),
        ("证号１１０１０５１９４９１２３１００２Ｘ", "证号110***********002X"),
        (f"卡号 {CARD}", "卡号 6222***********4562"),
        ("卡号 6222 0202 0000 1234 562", "卡号 6222***********4562"),
        ("写信到zhang.san@example.com.cn", "写信到z***@example.com.cn"),
        ("两个号13812345678、13912345678", "两个号138****5678、139****5678"),
    ],
)
def test_personal_data_in_free_text_is_masked(text: str, masked: str) -> None:
    assert mask_free_text(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "工单202403080012345678",
        "受理编号 HY20240308000123",
        "3栋2单元",
        "2024-03-08 16:30",
        "拨打12345和110",
        "欠薪123456.78元",
        "",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert mask_free_text(text) == text


@given(st.text("联系电话，。 a-", max_size=20), MOBILES, st.text("，。；abc 号", min_size=1, max_size=20))
def test_no_mobile_number_survives(before: str, mobile: str, after: str) -> None:
    masked = mask_free_text(f"{before}{mobile}{after}")
    assert mobile not in masked
    assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", masked)
    assert masked.endswith(after)


@given(st.text("0123456789 -+()转Xx@.a电话联系０９", max_size=80))
def test_masking_twice_leaves_nothing_that_was_hidden(text: str) -> None:
    once = mask_free_text(text)
    assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", once)
    assert mask_free_text(once).count("*") >= once.count("*")


@pytest.mark.parametrize(
    "text",
    [
        "严重影响小区居民安全，且进出医院的人员复杂",
        "未经全体业主许可，在新村违规",
        "现场有电，市民关着门，手机未接通",
        "至今村民管理，没有经过",
        "丢了两个手机，钥匙，钱包，身份证",
        "来电咨询: 万宁市身份证在海口市丢失",
        "周电工（电话已停机）",
        "陈总，电话无人接听；王经理，电话关机；李主任电话占线",
        "王家湾，电话信号差",
        "业主周边，业主陈述，居民张贴。",
        "高的老师，纪委的同志可不能",
        "管理局同志一同到场",
    ],
)
def test_words_that_look_like_names_stay(text: str) -> None:
    """Most of them stood in real texts of a hotline and a mayor's mailbox."""
    assert mask_free_text(text) == text


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("联系人：王小明，电话13812345678", "联系人：王**，电话138****5678"),
        ("墨水湖小区的李建国，电话多少", "墨水湖小区的李**，电话多少"),
        ("我叫欧阳修，住在钟家村", "我叫欧**，住在钟家村"),
        ("张三丰先生来电反映", "张**先生来电反映"),
        ("李女士来电反映", "李女士来电反映"),
        ("我是居民，反映噪音", "我是居民，反映噪音"),
        ("张三，电话13812345678", "张*，电话138****5678"),
        ("王小明 13812345678", "王** 138****5678"),
        ("来电港口预约: 陈建生 身份证", "来电港口预约: 陈** 身份证"),
        ("控告人:唐华文，女，住东风一村", "控告人:唐**，女，住东风一村"),
        ("新桥社区居民刘永光。因为", "新桥社区居民刘**。因为"),
        ("射钗村的村民林炸昌，现在是副书记", "射钗村的村民林**，现在是副书记"),
        ("实名举报人: 彭乔松联系电话: ", "实名举报人: 彭**联系电话: "),
        ("车牌鄂A·12B45占道", "车牌鄂A****5占道"),
        ("鄂AD12345新能源车", "鄂A****5新能源车"),
        ("家住翠悦国际9栋1单元502室", "家住翠悦国际9栋1单元***室"),
        ("龙悦小区10栋3单元漏水", "龙悦小区10栋3单元漏水"),
        ("拨打12345没有人接", "拨打12345没有人接"),
    ],
)
def test_names_plates_and_rooms_in_free_text_are_masked(said: str, shown: str) -> None:
    assert mask_free_text(said) == shown


@given(st.text(max_size=80))
def test_what_is_found_lies_apart_and_in_order(text: str) -> None:
    found = find_personal(text)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(0 <= one.start < one.end <= len(text) for one in found)
