from django.apps import AppConfig

WORDS = {"warnings.rule_changed": "修改预警规则", "warnings.tuning_forgotten": "恢复预警门槛"}
FIELDS = {
    "least": "最少件数",
    "ratio": "倍数",
    "hours": "时间窗（小时）",
    "a_week": "每周允许误报",
    "roles": "接收角色",
    "emails": "邮件接收人",
    "tell_from": "推送最低级别",
    "answer_minutes": "确认时限（分钟）",
    "factor": "门槛倍数",
}


class WarningsConfig(AppConfig):
    name = "qushu.insight.warnings"
    label = "insight_warnings"
    verbose_name = "突发预警"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from qushu.people.audit import ACTION_WORDS, FIELD_WORDS, KINDS, Kind

        from .agenda import offer_unanswered
        from .emergencies import join_moves
        from .lists import offer_lists
        from .panel import offer_filter, offer_panel

        ACTION_WORDS.update(WORDS)
        FIELD_WORDS.update(FIELDS)
        KINDS.update({"warning_rule": Kind("预警规则"), "warning_series": Kind("预警门槛")})
        join_moves()
        offer_lists()
        offer_panel()
        offer_filter()
        offer_unanswered()
