import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PROTECT = """
CREATE TRIGGER ledger_spendingplan_append_only BEFORE UPDATE OR DELETE ON ledger_spendingplan
  FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_spendingplan_no_truncate BEFORE TRUNCATE ON ledger_spendingplan
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
"""
RELEASE = """
DROP TRIGGER ledger_spendingplan_no_truncate ON ledger_spendingplan;
DROP TRIGGER ledger_spendingplan_append_only ON ledger_spendingplan;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0012_approved_by_another_hand"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            name="SpendingPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "shares",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DecimalField(decimal_places=2, max_digits=5),
                        size=12,
                        verbose_name="各月底累计 %",
                    ),
                ),
                ("set_at", models.DateTimeField(verbose_name="设定时间")),
                (
                    "book",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="plans", to="ledger.book"
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="设定人",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(PROTECT, RELEASE),
    ]
