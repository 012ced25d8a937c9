from django.db import migrations

from qushu.kernel.kept import watch


class Migration(migrations.Migration):
    dependencies = [("people", "0004_notices_of_a_role_in_a_unit"), ("kernel", "0003_table_versions")]

    operations = [
        watch("people_grant"),
        watch("people_account", "name", "is_active"),
        watch("people_apitoken", "digest", "scopes", "account_id", "expires_at", "revoked_at"),
    ]
