"""Accounts, what they may do (grants), units with their duties, notices, the audit trail."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from qushu.kernel.free_text import FreeCharField
from qushu.kernel.sealed import SealedField
from qushu.places.models import Area


class Unit(models.Model):
    """承办单位: a body that is responsible for matters. `duties` is the written duty text used to suggest it."""

    class Kind(models.TextChoices):
        centre = "center", "热线中心"
        department = "department", "区直部门"
        street = "street", "街道办事处"
        enterprise = "enterprise", "公用企业"
        community = "community", "社区"

    code = models.CharField("代码", max_length=30, unique=True)
    name = models.CharField("名称", max_length=60, unique=True)
    kind = models.CharField("类别", max_length=12, choices=Kind)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级单位"
    )
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, verbose_name="辖区")
    duties = models.TextField("职责", blank=True)
    phone = models.CharField("值班电话", max_length=30, blank=True)
    active = models.BooleanField("启用", default=True)

    def __str__(self) -> str:
        return self.name


class Accounts(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(username=username)


def totp_context(account_id: int) -> bytes:
    """What the secret for one-time codes is bound to."""
    return f"account-totp:{account_id}".encode()


class Account(AbstractBaseUser):
    username = models.CharField("账号", max_length=60, unique=True)
    name = models.CharField("姓名", max_length=40)
    phone = models.CharField("办公电话", max_length=30, blank=True)
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("下次登录须改密码", default=False)
    password_changed_at = models.DateTimeField(null=True, blank=True)
    failed_logins = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)
    totp_sealed = SealedField(totp_context, "pk", null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    objects = Accounts()

    def __str__(self) -> str:
        return self.name


class SignIn(models.Model):
    """A session in which an account is logged in, so that it can be counted, listed and ended from elsewhere."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    address = models.CharField("地址", max_length=45, blank=True)
    browser = models.CharField("浏览器", max_length=200, blank=True)
    begun_at = models.DateTimeField("登录时间")
    seen_at = models.DateTimeField("最近操作")

    class Meta:
        indexes = [models.Index(fields=["account", "-begun_at"], name="sign_in_account")]


class Role(models.TextChoices):
    """The people of the centre. `citizen` and `system` have no account."""

    agent = "agent", "坐席"
    dispatcher = "dispatcher", "派单员"
    unit = "unit", "承办单位"
    unit_leader = "unit_leader", "承办单位负责人"
    supervisor = "supervisor", "督办员"
    follow_up = "follow_up", "回访员"
    analyst = "analyst", "分析员"
    leader = "leader", "领导"
    administrator = "administrator", "管理员"


class Grant(models.Model):
    """A role given to an account, for one unit or one area or (both empty) for the whole district."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="grants")
    role = models.CharField("角色", max_length=15, choices=Role)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, verbose_name="单位")
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, verbose_name="区域")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "role", "unit", "area"], nulls_distinct=False, name="grant_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(role__in=["unit", "unit_leader"]) | models.Q(unit__isnull=False),
                name="unit_roles_name_a_unit",
            ),
        ]


class Notice(models.Model):
    """A line for a person, for all of a unit, for all who have a role, or for those of a unit who have a role.

    `area` is where what it tells of is: whoever has the role for an area only is told of that.
    """

    account = models.ForeignKey(Account, models.CASCADE, null=True)
    unit = models.ForeignKey(Unit, models.CASCADE, null=True)
    role = models.CharField(max_length=15, blank=True)
    area = models.ForeignKey(Area, models.SET_NULL, null=True, related_name="+", db_index=False)
    text = FreeCharField(max_length=300)
    link = models.CharField(max_length=200, blank=True)
    urgent = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    read_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")

    @property
    def receiver(self) -> str:
        """To whom it is, as its list says it."""
        role = str(dict(Role.choices).get(self.role, self.role))
        if self.unit:
            return f"{self.unit} {role}" if self.role else str(self.unit)
        return role or "本人"

    class Meta:
        indexes = [
            models.Index(fields=["account", "-id"], name="notice_account", condition=models.Q(read_at__isnull=True)),
            models.Index(fields=["unit", "-id"], name="notice_unit", condition=models.Q(read_at__isnull=True)),
            models.Index(
                fields=["role", "-id"],
                name="notice_role",
                condition=models.Q(read_at__isnull=True, unit__isnull=True),
            ),
        ]


class AuditEntry(models.Model):
    """Who looked at or changed what that the case's own history does not hold; never updated or deleted."""

    at = models.DateTimeField()
    account = models.ForeignKey(Account, models.PROTECT, null=True)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=120, blank=True)
    reason = FreeCharField(max_length=300, blank=True)
    address = models.CharField(max_length=45, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["-at", "-id"], name="audit_newest"),
            models.Index(fields=["subject", "-id"], name="audit_subject"),
            models.Index(fields=["account", "-id"], name="audit_account"),
        ]


class Export(models.Model):
    """A list that is being written to a file for somebody, with its progress."""

    account = models.ForeignKey(Account, models.CASCADE)
    kind = models.CharField(max_length=40)
    format = models.CharField(max_length=4, choices=[("xlsx", "XLSX"), ("csv", "CSV")])
    filters = models.JSONField(default=dict)
    unmasked_reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    finished_at = models.DateTimeField(null=True)
    stored_as = models.CharField(max_length=120, blank=True)
    error = models.CharField(max_length=300, blank=True)


class ApiToken(models.Model):
    """A key for another system. Only the SHA-256 digest of the token is kept; it is shown once when made."""

    name = models.CharField("名称", max_length=60)
    digest = models.BinaryField(unique=True)
    scopes = models.JSONField("权限", default=list)
    account = models.ForeignKey(Account, models.PROTECT, verbose_name="代表账号")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField("到期", null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True)
