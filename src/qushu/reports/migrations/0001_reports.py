import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cases', '0013_open_by_state'),
        ('people', '0003_units_noted'),
    ]

    operations = [
        migrations.CreateModel(
            name='Advice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('signal', models.CharField(choices=[('up', '受理量明显上升'), ('down', '受理量明显下降'), ('better', '比率明显提高'), ('worse', '比率明显降低'), ('leading', '诉求最集中'), ('overdue', '有超期未办结'), ('matter', '有群体诉求')], max_length=10, verbose_name='信号')),
                ('dimension', models.CharField(blank=True, max_length=20, verbose_name='维度')),
                ('words', models.CharField(max_length=300, verbose_name='建议')),
                ('order', models.PositiveSmallIntegerField(default=100, verbose_name='顺序')),
                ('active', models.BooleanField(default=True, verbose_name='启用')),
                ('category', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.category', verbose_name='类别')),
            ],
            options={
                'ordering': ['order', 'id'],
            },
        ),
        migrations.CreateModel(
            name='FindingRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('measure', models.CharField(max_length=20, verbose_name='指标')),
                ('dimension', models.CharField(max_length=20, verbose_name='维度')),
                ('strength', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='显著性门槛 z')),
                ('least', models.PositiveIntegerField(verbose_name='最少件数')),
                ('most', models.PositiveSmallIntegerField(verbose_name='最多列几条')),
                ('active', models.BooleanField(default=True, verbose_name='启用')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('measure', 'dimension'), name='finding_rule_once')],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('daily', '日报'), ('weekly', '周报'), ('monthly', '月报'), ('annual', '年报'), ('thematic', '专题报告')], max_length=10, verbose_name='种类')),
                ('subject', models.CharField(blank=True, max_length=80, verbose_name='主题')),
                ('first', models.DateField(verbose_name='自')),
                ('last', models.DateField(verbose_name='至')),
                ('scope', models.CharField(blank=True, max_length=300, verbose_name='范围')),
                ('made_at', models.DateTimeField(verbose_name='建立时间')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.account')),
            ],
            options={
                'indexes': [models.Index(fields=['-last', '-id'], name='report_newest')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'first', 'last', 'scope'), name='report_once'), models.CheckConstraint(condition=models.Q(('first__lte', models.F('last'))), name='report_in_time')],
            },
        ),
        migrations.CreateModel(
            name='ReportTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('daily', '日报'), ('weekly', '周报'), ('monthly', '月报'), ('annual', '年报'), ('thematic', '专题报告')], max_length=10, verbose_name='种类')),
                ('version', models.PositiveIntegerField(default=1, verbose_name='版本')),
                ('masthead', models.CharField(blank=True, max_length=40, verbose_name='版头')),
                ('title', models.CharField(max_length=100, verbose_name='标题')),
                ('addressed', models.CharField(blank=True, max_length=100, verbose_name='主送')),
                ('body', models.TextField(verbose_name='内容')),
                ('automatic', models.BooleanField(default=True, verbose_name='到期自动起草')),
                ('made_at', models.DateTimeField(null=True)),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.account')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'version'), name='template_version')],
            },
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='版本')),
                ('state', models.CharField(choices=[('draft', '草稿'), ('reviewed', '已审核'), ('signed', '已签发'), ('archived', '已归档'), ('dropped', '已被替换')], default='draft', max_length=10, verbose_name='状态')),
                ('title', models.CharField(max_length=120, verbose_name='标题')),
                ('issue', models.CharField(blank=True, max_length=40, verbose_name='期号')),
                ('content', models.JSONField()),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='重做原因')),
                ('as_of', models.DateTimeField(verbose_name='数据截至')),
                ('made_at', models.DateTimeField(verbose_name='起草时间')),
                ('reviewed_at', models.DateTimeField(null=True, verbose_name='审核时间')),
                ('opinion', models.CharField(blank=True, max_length=300, verbose_name='审核意见')),
                ('signed_at', models.DateTimeField(null=True, verbose_name='签发时间')),
                ('archived_at', models.DateTimeField(null=True, verbose_name='归档时间')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.account')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='reports.report')),
                ('reviewed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.account')),
                ('signed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.account')),
                ('template', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reports.reporttemplate')),
            ],
            options={
                'indexes': [models.Index(fields=['state', '-signed_at'], name='version_state_signed')],
                'constraints': [models.UniqueConstraint(fields=('report', 'number'), name='version_of_report'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['signed', 'archived']), _negated=True), ('signed_at__isnull', False), _connector='OR'), name='version_signed_when'), models.CheckConstraint(condition=models.Q(('signed_by__isnull', True), models.Q(models.Q(('made_by__isnull', True), models.Q(('signed_by', models.F('made_by')), _negated=True), _connector='OR'), models.Q(('signed_by', models.F('reviewed_by')), _negated=True)), _connector='OR'), name='version_signed_by_another')],
            },
        ),
        migrations.CreateModel(
            name='ReportFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('form', models.CharField(choices=[('docx', 'DOCX'), ('pdf', 'PDF')], max_length=4)),
                ('origin', models.CharField(choices=[('edited', '人工修改稿'), ('signed', '签发件')], max_length=10)),
                ('data', models.BinaryField()),
                ('digest', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('put_at', models.DateTimeField()),
                ('put_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.account')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='reports.version')),
            ],
            options={
                'indexes': [models.Index(fields=['version', 'form'], name='file_of_version')],
            },
        ),
        migrations.CreateModel(
            name='ReportFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=8)),
                ('name', models.CharField(max_length=200, verbose_name='名称')),
                ('value', models.DecimalField(decimal_places=4, max_digits=20, null=True, verbose_name='数值')),
                ('unit', models.CharField(max_length=10, verbose_name='单位')),
                ('query', models.CharField(blank=True, max_length=600)),
                ('formula', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list, size=None)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='figures', to='reports.version')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('version', 'key'), name='figure_once')],
            },
        ),
    ]
