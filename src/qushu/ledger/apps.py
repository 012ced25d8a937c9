from django.apps import AppConfig

WORDS = {
    "budget.document_kept": "导入部门预算",
    "budget.document_checked": "重新核对部门预算文件",
    "budget.document_dropped": "删除部门预算文件",
    "budget.book_opened": "建立预算账",
    "budget.entered": "登记预算账",
    "budget.month_closed": "月度结账",
    "budget.plan_set": "设定支出计划",
    "budget.version_saved": "保存预算稿",
    "budget.version_submitted": "提交预算",
    "budget.version_returned": "退回预算",
    "budget.version_approved": "批复预算",
    "budget.file_brought": "导入合同或支付",
    "target.binding_proposed": "提出指标绑定",
    "target.binding_approved": "通过指标绑定",
    "target.binding_refused": "驳回指标绑定",
    "target.stated": "填报指标",
}


class LedgerConfig(AppConfig):
    name = "qushu.ledger"
    label = "ledger"
    verbose_name = "预算与绩效"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from qushu.people.audit import ACTION_WORDS, FIELD_WORDS, KINDS, Kind, page_of_all, pages_of

        from .indicators.agenda import offer_targets
        from .models import Book, BudgetVersion, Target
        from .versions.agenda import offer_versions

        ACTION_WORDS.update(WORDS)
        FIELD_WORDS.update(
            {
                "targets": "指标数",
                "unread": "未读出处",
                "findings": "不一致处",
                "findings_before": "原不一致处",
                "measure": "系统指标",
                "value": "数值",
            }
        )
        FIELD_WORDS.update(
            {
                "amount": "金额",
                "month": "月份",
                "year": "年度",
                "version": "稿次",
                "file": "文件",
                "refused": "未入账行",
                "shares": "各月底累计 %",
            }
        )
        KINDS["budget_document"] = Kind("部门预算文件", page_of_all("budget"), "budget.read")
        KINDS["budget_book"] = Kind("预算账", pages_of(Book, "pk", "book"), "budget.read")
        KINDS["budget_version"] = Kind("预算稿", pages_of(BudgetVersion, "pk", "budget-version"), "budget.read")
        KINDS["target"] = Kind("绩效指标", pages_of(Target, "pk", "target"), "budget.read")
        offer_targets()
        offer_versions()
