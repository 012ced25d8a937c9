from django.apps import AppConfig

ASSESSMENT_WORDS = {
    "assessment.frozen": "固定考核",
    "assessment.corrected": "更正考核",
    "assessment.scheme_made": "新建评分方案版本",
    "assessment.exported": "导出考核",
}
ASSESSMENT_FIELDS = {"figure": "数字", "period": "时段", "scheme": "评分方案", "measure": "指标"}
DUTY_WORDS = {
    "duty.added": "排班",
    "duty.planned": "批量排班",
    "duty.changed": "调班",
    "duty.removed": "删除班次",
}
KNOWLEDGE_WORDS = {
    "knowledge.written": "新建知识",
    "knowledge.changed": "修改知识",
    "knowledge.retired": "停用知识",
    "knowledge.confirmed": "复核知识",
}
KNOWLEDGE_FIELDS = {"version": "版本", "changed": "改动", "review_on": "复核日期", "category": "诉求类别"}
DUTY_FIELDS = {"person": "值班人员", "post": "岗位", "span": "时间", "people": "名单"}

FEED_WORDS = {
    "feed.added": "登记接入来源",
    "feed.changed": "修改接入来源",
    "feed.secret_renewed": "更换接入密钥",
    "feed.switched": "启停接入来源",
    "feed.row_opened": "打开拒收行",
    "feed.row_corrected": "更正拒收行",
    "feed.row_settled": "不再处理拒收行",
    "subscriber.added": "添加接收方",
    "subscriber.switched": "启停接收方",
}


class HotlineConfig(AppConfig):
    name = "qushu.hotline"
    label = "hotline"
    verbose_name = "市民热线"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from qushu.cases import left_out
        from qushu.kernel.lifecycle import register
        from qushu.people.audit import ACTION_WORDS, FIELD_WORDS, KINDS
        from qushu.people.sheets import SHEETS

        from . import audited
        from .assessment import lists as assessment_lists
        from .assessment.definitions import offer_definitions
        from .assessment.measures import MEASURES
        from .codes.offering import offer_codes
        from .duty.lists import offer_handovers
        from .duty.sheet import DUTY
        from .feeds import lists as feed_lists
        from .knowledge.sheet import KNOWLEDGE
        from .lifecycle import HOTLINE
        from .measures import offer_measures
        from .ways import lists as way_lists
        from .work.agenda import offer_work
        from .work.lists import offer_lists
        from .work.recording import follow_the_cases

        ACTION_WORDS.update(ASSESSMENT_WORDS | DUTY_WORDS | KNOWLEDGE_WORDS | FEED_WORDS)
        FIELD_WORDS.update(DUTY_FIELDS | KNOWLEDGE_FIELDS | ASSESSMENT_FIELDS)
        KINDS.update(audited.KINDS)
        SHEETS[DUTY.kind] = DUTY
        SHEETS[KNOWLEDGE.kind] = KNOWLEDGE
        names = {measure.code: measure.name for measure in MEASURES.values()}
        left_out.MEASURES.update(names)
        offer_definitions(names)
        register(HOTLINE)
        offer_lists()
        offer_handovers()
        for lists in (assessment_lists, feed_lists, way_lists):
            lists.offer_lists()
        offer_codes()
        offer_measures()
        offer_work()
        follow_the_cases()
