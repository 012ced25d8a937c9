"""The books in the database's own keeping: rows are only added, entries balance, a closed month takes nothing."""

from django.db import migrations

APPEND_ONLY = ["entry", "posting", "closedmonth"]

PROTECT = """
CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE FUNCTION ledger_month_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE looked bigint;
BEGIN
  IF TG_TABLE_NAME = 'ledger_entry' THEN
    SELECT count(*) INTO looked FROM ledger_budgetline l JOIN ledger_closedmonth c ON c.book_id = l.book_id
      WHERE l.id = NEW.line_id AND c.month = NEW.month;
  ELSE
    SELECT count(*) INTO looked FROM ledger_entry e JOIN ledger_budgetline l ON l.id = e.line_id
      JOIN ledger_closedmonth c ON c.book_id = l.book_id AND c.month = e.month WHERE e.id = NEW.entry_id;
  END IF;
  IF looked > 0 THEN
    RAISE EXCEPTION 'the month is closed' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION ledger_entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE entered bigint := CASE WHEN TG_TABLE_NAME = 'ledger_entry' THEN NEW.id ELSE (to_jsonb(NEW)->>'entry_id')::bigint END;
DECLARE total numeric;
BEGIN
  SELECT sum(amount) INTO total FROM ledger_posting WHERE entry_id = entered;
  IF total IS DISTINCT FROM 0 THEN
    RAISE EXCEPTION 'entry % does not balance: %', entered, total USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_entry_month_open BEFORE INSERT ON ledger_entry
  FOR EACH ROW EXECUTE FUNCTION ledger_month_is_open();
CREATE TRIGGER ledger_posting_month_open BEFORE INSERT ON ledger_posting
  FOR EACH ROW EXECUTE FUNCTION ledger_month_is_open();
CREATE CONSTRAINT TRIGGER ledger_entry_balances AFTER INSERT ON ledger_entry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_entry_balances();
CREATE CONSTRAINT TRIGGER ledger_posting_balances AFTER INSERT ON ledger_posting
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_entry_balances();
""" + "\n".join(
    f"CREATE TRIGGER ledger_{table}_append_only BEFORE UPDATE OR DELETE ON ledger_{table}"
    " FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();"
    for table in APPEND_ONLY
)

UNPROTECT = (
    """
DROP TRIGGER ledger_posting_balances ON ledger_posting;
DROP TRIGGER ledger_entry_balances ON ledger_entry;
DROP TRIGGER ledger_posting_month_open ON ledger_posting;
DROP TRIGGER ledger_entry_month_open ON ledger_entry;
"""
    + "\n".join(f"DROP TRIGGER ledger_{table}_append_only ON ledger_{table};" for table in APPEND_ONLY)
    + """
DROP FUNCTION ledger_entry_balances();
DROP FUNCTION ledger_month_is_open();
DROP FUNCTION ledger_refuse_change();
"""
)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_books")]
    operations = [migrations.RunSQL(PROTECT, UNPROTECT)]
