"""账号 as a table. A cell of 角色 holds all of an account's roles: `坐席；承办单位@cgj；分析员#420105002`."""

import re
from collections.abc import Iterator
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db.models import Prefetch

from qushu.kernel.errors import Refused
from qushu.people import actions
from qushu.people.access import Actor
from qushu.people.models import Account, Grant, Role, Unit
from qushu.places.models import Area

from .cells import code_of, yes, yes_or_no
from .imports import Done, Row, Sheet

MOST_NEW = 200
"""New accounts in one file: hashing a password takes a tenth of a second or more, on purpose."""

COLUMNS = ("账号", "姓名", "办公电话", "启用", "角色")
UNIT_SIGN, AREA_SIGN = "@", "#"
Wanted = tuple[str, Unit | None, Area | None]


def account_rows() -> Iterator[Row]:
    """Every account by name, with its roles in one cell."""
    grants = Prefetch("grants", Grant.objects.select_related("unit", "area").order_by("role", "pk"))
    for account in Account.objects.order_by("username").prefetch_related(grants):
        roles = "；".join(_grant_text(grant) for grant in account.grants.all())
        cells = (account.username, account.name, account.phone, yes(account.is_active), roles)
        yield dict(zip(COLUMNS, cells, strict=True))


def apply_account(actor: Actor, row: Row, now: datetime, rehearsal: bool) -> Done:
    """Create or change the account of a row; a new one gets a generated password, which the outcome shows once."""
    username, name = row["账号"].strip(), row["姓名"].strip()
    active = yes_or_no(row.get("启用", ""), True)
    wanted = _wanted(row["角色"]) if "角色" in row else None
    account = Account.objects.filter(username=username).first()
    if account is None:
        # A rehearsal needs no real hash, which is slow on purpose.
        hashed = make_password(None) if rehearsal else None
        account, secret = actions.create_account(actor, username, name, row.get("办公电话", ""), now, hashed)
        _give(actor, account, wanted or [], now)
        if not active:
            actions.disable_account(actor, account.pk, "批量导入", now)
        return Done("new", username, [name, row.get("角色", "")], "" if rehearsal else secret)
    words = _change(actor, account, name, row.get("办公电话", account.phone).strip(), now)
    if active != account.is_active:
        words.append(f"启用：{'否 → 是' if active else '是 → 否'}")
        _switch(actor, account, active, now)
    words += _give(actor, account, wanted, now) if wanted is not None else []
    return Done("change" if words else "same", username, words)


def _change(actor: Actor, account: Account, name: str, phone: str, now: datetime) -> list[str]:
    words = []
    if name != account.name:
        words.append(f"姓名：{account.name} → {name}")
    if phone != account.phone:
        words.append(f"办公电话：{account.phone or '空'} → {phone or '空'}")
    if words:
        actions.change_account(actor, account.pk, name, phone, now)
    return words


def _switch(actor: Actor, account: Account, active: bool, now: datetime) -> None:
    if active:
        actions.enable_account(actor, account.pk, now)
    else:
        actions.disable_account(actor, account.pk, "批量导入", now)


def _give(actor: Actor, account: Account, wanted: list[Wanted], now: datetime) -> list[str]:
    """Add what is wanted and missing, remove what is there and not wanted: what was done, in words."""
    words = []
    there = {(g.role, g.unit, g.area): g for g in account.grants.select_related("unit", "area")}
    for key in wanted:
        if key not in there:
            grant = actions.add_grant(actor, account.pk, key[0], now, key[1], key[2])
            words.append(f"授予 {_grant_text(grant)}")
    for key, grant in there.items():
        if key not in wanted:
            text = _grant_text(grant)
            actions.remove_grant(actor, account.pk, grant.pk, now)
            words.append(f"收回 {text}")
    return words


def _grant_text(grant: Grant) -> str:
    where = f"{UNIT_SIGN}{grant.unit.code}" if grant.unit else f"{AREA_SIGN}{grant.area.code}" if grant.area else ""
    return f"{grant.get_role_display()}{where}"


def _wanted(text: str) -> list[Wanted]:
    return [_one(part.strip()) for part in re.split(r"[；;\n]", text) if part.strip()]


def _one(text: str) -> Wanted:
    sign = next((sign for sign in (UNIT_SIGN, AREA_SIGN) if sign in text), "")
    role_text, _, code = text.partition(sign) if sign else (text, "", "")
    role = code_of(Role.choices, role_text, "角色")
    unit = Unit.objects.filter(code=code.strip()).first() if sign == UNIT_SIGN else None
    area = Area.objects.filter(code=code.strip()).first() if sign == AREA_SIGN else None
    if sign and unit is None and area is None:
        raise Refused(f"角色“{text}”里的代码“{code}”找不到。", code="import_grant")
    return role, unit, area


ACCOUNTS = Sheet(
    kind="accounts",
    title="账号",
    action="accounts.write",
    columns=COLUMNS,
    required=("账号", "姓名"),
    help=(
        "角色用分号隔开；限定单位写“承办单位@单位代码”，限定区域写“分析员#区划代码”，都不写即全区。",
        f"新账号的初始密码由系统生成，导入后只显示一次；一个文件最多新建 {MOST_NEW} 个。",
        "有“角色”一列时，账号的角色会变成和表里完全一样。",
    ),
    rows=account_rows,
    apply_row=apply_account,
    page="people:accounts",
    most_new=MOST_NEW,
)
