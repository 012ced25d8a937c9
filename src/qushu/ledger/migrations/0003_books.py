import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0002_indicators'),
        ('people', '0003_units_noted'),
    ]

    operations = [
        migrations.CreateModel(
            name='Book',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                ('department', models.CharField(max_length=60, verbose_name='部门')),
                ('opened_at', models.DateTimeField(verbose_name='建账时间')),
                ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.account', verbose_name='建账人')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('year', 'department'), name='book_once')],
            },
        ),
        migrations.CreateModel(
            name='BudgetLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project_code', models.CharField(max_length=30, verbose_name='项目编码')),
                ('project_name', models.CharField(max_length=200, verbose_name='项目名称')),
                ('economic_code', models.CharField(max_length=8, verbose_name='支出经济分类')),
                ('economic_name', models.CharField(max_length=60, verbose_name='名称')),
                ('book', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='ledger.book')),
            ],
            options={
                'ordering': ['book', 'id'],
                'constraints': [models.UniqueConstraint(fields=('book', 'project_code', 'economic_code'), name='line_once')],
            },
        ),
        migrations.CreateModel(
            name='ClosedMonth',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.PositiveSmallIntegerField(verbose_name='月份')),
                ('closed_at', models.DateTimeField(verbose_name='结账时间')),
                ('book', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='closed', to='ledger.book')),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.account', verbose_name='结账人')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('book', 'month'), name='month_closed_once'), models.CheckConstraint(condition=models.Q(('month__gte', 1), ('month__lte', 12)), name='closed_month_of_year')],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('budget', '预算'), ('adjustment', '调整'), ('commitment', '签约'), ('release', '解约'), ('payment', '支付')], max_length=10, verbose_name='类型')),
                ('month', models.PositiveSmallIntegerField(verbose_name='月份')),
                ('words', models.CharField(max_length=200, verbose_name='摘要')),
                ('made_at', models.DateTimeField(verbose_name='入账时间')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='ledger.budgetline')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.account', verbose_name='经办人')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['line', 'month'], name='entry_of_month')],
                'constraints': [models.CheckConstraint(condition=models.Q(('month__gte', 1), ('month__lte', 12)), name='entry_month_of_year')],
            },
        ),
        migrations.CreateModel(
            name='Posting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('granted', '批复'), ('free', '可用'), ('committed', '已签约'), ('paid', '已支付')], max_length=10, verbose_name='科目')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=18, verbose_name='金额')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='postings', to='ledger.entry')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('entry', 'side'), name='posting_side_once'), models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='posting_moves_something')],
            },
        ),
    ]
