from django.apps import AppConfig

WORDS = {
    "evaluation.drafted": "生成绩效表",
    "evaluation.refilled": "重新取值",
    "evaluation.written": "填写绩效表",
    "evaluation.weighed": "调整指标分值",
    "evaluation.submitted": "提交绩效表",
    "evaluation.reviewed": "复核绩效表",
    "evaluation.sent_back": "退回绩效表",
    "evaluation.signed": "签署绩效表",
    "evaluation.released": "公开绩效自评",
    "evaluation.withdrawn": "撤回公开的自评",
    "release.made": "公开绩效目标",
    "release.withdrawn": "撤回公开的目标",
}
FIELDS = {"score": "得分", "as_of": "截至", "seal": "封存哈希"}


class EvaluationConfig(AppConfig):
    name = "qushu.ledger.evaluation"
    label = "ledger_evaluation"
    verbose_name = "绩效监控和自评"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from qushu.people.audit import ACTION_WORDS, FIELD_WORDS, KINDS, Kind, page_of_all, pages_of

        from .agenda import offer_forms
        from .models import Evaluation

        ACTION_WORDS.update(WORDS)
        FIELD_WORDS.update(FIELDS)
        KINDS["evaluation"] = Kind("绩效表", pages_of(Evaluation, "pk", "self-evaluation"), "budget.read")
        offer_forms()
        KINDS["release"] = Kind("公开的目标", page_of_all("self-evaluations"), "budget.read")
