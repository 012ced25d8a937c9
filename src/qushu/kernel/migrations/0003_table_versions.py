from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_tallies_unlogged")]

    operations = [
        migrations.CreateModel(
            name="TableVersion",
            fields=[
                ("name", models.CharField(max_length=63, primary_key=True, serialize=False)),
                ("value", models.BigIntegerField()),
            ],
        ),
        # A sequence goes on after a rollback, so that no number ever stands for two contents.
        migrations.RunSQL(
            """
            CREATE SEQUENCE kernel_tableversion_number;
            CREATE FUNCTION kernel_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              INSERT INTO kernel_tableversion (name, value)
              VALUES (TG_TABLE_NAME, nextval('kernel_tableversion_number'))
              ON CONFLICT (name) DO UPDATE SET value = excluded.value;
              RETURN NULL;
            END $$;
            """,
            "DROP FUNCTION kernel_note_change(); DROP SEQUENCE kernel_tableversion_number;",
        ),
    ]
