"""Versions, contracts and payments in the database's own keeping: only added, balanced when submitted, approved by another."""

from django.db import migrations

APPEND_ONLY = ["budgetversion", "versionrow", "versionstep", "bookfile", "refusedrow", "contract", "paymentorder"]

PROTECT = """
CREATE FUNCTION ledger_version_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM ledger_versionstep WHERE version_id = NEW.version_id) THEN
    RAISE EXCEPTION 'version % is no draft any more', NEW.version_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION ledger_version_step_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE submitted ledger_versionstep;
BEGIN
  IF NEW.step = 'submitted' THEN
    IF EXISTS (SELECT FROM ledger_versionrow WHERE version_id = NEW.version_id AND (source = ''
        OR (side = 'spending' AND category <> 'kept' AND (function_code = '' OR economic_code = ''))
        OR (category = 'project' AND project_code = ''))) THEN
      RAISE EXCEPTION 'version % lacks codes', NEW.version_id USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT FROM ledger_versionrow WHERE version_id = NEW.version_id
        GROUP BY CASE WHEN source IN ('career', 'business', 'superior', 'subordinate', 'other') THEN 'own' ELSE source END
        HAVING sum(CASE side WHEN 'income' THEN amount ELSE -amount END) <> 0) THEN
      RAISE EXCEPTION 'version % does not balance', NEW.version_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  SELECT * INTO submitted FROM ledger_versionstep WHERE version_id = NEW.version_id AND step = 'submitted';
  IF submitted.id IS NULL OR EXISTS (SELECT FROM ledger_versionstep WHERE version_id = NEW.version_id AND step <> 'submitted') THEN
    RAISE EXCEPTION 'version % waits for no decision', NEW.version_id USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.step = 'approved' AND submitted.by_id IS NOT DISTINCT FROM NEW.by_id THEN
    RAISE EXCEPTION 'version % needs another person to approve it', NEW.version_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION ledger_payment_fits_contract() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE bound ledger_contract; paid numeric;
BEGIN
  IF NEW.contract_id IS NULL THEN
    RETURN NEW;
  END IF;
  SELECT * INTO bound FROM ledger_contract WHERE id = NEW.contract_id FOR UPDATE;
  SELECT coalesce(sum(amount), 0) INTO paid FROM ledger_paymentorder WHERE contract_id = NEW.contract_id;
  IF bound.line_id <> NEW.line_id OR paid + NEW.amount > bound.amount THEN
    RAISE EXCEPTION 'payment % does not fit its contract', NEW.number USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_versionrow_open BEFORE INSERT ON ledger_versionrow
  FOR EACH ROW EXECUTE FUNCTION ledger_version_is_open();
CREATE TRIGGER ledger_versionstep_fits BEFORE INSERT ON ledger_versionstep
  FOR EACH ROW EXECUTE FUNCTION ledger_version_step_fits();
CREATE TRIGGER ledger_payment_fits BEFORE INSERT ON ledger_paymentorder
  FOR EACH ROW EXECUTE FUNCTION ledger_payment_fits_contract();
""" + "\n".join(
    f"CREATE TRIGGER ledger_{table}_append_only BEFORE UPDATE OR DELETE ON ledger_{table}"
    " FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();"
    for table in APPEND_ONLY
)

UNPROTECT = (
    """
DROP TRIGGER ledger_payment_fits ON ledger_paymentorder;
DROP TRIGGER ledger_versionstep_fits ON ledger_versionstep;
DROP TRIGGER ledger_versionrow_open ON ledger_versionrow;
"""
    + "\n".join(f"DROP TRIGGER ledger_{table}_append_only ON ledger_{table};" for table in APPEND_ONLY)
    + """
DROP FUNCTION ledger_payment_fits_contract();
DROP FUNCTION ledger_version_step_fits();
DROP FUNCTION ledger_version_is_open();
"""
)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0006_versions_and_contracts")]
    operations = [migrations.RunSQL(PROTECT, UNPROTECT)]
