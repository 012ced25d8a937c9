import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0003_units_noted'),
    ]

    operations = [
        migrations.CreateModel(
            name='BudgetDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(db_index=True, verbose_name='年度')),
                ('department', models.CharField(max_length=60, verbose_name='部门')),
                ('unit', models.CharField(max_length=4, verbose_name='金额单位')),
                ('file_name', models.CharField(max_length=200, verbose_name='文件')),
                ('digest', models.BinaryField(unique=True)),
                ('text', models.TextField(verbose_name='全文')),
                ('facts', models.JSONField(default=dict, verbose_name='部门资金情况')),
                ('kept_at', models.DateTimeField(verbose_name='导入时间')),
                ('kept_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='people.account', verbose_name='导入人')),
            ],
            options={
                'indexes': [models.Index(fields=['-year', '-id'], name='budget_newest')],
            },
        ),
        migrations.CreateModel(
            name='DocumentFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveIntegerField(verbose_name='序号')),
                ('line', models.PositiveIntegerField(verbose_name='行')),
                ('value', models.DecimalField(decimal_places=4, max_digits=20, verbose_name='数值')),
                ('unit', models.CharField(max_length=10, verbose_name='单位')),
                ('sentence', models.TextField(verbose_name='原句')),
                ('heading', models.CharField(blank=True, max_length=60, verbose_name='标题')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='ledger.budgetdocument')),
            ],
            options={
                'ordering': ['document', 'place'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Finding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveIntegerField(verbose_name='序号')),
                ('line', models.PositiveIntegerField(verbose_name='行')),
                ('rule', models.CharField(max_length=30, verbose_name='规则')),
                ('words', models.TextField(verbose_name='说明')),
                ('lines', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), size=None, verbose_name='两处的行')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='ledger.budgetdocument')),
            ],
            options={
                'ordering': ['document', 'place'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Project',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveIntegerField(verbose_name='序号')),
                ('line', models.PositiveIntegerField(verbose_name='行')),
                ('code', models.CharField(max_length=30, verbose_name='项目编码')),
                ('name', models.CharField(max_length=200, verbose_name='项目名称')),
                ('facts', models.JSONField(default=dict, verbose_name='其他栏目')),
                ('ground', models.TextField(blank=True, verbose_name='立项依据')),
                ('plan', models.TextField(blank=True, verbose_name='实施方案')),
                ('total', models.DecimalField(decimal_places=2, max_digits=18, verbose_name='总预算')),
                ('budget', models.DecimalField(decimal_places=2, max_digits=18, verbose_name='当年预算')),
                ('last', models.DecimalField(decimal_places=2, max_digits=18, null=True, verbose_name='上年预算')),
                ('before', models.DecimalField(decimal_places=2, max_digits=18, null=True, verbose_name='前年预算')),
                ('change_words', models.TextField(blank=True, verbose_name='变动理由')),
                ('change', models.DecimalField(decimal_places=2, max_digits=18, null=True, verbose_name='变动')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='ledger.budgetdocument')),
            ],
            options={
                'ordering': ['document', 'place'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('document', 'code'), name='project_code_once')],
            },
        ),
        migrations.CreateModel(
            name='UnreadPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveIntegerField(verbose_name='序号')),
                ('line', models.PositiveIntegerField(verbose_name='行')),
                ('where', models.CharField(max_length=80, verbose_name='位置')),
                ('words', models.TextField(verbose_name='原文')),
                ('why', models.CharField(max_length=200, verbose_name='原因')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='ledger.budgetdocument')),
            ],
            options={
                'ordering': ['document', 'place'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='LineItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveIntegerField(verbose_name='序号')),
                ('line', models.PositiveIntegerField(verbose_name='行')),
                ('activity', models.CharField(max_length=200, verbose_name='项目活动')),
                ('economic_code', models.CharField(max_length=8, verbose_name='支出经济分类')),
                ('economic_name', models.CharField(max_length=60, verbose_name='名称')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=18, verbose_name='金额')),
                ('basis', models.TextField(blank=True, verbose_name='测算依据')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='ledger.budgetdocument')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='ledger.project')),
            ],
            options={
                'ordering': ['document', 'place'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Goal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveIntegerField(verbose_name='序号')),
                ('line', models.PositiveIntegerField(verbose_name='行')),
                ('scope', models.CharField(choices=[('long', '长期'), ('annual', '年度')], max_length=6, verbose_name='期限')),
                ('number', models.PositiveSmallIntegerField(verbose_name='编号')),
                ('words', models.TextField(verbose_name='目标')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='ledger.budgetdocument')),
                ('project', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='goals', to='ledger.project')),
            ],
            options={
                'ordering': ['document', 'place'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Purchase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveIntegerField(verbose_name='序号')),
                ('line', models.PositiveIntegerField(verbose_name='行')),
                ('catalogue_code', models.CharField(max_length=12, verbose_name='品目')),
                ('quantity', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='数量')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=18, verbose_name='金额')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='ledger.budgetdocument')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='purchases', to='ledger.project')),
            ],
            options={
                'ordering': ['document', 'place'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveIntegerField(verbose_name='序号')),
                ('line', models.PositiveIntegerField(verbose_name='行')),
                ('name', models.CharField(max_length=40, verbose_name='来源')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=18, null=True, verbose_name='金额')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='ledger.budgetdocument')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sources', to='ledger.project')),
            ],
            options={
                'ordering': ['document', 'place'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Target',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveIntegerField(verbose_name='序号')),
                ('line', models.PositiveIntegerField(verbose_name='行')),
                ('scope', models.CharField(choices=[('long', '长期'), ('annual', '年度')], max_length=6, verbose_name='期限')),
                ('goal', models.TextField(blank=True, verbose_name='绩效目标')),
                ('level1', models.CharField(max_length=20, verbose_name='一级指标')),
                ('level2', models.CharField(max_length=20, verbose_name='二级指标')),
                ('name', models.CharField(max_length=200, verbose_name='三级指标')),
                ('operator', models.CharField(choices=[('>=', '≥'), ('<=', '≤'), ('=', '='), ('text', '文字'), ('date', '日期')], max_length=4, verbose_name='关系')),
                ('number', models.DecimalField(decimal_places=4, max_digits=20, null=True, verbose_name='指标值')),
                ('words', models.CharField(blank=True, max_length=200, verbose_name='指标值（文字）')),
                ('unit', models.CharField(blank=True, max_length=10, verbose_name='单位')),
                ('former', models.JSONField(default=list, verbose_name='前年、上年的指标值')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='ledger.budgetdocument')),
                ('project', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='targets', to='ledger.project')),
            ],
            options={
                'ordering': ['document', 'place'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('number__isnull', True), ('operator__in', ['text', 'date'])), models.Q(('operator__in', ['>=', '<=', '=']), ('words', '')), _connector='OR'), name='target_number_or_words')],
            },
        ),
    ]
