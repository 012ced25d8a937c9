import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cases', '0011_code_tables_noted'),
        ('people', '0003_units_noted'),
        ('places', '0002_areas_noted'),
    ]

    operations = [
        migrations.CreateModel(
            name='KnownWord',
            fields=[
                ('word', models.CharField(max_length=60, primary_key=True, serialize=False)),
                ('texts', models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='WarningRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('surge', '突发'), ('new_word', '新词'), ('repeat', '重复投诉'), ('safety', '安全突发'), ('traffic', '交通突发'), ('silence', '异常沉寂'), ('forecast', '偏离预测'), ('late', '集中超期')], max_length=10, unique=True, verbose_name='种类')),
                ('active', models.BooleanField(default=True, verbose_name='启用')),
                ('least', models.PositiveIntegerField(verbose_name='最少件数')),
                ('ratio', models.FloatField(verbose_name='倍数')),
                ('hours', models.PositiveIntegerField(verbose_name='时间窗（小时）')),
                ('a_week', models.FloatField(verbose_name='每周允许误报')),
                ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=15), blank=True, default=list, size=None, verbose_name='接收角色')),
                ('emails', models.TextField(blank=True, verbose_name='邮件接收人')),
                ('tell_from', models.PositiveSmallIntegerField(choices=[(0, '蓝色'), (1, '黄色'), (2, '橙色'), (3, '红色')], default=1, verbose_name='邮件和推送的最低级别')),
                ('answer_minutes', models.PositiveIntegerField(verbose_name='确认时限（分钟）')),
            ],
        ),
        migrations.CreateModel(
            name='Tuning',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('surge', '突发'), ('new_word', '新词'), ('repeat', '重复投诉'), ('safety', '安全突发'), ('traffic', '交通突发'), ('silence', '异常沉寂'), ('forecast', '偏离预测'), ('late', '集中超期')], max_length=10)),
                ('series', models.CharField(max_length=60)),
                ('factor', models.FloatField(default=1.0)),
                ('true', models.PositiveIntegerField(default=0)),
                ('false', models.PositiveIntegerField(default=0)),
                ('known', models.PositiveIntegerField(default=0)),
                ('changed_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'series'), name='tuning_once')],
            },
        ),
        migrations.CreateModel(
            name='Warning',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('surge', '突发'), ('new_word', '新词'), ('repeat', '重复投诉'), ('safety', '安全突发'), ('traffic', '交通突发'), ('silence', '异常沉寂'), ('forecast', '偏离预测'), ('late', '集中超期')], max_length=10, verbose_name='种类')),
                ('series', models.CharField(max_length=60)),
                ('title', models.CharField(max_length=120, verbose_name='标题')),
                ('ground', models.CharField(max_length=400, verbose_name='依据')),
                ('level', models.PositiveSmallIntegerField(choices=[(0, '蓝色'), (1, '黄色'), (2, '橙色'), (3, '红色')], verbose_name='级别')),
                ('state', models.CharField(choices=[('raised', '待确认'), ('acknowledged', '已确认'), ('closed', '已关闭')], default='raised', max_length=12, verbose_name='状态')),
                ('word', models.CharField(blank=True, max_length=60)),
                ('observed', models.IntegerField(default=0, verbose_name='件数')),
                ('expected', models.FloatField(default=0.0, verbose_name='预期')),
                ('since', models.DateTimeField(verbose_name='起')),
                ('raised_at', models.DateTimeField(verbose_name='预警时间')),
                ('updated_at', models.DateTimeField(verbose_name='更新时间')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='结束时间')),
                ('answer_due_at', models.DateTimeField(verbose_name='确认期限')),
                ('acknowledged_at', models.DateTimeField(null=True, verbose_name='确认时间')),
                ('outcome', models.CharField(blank=True, choices=[('true', '属实'), ('false', '误报'), ('known', '已知情况')], max_length=5, verbose_name='结论')),
                ('closed_at', models.DateTimeField(null=True, verbose_name='关闭时间')),
                ('pressed_at', models.DateTimeField(null=True)),
                ('acknowledged_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.account')),
                ('area', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='places.area')),
                ('category', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cases.category')),
                ('unit', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['-raised_at', '-id'], name='warning_newest'), models.Index(fields=['state', '-raised_at', '-id'], name='warning_state_newest'), models.Index(fields=['level', '-raised_at', '-id'], name='warning_level_newest'), models.Index(fields=['kind', '-raised_at', '-id'], name='warning_kind_newest'), models.Index(fields=['kind', 'ended_at'], name='warning_running'), models.Index(condition=models.Q(('state', 'raised')), fields=['answer_due_at'], name='warning_due')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('kind', 'series'), name='warning_runs_once')],
            },
        ),
        migrations.CreateModel(
            name='Telling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.PositiveSmallIntegerField(choices=[(0, '蓝色'), (1, '黄色'), (2, '橙色'), (3, '红色')])),
                ('way', models.CharField(choices=[('page', '系统消息'), ('email', '邮件'), ('webhook', '推送')], max_length=8)),
                ('made_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
                ('error', models.CharField(blank=True, max_length=300)),
                ('warning', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='tellings', to='insight_warnings.warning')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('warning', 'level', 'way'), name='told_once')],
            },
        ),
        migrations.CreateModel(
            name='WarningCase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.case')),
                ('warning', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='insight_warnings.warning')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('warning', 'case'), name='warning_case_once')],
            },
        ),
        migrations.CreateModel(
            name='WarningEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('what', models.CharField(choices=[('raised', '预警'), ('risen', '升级'), ('widened', '范围扩大'), ('ended', '回落'), ('acknowledged', '确认'), ('judged', '结论'), ('noted', '备注'), ('pressed', '超时提醒')], max_length=12)),
                ('words', models.CharField(blank=True, max_length=500)),
                ('by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.account')),
                ('warning', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='insight_warnings.warning')),
            ],
        ),
    ]
