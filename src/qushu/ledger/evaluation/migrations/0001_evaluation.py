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
            name='Evaluation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('self', '绩效自评'), ('monitor', '绩效监控')], max_length=8, verbose_name='种类')),
                ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                ('as_of', models.DateField(verbose_name='截至')),
                ('scheme', models.CharField(max_length=20, verbose_name='评分方案')),
                ('state', models.CharField(choices=[('drafted', '草稿'), ('submitted', '待复核'), ('reviewed', '待签署'), ('signed', '已签署')], default='drafted', max_length=10, verbose_name='状态')),
                ('granted', models.DecimalField(decimal_places=2, max_digits=18, null=True, verbose_name='年初预算')),
                ('budget', models.DecimalField(decimal_places=2, max_digits=18, null=True, verbose_name='全年预算')),
                ('paid', models.DecimalField(decimal_places=2, max_digits=18, null=True, verbose_name='执行数')),
                ('execution_points', models.DecimalField(decimal_places=2, default=0, max_digits=6, verbose_name='执行率得分')),
                ('reached', models.TextField(blank=True, verbose_name='总体完成情况')),
                ('reasons', models.TextField(blank=True, verbose_name='偏差原因')),
                ('measures', models.TextField(blank=True, verbose_name='改进措施')),
                ('hands', models.JSONField(default=list)),
                ('filled_at', models.DateTimeField(verbose_name='取值时间')),
                ('written_at', models.DateTimeField(null=True)),
                ('reviewed_at', models.DateTimeField(null=True)),
                ('signed_at', models.DateTimeField(null=True)),
                ('sent_back', models.CharField(blank=True, max_length=300, verbose_name='退回意见')),
                ('snapshot', models.JSONField(null=True)),
                ('seal', models.BinaryField(null=True)),
                ('released_at', models.DateTimeField(null=True)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evaluations', to='ledger.budgetdocument')),
                ('project', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='evaluations', to='ledger.project')),
                ('released_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.account', verbose_name='公开人')),
                ('reviewed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.account', verbose_name='复核人')),
                ('signed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.account', verbose_name='签署人')),
                ('written_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.account', verbose_name='填报人')),
            ],
            options={
                'ordering': ['-year', '-as_of', 'kind', 'id'],
                'constraints': [models.UniqueConstraint(fields=('document', 'project', 'kind', 'year', 'as_of'), name='evaluation_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('state', 'signed'), _negated=True), models.Q(('seal__isnull', False), ('snapshot__isnull', False)), _connector='OR'), name='signed_is_frozen')],
            },
        ),
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                ('snapshot', models.JSONField()),
                ('released_at', models.DateTimeField(verbose_name='公开时间')),
                ('withdrawn_at', models.DateTimeField(null=True, verbose_name='撤回时间')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='ledger.budgetdocument')),
                ('released_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.account', verbose_name='公开人')),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.account', verbose_name='撤回人')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='EvaluationLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField()),
                ('points', models.DecimalField(decimal_places=2, max_digits=6, verbose_name='分值')),
                ('source', models.CharField(max_length=10, verbose_name='取值来源')),
                ('value', models.DecimalField(decimal_places=4, max_digits=20, null=True, verbose_name='完成值')),
                ('words', models.CharField(blank=True, max_length=200, verbose_name='完成情况')),
                ('proof', models.JSONField(default=dict)),
                ('percent', models.DecimalField(decimal_places=2, max_digits=5, null=True, verbose_name='定档')),
                ('score', models.DecimalField(decimal_places=2, max_digits=6, null=True, verbose_name='得分')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='偏差原因和措施')),
                ('evaluation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='ledger_evaluation.evaluation')),
                ('target', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.target')),
            ],
            options={
                'ordering': ['evaluation', 'place'],
                'constraints': [models.UniqueConstraint(fields=('evaluation', 'target'), name='evaluation_target_once'), models.CheckConstraint(condition=models.Q(('percent__isnull', True), models.Q(('percent__gte', 0), ('percent__lte', 100)), _connector='OR'), name='judged_within_100')],
            },
        ),
        migrations.CreateModel(
            name='OpenPaper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('form', models.CharField(choices=[('pdf', 'PDF'), ('docx', 'Word')], max_length=4)),
                ('content', models.BinaryField()),
                ('evaluation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='open_papers', to='ledger_evaluation.evaluation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('evaluation', 'form'), name='open_paper_once')],
            },
        ),
    ]
