-- Version 2 of the consent store: which transactions narrowed what may be used.
--
-- A transaction or cursor that reads by an older snapshot does not see a withdrawal. The proxy
-- asks, before such a statement goes on, whether a transaction of this table has committed that
-- the snapshot cannot see (functions.sql, pgpurpose.changed_since).

CREATE TABLE pgpurpose.consent_change (
  xid     xid8 NOT NULL DEFAULT pg_catalog.pg_current_xact_id(),
  purpose text NOT NULL,                    -- '': it concerns every purpose
  at      timestamp with time zone NOT NULL DEFAULT pg_catalog.clock_timestamp(),
  PRIMARY KEY (xid, purpose)
);
COMMENT ON TABLE pgpurpose.consent_change IS
  'Transactions that narrowed what may be used, for readers by older snapshots.';
CREATE INDEX consent_change_at ON pgpurpose.consent_change (at);

-- One row: the newest transaction forgotten, and the one that forgot it. Snapshots that do not see
-- the latter may not have seen the former.
CREATE TABLE pgpurpose.consent_forgotten (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  xid    xid8 NOT NULL,
  by     xid8 NOT NULL DEFAULT pg_catalog.pg_current_xact_id()
);

-- Choices that end by themselves, for readers by older snapshots.
CREATE INDEX choice_ends ON pgpurpose.choice (valid_until)
  WHERE choice IS TRUE AND valid_until IS NOT NULL;

REVOKE ALL ON pgpurpose.consent_change, pgpurpose.consent_forgotten FROM PUBLIC;
