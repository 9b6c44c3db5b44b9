-- How events become state, and what nobody may do. Replaced whole at every installation.

CREATE OR REPLACE FUNCTION pgpurpose.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'events of consent are never changed or taken away'
    USING ERRCODE = 'object_not_in_prerequisite_state';
END $$;
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON pgpurpose.event
  FOR EACH STATEMENT EXECUTE FUNCTION pgpurpose.refuse_change();

-- This transaction narrows what may be used for a purpose; '': for any. Its commit is to be seen
-- by synchronous standbys before it is answered.
CREATE OR REPLACE FUNCTION pgpurpose.narrowed(for_purpose text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO pgpurpose.consent_change (purpose) VALUES (for_purpose) ON CONFLICT DO NOTHING;
  IF pg_catalog.current_setting('synchronous_commit') <> 'remote_apply' THEN
    PERFORM pg_catalog.set_config('synchronous_commit', 'remote_apply', true);
  END IF;
END $$;

-- A choice: it takes the place of what was said before under the same key. A no also takes back
-- every yes that is narrower, so that a later yes does not bring it to life again.
CREATE OR REPLACE FUNCTION pgpurpose.apply_choice(e pgpurpose.event) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  by_guardian constant boolean := e.guardian IS NOT NULL;
  yes constant boolean := e.kind = 'given';
  shorter boolean;
BEGIN
  SELECT c.choice AND coalesce(e.valid_until, 'infinity') < coalesce(c.valid_until, 'infinity')
    INTO shorter FROM pgpurpose.choice c
   WHERE c.subject = e.subject AND coalesce(c.purpose, '') = coalesce(e.purpose, '')
     AND coalesce(c.category, '') = coalesce(e.category, '')
     AND coalesce(c.service, '') = coalesce(e.service, '')
     AND coalesce(c.recipient, '') = coalesce(e.recipient, '') AND c.guardian = by_guardian;
  INSERT INTO pgpurpose.choice AS c
      (subject, purpose, category, service, recipient, guardian, choice, valid_until, event)
    VALUES (e.subject, e.purpose, e.category, e.service, e.recipient, by_guardian, yes,
      CASE WHEN yes THEN e.valid_until END, e.id)
  ON CONFLICT (subject, (coalesce(purpose, '')), (coalesce(category, '')),
      (coalesce(service, '')), (coalesce(recipient, '')), guardian)
    DO UPDATE SET choice = excluded.choice, valid_until = excluded.valid_until,
      event = excluded.event;
  IF yes THEN
    IF shorter THEN PERFORM pgpurpose.narrowed(coalesce(e.purpose, '')); END IF;
    RETURN;
  END IF;
  UPDATE pgpurpose.choice c SET choice = false, valid_until = NULL, event = e.id
   WHERE c.subject = e.subject AND c.choice AND c.guardian = by_guardian
     AND (e.purpose IS NULL OR c.purpose = e.purpose
          OR pg_catalog.starts_with(c.purpose, e.purpose || '.'))
     AND (e.category IS NULL OR c.category = e.category
          OR pg_catalog.starts_with(c.category, e.category || '.'))
     AND (e.service IS NULL OR c.service = e.service)
     AND (e.recipient IS NULL OR c.recipient = e.recipient);
  PERFORM pgpurpose.narrowed(coalesce(e.purpose, ''));
END $$;

-- What becomes of a person.
CREATE OR REPLACE FUNCTION pgpurpose.apply_status(e pgpurpose.event) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  becomes constant text :=
    CASE WHEN e.kind IN ('reopened', 'unlocked') THEN 'active' ELSE e.kind END;
BEGIN
  UPDATE pgpurpose.person p SET status = becomes, status_at = e.at WHERE p.subject = e.subject;
  IF becomes <> 'active' THEN PERFORM pgpurpose.narrowed(''); END IF;
  IF becomes = 'erased' THEN
    DELETE FROM pgpurpose.choice c WHERE c.subject = e.subject;
    DELETE FROM pgpurpose.guardian_of g WHERE e.subject IN (g.child, g.guardian);
    INSERT INTO pgpurpose.choice (subject, guardian, choice, event)
      VALUES (e.subject, false, false, e.id);
    UPDATE pgpurpose.person p SET policy_seen = NULL, notified_at = NULL, policy_agreed = NULL,
      last_active = NULL, guardian_until = NULL WHERE p.subject = e.subject;
  END IF;
END $$;

CREATE OR REPLACE FUNCTION pgpurpose.apply_guardian(e pgpurpose.event) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  begins constant boolean := e.kind = 'guardian';
  ends timestamp with time zone;
BEGIN
  IF begins THEN
    INSERT INTO pgpurpose.guardian_of (child, guardian, until)
      VALUES (e.subject, e.guardian, coalesce(e.valid_until, 'infinity'))
    ON CONFLICT (child, guardian) DO UPDATE SET until = excluded.until;
  ELSE
    DELETE FROM pgpurpose.guardian_of g WHERE g.child = e.subject AND g.guardian = e.guardian;
  END IF;
  SELECT pg_catalog.max(g.until) INTO ends FROM pgpurpose.guardian_of g
   WHERE g.child = e.subject AND g.until > e.at;
  UPDATE pgpurpose.person p SET guardian_until = ends WHERE p.subject = e.subject;
  -- What guardians gave lasts no longer than the last of them.
  IF ends = 'infinity' THEN RETURN; END IF;
  ends := coalesce(ends, '-infinity');
  UPDATE pgpurpose.choice c SET valid_until = ends, event = e.id
   WHERE c.subject = e.subject AND c.guardian AND c.choice
     AND coalesce(c.valid_until, 'infinity') > ends;
  IF FOUND THEN PERFORM pgpurpose.narrowed(''); END IF;
END $$;

CREATE OR REPLACE FUNCTION pgpurpose.apply_event() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  CASE
    WHEN NEW.kind IN ('given', 'refused', 'withdrawn') THEN
      PERFORM pgpurpose.apply_choice(NEW);
    WHEN NEW.kind IN ('cancelled', 'reopened', 'locked', 'unlocked', 'erased') THEN
      PERFORM pgpurpose.apply_status(NEW);
    WHEN NEW.kind IN ('guardian', 'guardian_ended') THEN
      PERFORM pgpurpose.apply_guardian(NEW);
    WHEN NEW.kind = 'notified' THEN
      UPDATE pgpurpose.person p SET policy_seen = NEW.version, notified_at = NEW.at
       WHERE p.subject = NEW.subject;
    WHEN NEW.kind = 'agreed' THEN
      UPDATE pgpurpose.person p
         SET policy_seen = greatest(p.policy_seen, NEW.version), policy_agreed = NEW.version,
             notified_at = coalesce(p.notified_at, NEW.at), last_active = NEW.at
       WHERE p.subject = NEW.subject;
  END CASE;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER apply AFTER INSERT ON pgpurpose.event
  FOR EACH ROW EXECUTE FUNCTION pgpurpose.apply_event();

-- What conditions read. Open to whoever reads people's data: the conditions run in his name.
CREATE OR REPLACE VIEW pgpurpose.choices AS
  SELECT c.subject, c.purpose, c.category, c.service, c.recipient, c.choice, c.guardian,
         c.valid_until
    FROM pgpurpose.choice c;
COMMENT ON VIEW pgpurpose.choices IS
  'What people chose, as it holds now. NULL in the key: any. Compare valid_until when you read.';

CREATE OR REPLACE VIEW pgpurpose.people AS
  SELECT p.subject, p.status, p.policy_seen, p.notified_at, p.last_active, p.guardian_until,
         p.policy_agreed
    FROM pgpurpose.person p;
COMMENT ON VIEW pgpurpose.people IS 'How people stand. Who has no row is active.';
REVOKE ALL ON pgpurpose.choices, pgpurpose.people FROM PUBLIC;
