import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0006_assessment_of_a_month'),
        ('hotline', '0001_initial'),
        ('people', '0002_sign_ins'),
    ]

    operations = [
        migrations.CreateModel(
            name='AssessmentCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(max_length=10)),
                ('grain', models.CharField(choices=[('d', '日'), ('m', '月')], max_length=1)),
                ('starts_on', models.DateField()),
                ('subject_id', models.BigIntegerField()),
                ('counts', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('subject', 'grain', 'starts_on', 'subject_id'), name='counted_once')],
            },
        ),
        migrations.CreateModel(
            name='AssessmentTier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=20, verbose_name='档次')),
                ('lowest', models.DecimalField(decimal_places=3, max_digits=8, verbose_name='不低于')),
                ('scheme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tiers', to='hotline.assessmentscheme')),
            ],
            options={
                'ordering': ['-lowest', 'id'],
                'constraints': [models.UniqueConstraint(fields=('scheme', 'lowest'), name='tier_once')],
            },
        ),
        migrations.CreateModel(
            name='CountedCase',
            fields=[
                ('case_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('street_id', models.BigIntegerField(null=True)),
                ('category_id', models.BigIntegerField(null=True)),
                ('accepted_by_id', models.BigIntegerField(null=True)),
                ('slots', django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), size=None)),
                ('days', django.contrib.postgres.fields.ArrayField(base_field=models.DateField(), size=None)),
                ('units', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(null=True), size=None)),
            ],
        ),
        migrations.CreateModel(
            name='FrozenRows',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('measure', models.CharField(max_length=20)),
                ('part', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('others', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('excluded', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rows_behind', to='hotline.assessmentline')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('line', 'measure'), name='rows_frozen_once')],
            },
        ),
        migrations.CreateModel(
            name='UncountedCase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case_id', models.BigIntegerField()),
            ],
        ),
        migrations.AlterModelOptions(
            name='correction',
            options={'ordering': ['made_at', 'id']},
        ),
        migrations.RemoveField(
            model_name='correction',
            name='period',
        ),
        migrations.AddField(
            model_name='assessmentscheme',
            name='freezes_on_day',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='次月几日固定'),
        ),
        migrations.AddField(
            model_name='assessmentscheme',
            name='tier_by',
            field=models.CharField(blank=True, default='satisfied', max_length=20, verbose_name='分档依据'),
        ),
        migrations.AddField(
            model_name='correction',
            name='score_after',
            field=models.DecimalField(decimal_places=3, max_digits=9, null=True),
        ),
        migrations.AlterField(
            model_name='assessmentline',
            name='period',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='hotline.assessmentperiod'),
        ),
        migrations.AlterField(
            model_name='assessmentrule',
            name='scheme',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rules', to='hotline.assessmentscheme'),
        ),
        migrations.RemoveField(
            model_name='correction',
            name='after',
        ),
        migrations.AddField(
            model_name='correction',
            name='after',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), default=list, size=3),
            preserve_default=False,
        ),
        migrations.RemoveField(
            model_name='correction',
            name='before',
        ),
        migrations.AddField(
            model_name='correction',
            name='before',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), default=list, size=3),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name='correction',
            name='reason',
            field=models.CharField(max_length=300, verbose_name='更正原因'),
        ),
        migrations.AddConstraint(
            model_name='assessmentline',
            constraint=models.UniqueConstraint(fields=('period', 'subject_id'), name='line_frozen_once'),
        ),
        migrations.AddConstraint(
            model_name='assessmentscheme',
            constraint=models.CheckConstraint(condition=models.Q(('freezes_on_day__isnull', True), ('freezes_on_day__range', (1, 28)), _connector='OR'), name='scheme_freezes_on_a_day_of_every_month'),
        ),
    ]
