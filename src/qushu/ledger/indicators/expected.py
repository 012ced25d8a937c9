"""Places kept: measures of systems that are still to come. A target may be bound to one today; it is measured from the day
on which the system offers the measure under this code (`kernel/measures.py: offer`)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Expected:
    """A measure that a system is going to offer; `to_come` tells pages that it isn't there yet."""

    code: str
    system: str
    name: str
    unit: str
    aliases: tuple[str, ...] = ()
    to_come: bool = True


EXPECTED: dict[str, Expected] = {
    one.code: one
    for one in (
        Expected("hotline.rank", "市民热线", "全市中心城区综合排名", "名", ("群众诉求件办理工作全市中心城区的综合排名",)),
        Expected("network.sites", "政务网络", "接入点位", "个", ("实现政务网全覆盖点位数",)),
        Expected("network.devices_steady", "政务网络", "稳定运行的硬件设备", "台", ("政务机关机房硬件设备稳定运行",)),
        Expected("network.response", "政务网络", "故障响应时间", "分钟", ("响应时间",)),
        Expected("network.reports", "政务网络", "运维报告", "篇", ("全年运维报告篇数",)),
        Expected("network.satisfaction", "政务网络", "使用单位满意率", "%", ("运营商处置链路故障满意度", "社区、基层站所等单位的满意率")),
        Expected("security.reports", "政务网络安全", "安全报告", "篇", ("全年安全报告篇数",)),
        Expected("security.incidents", "政务网络安全", "网络安全事故", "次", ("全区出现网络安全事故",)),
        Expected("security.response", "政务网络安全", "安全故障响应时间", "分钟", ("网络安全故障的响应时间",)),
        Expected("security.monitored", "政务网络安全", "实时监控率", "%", ("对全区的政务网络及政府机关机房的安全状况进行实时监控",)),
        Expected("exchange.records", "数据共享交换", "汇聚数据", "条", ("汇聚数据",)),
        Expected("exchange.up", "数据共享交换", "平台正常运行率", "%", ("数据共享交换平台和视频汇聚平台正常运行",)),
        Expected("exchange.reports", "数据共享交换", "运维报告", "篇", ("全年运维报告篇数",)),
        Expected("exchange.response", "数据共享交换", "平台故障响应时间", "分钟", ("平台故障的响应时间",)),
        Expected("video.up", "视频汇聚共享", "平台正常运行率", "%", ("视频汇聚平台正常运行",)),
        Expected("office.integrations", "OA 协同办公", "对接业务", "个", ("系统对接业务数量",)),
        Expected("office.faults", "OA 协同办公", "大型故障", "次", ("OA 系统全年稳定运行，系统自身大型故障次数",)),
        Expected("office.response", "OA 协同办公", "流程变更响应时间", "分钟", ("对各单位的办公流程变更申请的响应时间",)),
        Expected("office.visits", "OA 协同办公", "访问人次", "次", ("全年累计访问人次",)),
        Expected("portal.items", "政府门户网站", "发布信息", "条", ("全年发布信息数量",)),
        Expected("portal.visits", "政府门户网站", "访问量", "次", ("全年累计访问量",)),
        Expected("portal.visitors", "政府门户网站", "每月独立访客", "人", ("每月独立访客人数",)),
        Expected("portal.columns_in_time", "政府门户网站", "栏目按时更新率", "%", ("栏目更新符合国办公开办的要求",)),
    )
}  # fmt: skip
