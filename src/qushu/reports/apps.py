from django.apps import AppConfig

WORDS = {
    "report.made": "起草报告",
    "report.edited": "上传报告修改稿",
    "report.reviewed": "审核报告",
    "report.sent_back": "退回报告",
    "report.signed": "签发报告",
    "report.archived": "归档报告",
    "report.downloaded": "下载报告",
    "report_template.changed": "修改报告模板",
    "finding_rule.changed": "修改发现规则",
    "advice.changed": "修改建议表",
}
FIELDS = {"digest": "文件摘要", "strength": "显著性门槛", "most": "最多条数", "words": "内容", "automatic": "自动起草"}


class ReportsConfig(AppConfig):
    name = "qushu.reports"
    label = "reports"
    verbose_name = "自动报告"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from qushu.people.audit import ACTION_WORDS, FIELD_WORDS, KINDS, Kind, page_of_all, pages_of

        from .agenda import offer_signatures
        from .lists import offer_lists
        from .measures import offer_measures
        from .models import Report

        ACTION_WORDS.update(WORDS)
        FIELD_WORDS.update(FIELDS)
        KINDS["report"] = Kind("报告", pages_of(Report, "pk", "report"), "reports.read")
        for kind, word, route in (
            ("report_template", "报告模板", "report-templates"),
            ("finding_rule", "发现规则", "finding-rules"),
            ("advice", "建议", "report-advice"),
        ):
            KINDS[kind] = Kind(word, page_of_all(route), "reports.write")
        offer_lists()
        offer_measures()
        offer_signatures()
