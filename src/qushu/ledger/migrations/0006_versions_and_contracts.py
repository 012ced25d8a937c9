import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0005_readings_through'),
        ('people', '0003_units_noted'),
    ]

    operations = [
        migrations.CreateModel(
            name='BookFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('contracts', '合同'), ('payments', '支付')], max_length=10, verbose_name='内容')),
                ('file_name', models.CharField(max_length=200, verbose_name='文件')),
                ('digest', models.BinaryField(verbose_name='SHA-256')),
                ('taken', models.PositiveIntegerField(verbose_name='入账行数')),
                ('same', models.PositiveIntegerField(verbose_name='已有行数')),
                ('brought_at', models.DateTimeField(verbose_name='导入时间')),
                ('book', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='ledger.book')),
                ('brought_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.account')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['book', 'digest'], name='book_file_digest')],
            },
        ),
        migrations.CreateModel(
            name='BudgetVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                ('department', models.CharField(max_length=60, verbose_name='部门')),
                ('number', models.PositiveSmallIntegerField(verbose_name='版本')),
                ('kind', models.CharField(choices=[('initial', '年初预算'), ('adjustment', '预算调整')], max_length=10, verbose_name='类型')),
                ('words', models.CharField(max_length=200, verbose_name='说明')),
                ('made_at', models.DateTimeField(verbose_name='保存时间')),
                ('based_on', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.budgetversion')),
                ('document', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='ledger.budgetdocument')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.account')),
            ],
            options={
                'ordering': ['-year', 'department', '-number'],
                'constraints': [models.UniqueConstraint(fields=('year', 'department', 'number'), name='version_once')],
            },
        ),
        migrations.CreateModel(
            name='Contract',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=60, verbose_name='合同编号')),
                ('name', models.CharField(max_length=200, verbose_name='合同名称')),
                ('supplier', models.CharField(max_length=120, verbose_name='供应商')),
                ('signed_on', models.DateField(verbose_name='签订日期')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=18, verbose_name='合同金额')),
                ('book', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contracts', to='ledger.book')),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='contract', to='ledger.entry')),
                ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='contracts', to='ledger.bookfile')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contracts', to='ledger.budgetline')),
            ],
            options={
                'ordering': ['book', 'signed_on', 'id'],
                'constraints': [models.UniqueConstraint(fields=('book', 'number'), name='contract_once')],
            },
        ),
        migrations.CreateModel(
            name='RefusedRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveIntegerField(verbose_name='行')),
                ('why', models.CharField(max_length=300, verbose_name='原因')),
                ('cells', models.JSONField(verbose_name='内容')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refused', to='ledger.bookfile')),
            ],
            options={
                'ordering': ['file', 'line'],
            },
        ),
        migrations.CreateModel(
            name='VersionRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveIntegerField(verbose_name='序号')),
                ('side', models.CharField(choices=[('income', '收入'), ('spending', '支出')], max_length=8, verbose_name='收支')),
                ('unit_code', models.CharField(blank=True, max_length=20, verbose_name='单位代码')),
                ('unit_name', models.CharField(blank=True, max_length=60, verbose_name='预算单位')),
                ('source', models.CharField(blank=True, choices=[('general', '一般公共预算'), ('fund', '政府性基金预算'), ('capital', '国有资本经营预算'), ('special', '财政专户管理资金'), ('own', '单位资金'), ('career', '事业收入'), ('business', '事业单位经营收入'), ('superior', '上级补助收入'), ('subordinate', '附属单位上缴收入'), ('other', '其他收入')], max_length=12, verbose_name='资金来源')),
                ('carried', models.BooleanField(default=False, verbose_name='上年结转结余')),
                ('category', models.CharField(blank=True, choices=[('personnel', '人员经费'), ('operating', '公用经费'), ('project', '项目支出'), ('business', '事业单位经营支出'), ('upward', '上缴上级支出'), ('downward', '对附属单位补助支出'), ('kept', '年终结转结余')], max_length=10, verbose_name='支出类别')),
                ('function_code', models.CharField(blank=True, max_length=7, verbose_name='功能科目编码')),
                ('function_name', models.CharField(blank=True, max_length=120, verbose_name='功能科目名称')),
                ('economic_code', models.CharField(blank=True, max_length=5, verbose_name='经济科目编码')),
                ('economic_name', models.CharField(blank=True, max_length=60, verbose_name='经济科目名称')),
                ('project_code', models.CharField(blank=True, max_length=30, verbose_name='项目编码')),
                ('project_name', models.CharField(blank=True, max_length=200, verbose_name='项目名称')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=18, verbose_name='金额')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='ledger.budgetversion')),
            ],
            options={
                'ordering': ['version', 'place'],
                'constraints': [models.UniqueConstraint(fields=('version', 'side', 'unit_code', 'category', 'project_code', 'function_code', 'economic_code', 'source', 'carried'), name='version_row_once'), models.UniqueConstraint(fields=('version', 'place'), name='version_place_once'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='version_row_positive'), models.CheckConstraint(condition=models.Q(models.Q(('category', ''), ('side', 'income')), models.Q(('side', 'spending'), models.Q(('category', ''), _negated=True)), _connector='OR'), name='version_row_category')],
            },
        ),
        migrations.CreateModel(
            name='VersionStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.CharField(choices=[('submitted', '提交'), ('returned', '退回'), ('approved', '批复')], max_length=10, verbose_name='步骤')),
                ('remark', models.CharField(blank=True, max_length=300, verbose_name='意见')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.account')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='ledger.budgetversion')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('version', 'step'), name='version_step_once')],
            },
        ),
        migrations.CreateModel(
            name='PaymentOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=60, verbose_name='支付凭证号')),
                ('payee', models.CharField(max_length=120, verbose_name='收款人')),
                ('paid_on', models.DateField(verbose_name='支付日期')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=18, verbose_name='支付金额')),
                ('book', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='ledger.book')),
                ('contract', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='ledger.contract')),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='order', to='ledger.entry')),
                ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='ledger.bookfile')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='ledger.budgetline')),
            ],
            options={
                'ordering': ['book', 'paid_on', 'id'],
                'constraints': [models.UniqueConstraint(fields=('book', 'number'), name='payment_once')],
            },
        ),
        migrations.RemoveConstraint(
            model_name='budgetline',
            name='line_once',
        ),
        migrations.AddField(
            model_name='budgetline',
            name='carried',
            field=models.BooleanField(default=False, verbose_name='上年结转结余'),
        ),
        migrations.AddField(
            model_name='budgetline',
            name='category',
            field=models.CharField(choices=[('personnel', '人员经费'), ('operating', '公用经费'), ('project', '项目支出'), ('business', '事业单位经营支出'), ('upward', '上缴上级支出'), ('downward', '对附属单位补助支出'), ('kept', '年终结转结余')], default='project', max_length=10, verbose_name='支出类别'),
        ),
        migrations.AddField(
            model_name='budgetline',
            name='function_code',
            field=models.CharField(blank=True, default='', max_length=7, verbose_name='功能科目'),
        ),
        migrations.AddField(
            model_name='budgetline',
            name='source',
            field=models.CharField(blank=True, choices=[('general', '一般公共预算'), ('fund', '政府性基金预算'), ('capital', '国有资本经营预算'), ('special', '财政专户管理资金'), ('own', '单位资金')], default='', max_length=12, verbose_name='资金来源'),
        ),
        migrations.AddField(
            model_name='budgetline',
            name='unit_code',
            field=models.CharField(blank=True, default='', max_length=20, verbose_name='单位代码'),
        ),
        migrations.AlterField(
            model_name='entry',
            name='kind',
            field=models.CharField(choices=[('budget', '预算'), ('adjustment', '调整'), ('commitment', '签约'), ('release', '解约'), ('payment', '支付'), ('direct', '直接支付')], max_length=10, verbose_name='类型'),
        ),
        migrations.AddConstraint(
            model_name='budgetline',
            constraint=models.UniqueConstraint(fields=('book', 'unit_code', 'category', 'project_code', 'function_code', 'economic_code', 'source', 'carried'), name='line_once'),
        ),
        migrations.AddField(
            model_name='book',
            name='version',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='books', to='ledger.budgetversion', verbose_name='现行预算'),
        ),
    ]
