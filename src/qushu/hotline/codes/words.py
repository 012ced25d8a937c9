"""What this part of the administration is called in the audit trail."""

ACTION_WORDS = {
    "urgent_word.added": "新增紧急词",
    "urgent_word.changed": "修改紧急词",
    "catalogue.added": "新增派单目录",
    "catalogue.changed": "修改派单目录",
    "catalogue.ended": "停用派单目录",
}
