import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('ledger', '0005_readings_through'),
        ('people', '0003_units_noted'),
    ]

    operations = [
        migrations.CreateModel(
            name='EvidenceFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='文件名')),
                ('stored_as', models.CharField(max_length=120, unique=True)),
                ('content_type', models.CharField(max_length=80)),
                ('size', models.PositiveIntegerField()),
                ('digest', models.BinaryField()),
                ('added_at', models.DateTimeField()),
                ('added_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.account')),
                ('statement', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='files', to='ledger.statement')),
            ],
        ),
        migrations.CreateModel(
            name='OwnIndicator',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('formula', '公式'), ('survey', '调查'), ('file', '文件')], max_length=8, verbose_name='取值来源')),
                ('name', models.CharField(max_length=60, unique=True, verbose_name='名称')),
                ('unit', models.CharField(max_length=10, verbose_name='单位')),
                ('better', models.CharField(choices=[('more', '越大越好'), ('less', '越小越好')], max_length=4, verbose_name='方向')),
                ('words', models.CharField(max_length=300, verbose_name='口径')),
                ('formula', models.CharField(blank=True, max_length=300, verbose_name='公式')),
                ('adds_up', models.BooleanField(default=False, verbose_name='全年累计')),
                ('version', models.PositiveSmallIntegerField(default=1, verbose_name='口径版本')),
                ('made_at', models.DateTimeField(verbose_name='定义时间')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.account')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'formula'), models.Q(('formula', ''), _negated=True)), models.Q(models.Q(('kind', 'formula'), _negated=True), ('formula', '')), _connector='OR'), name='indicator_formula_where_due')],
            },
        ),
        migrations.CreateModel(
            name='Responsibility',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=60, unique=True, verbose_name='指标')),
                ('fresh_hours', models.PositiveIntegerField(verbose_name='更新时限（小时）')),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.account', verbose_name='负责人')),
            ],
        ),
        migrations.CreateModel(
            name='Alarm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                ('words', models.CharField(max_length=300, verbose_name='说明')),
                ('causes', models.JSONField(default=list, verbose_name='原因')),
                ('raised_at', models.DateTimeField(verbose_name='预警时间')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='解除时间')),
                ('target', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='alarms', to='ledger.target')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('target', 'year'), name='alarm_runs_once')],
            },
        ),
        migrations.CreateModel(
            name='FileValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('as_of', models.DateField(verbose_name='截至')),
                ('value', models.DecimalField(decimal_places=4, max_digits=20, verbose_name='数值')),
                ('where', models.CharField(max_length=120, verbose_name='位置')),
                ('kept_at', models.DateTimeField(verbose_name='录入时间')),
                ('evidence', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger_indicators.evidencefile')),
                ('kept_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.account')),
                ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='values', to='ledger_indicators.ownindicator')),
            ],
        ),
        migrations.CreateModel(
            name='SurveyResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('held_from', models.DateField(verbose_name='调查开始')),
                ('held_to', models.DateField(verbose_name='调查结束')),
                ('asked', models.PositiveIntegerField(verbose_name='发放份数')),
                ('kept_at', models.DateTimeField(verbose_name='录入时间')),
                ('evidence', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger_indicators.evidencefile')),
                ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='surveys', to='ledger_indicators.ownindicator')),
                ('kept_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.account')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('held_to__gte', models.F('held_from'))), name='survey_ends_later')],
            },
        ),
        migrations.CreateModel(
            name='SurveyAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField()),
                ('answer', models.CharField(max_length=60, verbose_name='答案')),
                ('people', models.PositiveIntegerField(verbose_name='人数')),
                ('counts', models.BooleanField(verbose_name='计入分子')),
                ('result', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='ledger_indicators.surveyresult')),
            ],
            options={
                'ordering': ['place'],
                'constraints': [models.UniqueConstraint(fields=('result', 'place'), name='survey_answer_place')],
            },
        ),
    ]
