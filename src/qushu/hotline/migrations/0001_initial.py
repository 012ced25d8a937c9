import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cases', '0001_initial'),
        ('kernel', '0001_initial'),
        ('people', '0001_initial'),
        ('places', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='UrgentWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(max_length=30, unique=True, verbose_name='词')),
                ('mark', models.CharField(choices=[('urgent', '紧急'), ('sensitive', '敏感'), ('threat', '威胁坐席'), ('media', '媒体关注'), ('legal', '法定途径')], max_length=12, verbose_name='标记')),
                ('emergency_number', models.CharField(blank=True, max_length=10, verbose_name='应急电话')),
                ('active', models.BooleanField(default=True, verbose_name='启用')),
            ],
        ),
        migrations.CreateModel(
            name='AssessmentScheme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='名称')),
                ('subject', models.CharField(choices=[('unit', '承办单位'), ('street', '街道'), ('category', '类别'), ('agent', '坐席')], default='unit', max_length=10, verbose_name='对象')),
                ('version', models.PositiveSmallIntegerField(default=1, verbose_name='版本')),
                ('effective_from', models.DateField(verbose_name='生效')),
                ('source', models.CharField(blank=True, max_length=200, verbose_name='依据')),
                ('note', models.TextField(blank=True, verbose_name='说明')),
                ('made_at', models.DateTimeField()),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.account')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('name', 'version'), name='scheme_version')],
            },
        ),
        migrations.CreateModel(
            name='CatalogueEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('to_street_office', models.BooleanField(default=False, verbose_name='派属地街道')),
                ('legal_basis', models.CharField(blank=True, max_length=200, verbose_name='依据')),
                ('effective_from', models.DateField(verbose_name='生效')),
                ('effective_to', models.DateField(blank=True, null=True, verbose_name='失效')),
                ('area', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='places.area', verbose_name='限于区域')),
                ('assisting', models.ManyToManyField(blank=True, related_name='+', to='people.unit', verbose_name='协办单位')),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='catalogue', to='cases.category', verbose_name='类别')),
                ('lead_unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit', verbose_name='主办单位')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('to_street_office', True), ('lead_unit__isnull', False), _connector='OR'), name='catalogue_names_a_unit')],
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40)),
                ('sealed', models.BinaryField()),
                ('saved_at', models.DateTimeField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='people.account')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('account', 'key'), name='draft_once')],
            },
        ),
        migrations.CreateModel(
            name='DutyShift',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('post', models.CharField(choices=[('desk', '坐席'), ('lead', '值班长'), ('leader', '带班领导')], default='desk', max_length=10, verbose_name='岗位')),
                ('starts_at', models.DateTimeField(verbose_name='开始')),
                ('ends_at', models.DateTimeField(verbose_name='结束')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='people.account', verbose_name='值班人员')),
            ],
            options={
                'indexes': [models.Index(fields=['starts_at', 'ends_at'], name='duty_time')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='duty_ends_after_start'), models.UniqueConstraint(fields=('account', 'starts_at'), name='duty_once')],
            },
        ),
        migrations.CreateModel(
            name='FeedSource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=30, unique=True, verbose_name='代码')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('mapping', models.CharField(max_length=60, verbose_name='映射')),
                ('location', models.CharField(blank=True, max_length=300, verbose_name='文件夹或地址')),
                ('secret_sealed', models.BinaryField(blank=True, null=True)),
                ('active', models.BooleanField(default=True, verbose_name='启用')),
                ('account', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='people.account')),
            ],
        ),
        migrations.CreateModel(
            name='FollowUpCall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('reached', models.BooleanField()),
                ('solved', models.BooleanField(null=True)),
                ('satisfaction', models.PositiveSmallIntegerField(null=True)),
                ('words', models.TextField(blank=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.account')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='follow_up_calls', to='cases.case')),
            ],
        ),
        migrations.CreateModel(
            name='Knowledge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=150, verbose_name='标题')),
                ('answer', models.TextField(verbose_name='答复口径')),
                ('keywords', models.CharField(blank=True, max_length=200, verbose_name='关键词')),
                ('basis', models.CharField(blank=True, max_length=200, verbose_name='政策依据')),
                ('valid_from', models.DateField(verbose_name='生效')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='失效')),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('uses', models.PositiveIntegerField(default=0)),
                ('written_at', models.DateTimeField()),
                ('words', django.contrib.postgres.search.SearchVectorField(null=True)),
                ('category', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='cases.category', verbose_name='类别')),
                ('replaced_by', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaces', to='hotline.knowledge')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='people.unit', verbose_name='提供单位')),
                ('written_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.account')),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['words'], name='knowledge_words')],
            },
        ),
        migrations.CreateModel(
            name='FeedBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('digest', models.BinaryField()),
                ('started_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('accepted', models.PositiveIntegerField(default=0)),
                ('unchanged', models.PositiveIntegerField(default=0)),
                ('refused', models.PositiveIntegerField(default=0)),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='batches', to='hotline.feedsource')),
            ],
            options={
                'indexes': [models.Index(fields=['source', '-started_at'], name='batch_newest')],
            },
        ),
        migrations.CreateModel(
            name='AssessmentPeriod',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('frozen_at', models.DateTimeField()),
                ('frozen_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.account')),
                ('scheme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='hotline.assessmentscheme')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('scheme', 'starts_on', 'ends_on'), name='period_frozen_once')],
            },
        ),
        migrations.CreateModel(
            name='AssessmentRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField(default=1)),
                ('measure', models.CharField(max_length=20, verbose_name='指标')),
                ('target', models.DecimalField(decimal_places=3, max_digits=7, verbose_name='目标 %')),
                ('slope', models.DecimalField(decimal_places=4, max_digits=8, verbose_name='每点扣分')),
                ('floor', models.DecimalField(decimal_places=3, max_digits=8, verbose_name='最低分')),
                ('cap', models.DecimalField(decimal_places=3, max_digits=8, verbose_name='满分')),
                ('weight', models.DecimalField(decimal_places=3, default=1, max_digits=6, verbose_name='权重')),
                ('less_is_better', models.BooleanField(default=False, verbose_name='越低越好')),
                ('scheme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rules', to='hotline.assessmentscheme')),
            ],
            options={
                'ordering': ['order', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Handover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('written_at', models.DateTimeField()),
                ('summary', models.TextField(verbose_name='本班情况')),
                ('unfinished', models.TextField(blank=True, verbose_name='移交事项')),
                ('figures', models.JSONField(default=dict)),
                ('taken_at', models.DateTimeField(null=True)),
                ('remark', models.CharField(blank=True, max_length=300, verbose_name='接班意见')),
                ('shift', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='handovers', to='hotline.dutyshift')),
                ('taken_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.account')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.account')),
            ],
        ),
        migrations.CreateModel(
            name='Subscriber',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('url', models.URLField(max_length=300, verbose_name='地址')),
                ('secret_sealed', models.BinaryField(blank=True, null=True)),
                ('topics', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), blank=True, default=list, size=None, verbose_name='事件')),
                ('active', models.BooleanField(default=True, verbose_name='启用')),
                ('source', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='hotline.feedsource', verbose_name='只回传此来源')),
            ],
        ),
        migrations.CreateModel(
            name='AssessmentLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_id', models.BigIntegerField()),
                ('subject_name', models.CharField(max_length=200)),
                ('counts', models.JSONField()),
                ('points', models.JSONField()),
                ('score', models.DecimalField(decimal_places=3, max_digits=9, null=True)),
                ('rank', models.PositiveIntegerField(null=True)),
                ('tier', models.CharField(blank=True, max_length=20)),
                ('period', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='hotline.assessmentperiod')),
            ],
        ),
        migrations.CreateModel(
            name='FeedRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveIntegerField()),
                ('ref', models.CharField(blank=True, max_length=80)),
                ('reason', models.CharField(max_length=300)),
                ('sealed', models.BinaryField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='hotline.feedbatch')),
                ('case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to='cases.case')),
            ],
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_try_at', models.DateTimeField()),
                ('delivered_at', models.DateTimeField(null=True)),
                ('last_error', models.CharField(blank=True, max_length=300)),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='kernel.outboxmessage')),
                ('subscriber', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='hotline.subscriber')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('delivered_at__isnull', True)), fields=['next_try_at'], name='delivery_waiting'), models.Index(condition=models.Q(('delivered_at__isnull', True)), fields=['subscriber', 'key', 'id'], name='delivery_order')],
                'constraints': [models.UniqueConstraint(fields=('subscriber', 'message'), name='delivered_once')],
            },
        ),
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('measure', models.CharField(max_length=20)),
                ('before', models.CharField(max_length=60)),
                ('after', models.CharField(max_length=60)),
                ('reason', models.CharField(max_length=300)),
                ('made_at', models.DateTimeField()),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='hotline.assessmentline')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.account')),
                ('period', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='hotline.assessmentperiod')),
            ],
        ),
    ]
