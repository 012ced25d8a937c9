import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


def write_rule(apps, schema):
    apps.get_model("insight_matters", "MatterRule").objects.create()


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cases', '0011_code_tables_noted'),
        ('people', '0003_units_noted'),
        ('places', '0002_areas_noted'),
    ]

    operations = [
        migrations.CreateModel(
            name='WordWeights',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('learned_at', models.DateTimeField()),
                ('texts', models.PositiveIntegerField()),
                ('data', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='Face',
            fields=[
                ('case_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('accepted_at', models.DateTimeField()),
                ('person', models.BinaryField(null=True)),
                ('street_id', models.BigIntegerField(null=True)),
                ('area_id', models.BigIntegerField(null=True)),
                ('category_id', models.BigIntegerField(null=True)),
                ('words', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None)),
                ('weights', django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), size=None)),
                ('rare', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None)),
                ('asks', models.BooleanField(default=False)),
                ('alone', models.BooleanField(default=True)),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(condition=models.Q(('alone', True)), fastupdate=False, fields=['rare'], name='face_rare'), models.Index(fields=['accepted_at'], name='face_time'), models.Index(condition=models.Q(('person__isnull', False)), fields=['person', 'accepted_at'], name='face_person')],
            },
        ),
        migrations.CreateModel(
            name='Matter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120, verbose_name='事项')),
                ('state', models.CharField(choices=[('open', '发展中'), ('watched', '重点监测'), ('dispersed', '已平息'), ('closed', '已并入')], default='open', max_length=10, verbose_name='状态')),
                ('version', models.PositiveIntegerField(default=1)),
                ('first_at', models.DateTimeField(verbose_name='最早')),
                ('last_at', models.DateTimeField(verbose_name='最近')),
                ('people', models.PositiveIntegerField(default=0, verbose_name='人数')),
                ('cases', models.PositiveIntegerField(default=0, verbose_name='件数')),
                ('recent', models.PositiveIntegerField(default=0, verbose_name='近七天')),
                ('growth', models.IntegerField(default=0, verbose_name='增长')),
                ('streets', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('areas', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('keywords', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, size=None)),
                ('sums', models.JSONField(default=dict)),
                ('threats', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list, size=None)),
                ('organised', models.BooleanField(default=False, verbose_name='措辞雷同')),
                ('changed', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField()),
                ('category', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.category')),
                ('into', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='insight_matters.matter')),
                ('lead_unit', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit')),
                ('street', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.area')),
                ('titled_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.account')),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['keywords'], name='matter_keywords'), models.Index(fields=['-people', '-id'], name='matter_people'), models.Index(fields=['-growth', '-id'], name='matter_growth'), models.Index(fields=['-last_at', '-id'], name='matter_last'), models.Index(fields=['state', '-people', '-id'], name='matter_state_people'), models.Index(condition=models.Q(('changed', True)), fields=['id'], name='matter_changed')],
                'constraints': [models.CheckConstraint(condition=models.Q(('first_at__lte', models.F('last_at'))), name='matter_in_time'), models.CheckConstraint(condition=models.Q(models.Q(('into__isnull', False), ('state', 'closed')), models.Q(models.Q(('state', 'closed'), _negated=True), ('into__isnull', True)), _connector='OR'), name='matter_closed_into_another'), models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='matter_has_title')],
            },
        ),
        migrations.CreateModel(
            name='MatterRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('people', models.PositiveSmallIntegerField(default=3, verbose_name='最少人数')),
                ('join', models.FloatField(default=0.5, verbose_name='归入相似度')),
                ('days', models.PositiveSmallIntegerField(default=60, verbose_name='间隔天数')),
                ('organised', models.PositiveSmallIntegerField(default=3, verbose_name='雷同号码数')),
                ('repeats', models.PositiveSmallIntegerField(default=3, verbose_name='重复件数')),
                ('repeat_days', models.PositiveSmallIntegerField(default=30, verbose_name='重复天数')),
                ('only', models.BooleanField(default=True, editable=False)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('only',), name='matter_rule_once'), models.CheckConstraint(condition=models.Q(('join__gt', 0), ('join__lte', 1), ('people__gte', 2)), name='matter_rule_possible')],
            },
        ),
        migrations.CreateModel(
            name='Repeat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.BinaryField()),
                ('first_at', models.DateTimeField()),
                ('last_at', models.DateTimeField()),
                ('cases', models.PositiveIntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['-cases', '-id'], name='repeat_cases'), models.Index(fields=['person'], name='repeat_person')],
            },
        ),
        migrations.CreateModel(
            name='FollowUpLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('accepted', models.BooleanField()),
                ('reason', models.CharField(max_length=200)),
                ('decided_at', models.DateTimeField()),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.case')),
                ('decided_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.account')),
                ('earlier', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.case')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('case', 'earlier'), name='follow_up_link_once'), models.CheckConstraint(condition=models.Q(('case', models.F('earlier')), _negated=True), name='follow_up_link_of_two')],
            },
        ),
        migrations.CreateModel(
            name='Charge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(max_length=300, verbose_name='要求')),
                ('given_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
                ('answer', models.CharField(blank=True, max_length=300, verbose_name='结果')),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.account')),
                ('done_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.account')),
                ('given_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.account')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit')),
                ('matter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='charges', to='insight_matters.matter')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('account__isnull', False), ('unit__isnull', True)), models.Q(('account__isnull', True), ('unit__isnull', False)), _connector='OR'), name='charge_of_one'), models.CheckConstraint(condition=models.Q(('done_at__isnull', True), ('done_by__isnull', False), _connector='OR'), name='charge_done_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='MatterEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('what', models.CharField(choices=[('found', '发现'), ('titled', '改名'), ('added', '加入工单'), ('removed', '移出工单'), ('split', '拆分'), ('merged', '合并'), ('watched', '重点监测'), ('assigned', '交办'), ('done', '办完'), ('noted', '备注'), ('dispersed', '平息'), ('reopened', '恢复')], max_length=10)),
                ('words', models.CharField(blank=True, max_length=500)),
                ('by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.account')),
                ('matter', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='events', to='insight_matters.matter')),
            ],
            options={
                'indexes': [models.Index(fields=['matter', '-id'], name='matter_event_newest')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('accepted_at', models.DateTimeField()),
                ('score', models.FloatField(null=True, verbose_name='相似度')),
                ('reason', models.CharField(max_length=200, verbose_name='理由')),
                ('added_at', models.DateTimeField()),
                ('removed_at', models.DateTimeField(null=True)),
                ('added_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.account')),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.case')),
                ('matter', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='members', to='insight_matters.matter')),
                ('removed_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.account')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('removed_at__isnull', True)), fields=['matter', '-accepted_at', '-id'], name='membership_newest'), models.Index(condition=models.Q(('removed_at__isnull', False)), fields=['case'], name='membership_removed')],
                'constraints': [models.UniqueConstraint(fields=('matter', 'case'), name='membership_once'), models.UniqueConstraint(condition=models.Q(('removed_at__isnull', True)), fields=('case',), name='case_in_one_matter'), models.CheckConstraint(condition=models.Q(('removed_at__isnull', True), ('removed_by__isnull', False), _connector='OR'), name='membership_removed_by_person')],
            },
        ),
        migrations.CreateModel(
            name='RepeatCase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.case')),
                ('repeat', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='insight_matters.repeat')),
            ],
        ),
        migrations.CreateModel(
            name='Watch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.account')),
                ('matter', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='watches', to='insight_matters.matter')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('matter', 'account'), name='watch_once')],
            },
        ),
        migrations.RunPython(write_rule, migrations.RunPython.noop),
    ]
