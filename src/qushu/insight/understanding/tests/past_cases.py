"""What the tests of understanding in service share: months of dispatched cases, and a plan that is learned in a second."""

from datetime import datetime, timedelta

from qushu.cases.entries import write_entries
from qushu.cases.models import Case, Statement
from qushu.insight.understanding.files import keep_model
from qushu.insight.understanding.learning import Plan, learn_from, tried_on
from qushu.insight.understanding.models import ModelVersion
from qushu.insight.understanding.network import Recipe

SMALL = Plan(networks=1, recipe=Recipe(hidden=16, rounds=6, steps=90, batch=16, rate=2e-2))
WATER = ("自来水管爆裂漏水", "停水三天没有水用", "水压太低水龙头没水", "水表坏了漏水")
HOUSING = ("楼道卫生没人打扫", "电梯坏了没有人修", "屋顶渗漏到客厅", "乱收停车费")


def write_cases(district, now: datetime, count: int = 420, every: timedelta = timedelta(hours=6)) -> None:
    """Cases of two units back in time, acknowledged and closed, whose words tell the unit; category is of no help."""
    first = Case.objects.count() + 1
    rows = []
    for at in range(count):
        moment = now - every * (at + 1)
        unit = district.water if at % 2 else district.housing
        rows.append(
            Case(
                number=f"T{first + at:09}",
                lifecycle="hotline",
                state="closed",
                channel_id="12345",
                kind="help",
                category=district.category,
                street=district.street,
                area=district.community,
                title="测试",
                lead_unit=unit,
                accepted_at=moment,
                registered_at=moment,
                dispatched_at=moment,
                acknowledged_at=moment,
                resolved_at=moment + timedelta(hours=2),
                closed_at=moment + timedelta(hours=3),
            )
        )
    made = Case.objects.bulk_create(rows)
    words = (WATER, HOUSING)
    Statement.objects.bulk_create(
        Statement(case=one, text=f"市民来电反映：{words[(at + 1) % 2][at // 2 % 4]}，第{at % 7}栋，希望尽快处理。")
        for at, one in enumerate(made)
    )
    write_entries([one.pk for one in made])


def put_model_in_service(district, now: datetime) -> ModelVersion:
    """A version learned from a few texts, written down as the nightly learning does: quicker than a whole comparison."""
    texts = [f"市民来电反映：{said}，第{at}栋" for at in range(6) for said in (*WATER, *HOUSING)]
    labels = [str(unit.pk) for _ in range(6) for unit in (district.water, district.housing) for _ in range(4)]
    model = tried_on(learn_from(texts, labels, [f"T{at:09}" for at in range(48)], SMALL), texts, labels)
    name = f"unit-{now:%Y%m%d}-1"
    digest, size = keep_model(model, name)
    facts = {"labels": 2, "terms": model.terms.width, "top1": 0.9, "top3": 1.0, "former_top1": 0.5, "former_top3": 1.0}
    return ModelVersion.objects.create(
        name=name, what="unit", state="in_service", learned_at=now, seconds=1, cases=48, first_accepted=now,
        last_accepted=now, tested_from=now, tested_cases=48, compared_with="words-1", reason="更准，已启用。",
        promises=[[0.8, 0.5, 0.9, 0.95]], digest=digest, size=size, **facts,
    )  # fmt: skip
