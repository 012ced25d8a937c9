import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0010_reopened'),
        ('hotline', '0007_knowledge_versions'),
        ('people', '0002_sign_ins'),
    ]

    operations = [
        migrations.CreateModel(
            name='FeedFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('size', models.BigIntegerField()),
                ('modified_ns', models.BigIntegerField()),
                ('batch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='hotline.feedbatch')),
                ('source', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='files', to='hotline.feedsource')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('source', 'name'), name='feed_file_once')],
            },
        ),
        migrations.AddField(
            model_name='feedbatch',
            name='error',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name='feedbatch',
            name='receipt',
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name='feedbatch',
            name='way',
            field=models.CharField(choices=[('file', '导入'), ('push', '推送'), ('pull', '拉取'), ('again', '更正重试')], default='file', max_length=5),
        ),
        migrations.AddField(
            model_name='feedrow',
            name='settled_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.account'),
        ),
        migrations.AddField(
            model_name='feedrow',
            name='settled_why',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='feedsource',
            name='etag',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='feedsource',
            name='last_error',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name='feedsource',
            name='pulled_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name='feedbatch',
            index=models.Index(fields=['-started_at', '-id'], name='batch_all_newest'),
        ),
        migrations.AddIndex(
            model_name='feedbatch',
            index=models.Index(fields=['source', 'digest'], name='batch_digest'),
        ),
        migrations.AddIndex(
            model_name='feedrow',
            index=models.Index(condition=models.Q(('settled_at__isnull', True)), fields=['-id'], name='feed_row_open'),
        ),
    ]
