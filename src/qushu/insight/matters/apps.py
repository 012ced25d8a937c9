from django.apps import AppConfig

WORDS = {
    "matter.titled": "事项改名",
    "matter.added": "工单加入事项",
    "matter.removed": "工单移出事项",
    "matter.split": "拆分事项",
    "matter.merged": "合并事项",
    "matter.watched": "事项重点监测",
    "matter.assigned": "交办事项",
    "matter.done": "事项办完",
    "matter.noted": "事项备注",
    "matter.dispersed": "事项平息",
    "matter.reopened": "事项恢复",
    "follow_up_link.decided": "确认追问关系",
    "matter_rule.changed": "修改事项规则",
}
FIELDS = {
    "cases": "工单",
    "into": "并入",
    "accepted": "确认",
    "people": "最少人数",
    "join": "归入相似度",
    "days": "间隔天数",
    "organised": "雷同号码数",
    "repeats": "一人多次件数",
    "repeat_days": "一人多次天数",
}


class MattersConfig(AppConfig):
    name = "qushu.insight.matters"
    label = "insight_matters"
    verbose_name = "群体投诉分析监测"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from qushu.people.audit import ACTION_WORDS, FIELD_WORDS, KINDS, Kind, page_of_all, pages_of

        from .lists import offer_lists
        from .models import Matter
        from .panel import offer_filter, offer_panel

        ACTION_WORDS.update(WORDS)
        FIELD_WORDS.update(FIELDS)
        KINDS["matter"] = Kind("事项", pages_of(Matter, "pk", "matter"), "matters.read")
        KINDS["matter_rule"] = Kind("事项规则", page_of_all("matter-rule"), "matters.rules")
        offer_lists()
        offer_panel()
        offer_filter()
