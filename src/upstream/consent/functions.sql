-- The functions of the consent store. Replaced whole at every installation.
--
-- Said by people            pgpurpose.grant, refuse, withdraw, agree
-- Done to an account        pgpurpose.cancel_account, reopen_account, lock, unlock, erased
-- Told, used                pgpurpose.notify, seen
-- Guardians                 pgpurpose.guardian, guardian_ended
-- Read                      pgpurpose.show, status, history
--
-- Each runs under the role that installed them, and is open to the roles named as writers. What
-- is recorded gives the number of its event, NULL where nothing changed. Errors name arguments,
-- never their values: 22023 for one that cannot be, 55000 for one that cannot be now.

-- What arguments must be like.
CREATE OR REPLACE FUNCTION pgpurpose.checked(
  argument text, value text, pattern text) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF value IS NULL OR value ~ pattern THEN RETURN value; END IF;
  RAISE EXCEPTION 'argument "%" is not a name of at most 200 characters', argument
    USING ERRCODE = 'invalid_parameter_value';
END $$;

-- Takes the person: writers on one person come one after the other, and events are in the order
-- in which they took effect.
CREATE OR REPLACE FUNCTION pgpurpose.taken(person {subject}) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE status text;
BEGIN
  IF person IS NULL THEN
    RAISE EXCEPTION 'argument "subject" must not be null'
      USING ERRCODE = 'invalid_parameter_value';
  END IF;
  INSERT INTO pgpurpose.person (subject) VALUES (person) ON CONFLICT DO NOTHING;
  SELECT p.status INTO status FROM pgpurpose.person p WHERE p.subject = person FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'could not serialize access to the person'
      USING ERRCODE = 'serialization_failure';
  END IF;
  IF status = 'erased' THEN
    RAISE EXCEPTION 'the person has been erased'
      USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  RETURN status;
END $$;

-- Whether somebody may choose for a person now; until when.
CREATE OR REPLACE FUNCTION pgpurpose.guarded_until(person {subject}, by_guardian {subject})
RETURNS timestamp with time zone
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE ends timestamp with time zone;
BEGIN
  IF by_guardian IS NULL THEN RETURN NULL; END IF;
  SELECT g.until INTO ends FROM pgpurpose.guardian_of g
   WHERE g.child = person AND g.guardian = by_guardian AND g.until > pg_catalog.now();
  IF NOT FOUND THEN
    RAISE EXCEPTION 'argument "guardian" is not a guardian of the person'
      USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  RETURN ends;
END $$;

-- One choice.
CREATE OR REPLACE FUNCTION pgpurpose.chosen(said text, person {subject}, what text[],
  ends timestamp with time zone, by_guardian {subject}, evidence text) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  name constant text := '^[[:alpha:]_][[:alnum:]_.-]{0,199}$';
  words constant text := '^[^[:cntrl:]]{1,200}$';
  guarded timestamp with time zone;
  made bigint;
BEGIN
  PERFORM pgpurpose.checked('purpose', what[1], name), pgpurpose.checked('category', what[2], name),
    pgpurpose.checked('service', what[3], name), pgpurpose.checked('recipient', what[4], words),
    pgpurpose.checked('evidence', evidence, words);
  IF what[1] IS NULL AND what[2] IS NULL AND what[3] IS NULL AND what[4] IS NULL THEN
    RAISE EXCEPTION 'one of "purpose", "category", "service", "recipient" must be given'
      USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF ends <= pg_catalog.clock_timestamp() THEN
    RAISE EXCEPTION 'argument "valid_until" is in the past'
      USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF pgpurpose.taken(person) = 'cancelled' AND said = 'given' THEN
    RAISE EXCEPTION 'the account is cancelled'
      USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Reopen it first.';
  END IF;
  guarded := pgpurpose.guarded_until(person, by_guardian);
  IF said = 'given' AND guarded < 'infinity' THEN ends := least(ends, guarded); END IF;
  INSERT INTO pgpurpose.event (subject, kind, purpose, category, service, recipient, guardian,
      valid_until, evidence)
    VALUES (person, said, what[1], what[2], what[3], what[4], by_guardian, ends, evidence)
    RETURNING id INTO made;
  RETURN made;
END $$;

-- The person agrees: to a purpose, a category, the use of a service's data in others, a recipient;
-- what is left out is any. A guardian must be known as one, and agrees for as long as he is one.
CREATE OR REPLACE FUNCTION pgpurpose.grant(subject {subject}, purpose text DEFAULT NULL,
  category text DEFAULT NULL, service text DEFAULT NULL, recipient text DEFAULT NULL,
  valid_until timestamp with time zone DEFAULT NULL, guardian {subject} DEFAULT NULL,
  evidence text DEFAULT NULL) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT pgpurpose.chosen('given', subject, ARRAY[purpose, category, service, recipient],
    valid_until, guardian, evidence);
$$;

-- The person says no, asked or not. Without a purpose but with a category: it may not be collected.
CREATE OR REPLACE FUNCTION pgpurpose.refuse(subject {subject}, purpose text DEFAULT NULL,
  category text DEFAULT NULL, service text DEFAULT NULL, recipient text DEFAULT NULL,
  guardian {subject} DEFAULT NULL, evidence text DEFAULT NULL) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT pgpurpose.chosen('refused', subject, ARRAY[purpose, category, service, recipient],
    NULL, guardian, evidence);
$$;

-- The person takes back what was given, there and in all that is narrower.
CREATE OR REPLACE FUNCTION pgpurpose.withdraw(subject {subject}, purpose text DEFAULT NULL,
  category text DEFAULT NULL, service text DEFAULT NULL, recipient text DEFAULT NULL,
  guardian {subject} DEFAULT NULL, evidence text DEFAULT NULL) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT pgpurpose.chosen('withdrawn', subject, ARRAY[purpose, category, service, recipient],
    NULL, guardian, evidence);
$$;

-- What happens to an account: possible from some states, nothing where it has happened already.
CREATE OR REPLACE FUNCTION pgpurpose.moved(what text, person {subject}, becomes text,
  possible text[], evidence text) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE status text; made bigint;
BEGIN
  PERFORM pgpurpose.checked('evidence', evidence, '^[^[:cntrl:]]{1,200}$');
  status := pgpurpose.taken(person);
  IF status = becomes THEN RETURN NULL; END IF;
  IF status <> ALL (possible) THEN
    RAISE EXCEPTION 'an account that is % cannot become %', status, becomes
      USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  INSERT INTO pgpurpose.event (subject, kind, evidence) VALUES (person, what, evidence)
    RETURNING id INTO made;
  RETURN made;
END $$;

-- The person has left: used for nothing from now on but what the rules except.
CREATE OR REPLACE FUNCTION pgpurpose.cancel_account(subject {subject},
  evidence text DEFAULT NULL) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT pgpurpose.moved('cancelled', subject, 'cancelled', ARRAY['active', 'locked'], evidence);
$$;

CREATE OR REPLACE FUNCTION pgpurpose.reopen_account(subject {subject},
  evidence text DEFAULT NULL) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT pgpurpose.moved('reopened', subject, 'active', ARRAY['cancelled'], evidence);
$$;

-- A leak was reported: kept from use until it is looked into.
CREATE OR REPLACE FUNCTION pgpurpose.lock(subject {subject},
  evidence text DEFAULT NULL) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT pgpurpose.moved('locked', subject, 'locked', ARRAY['active'], evidence);
$$;

CREATE OR REPLACE FUNCTION pgpurpose.unlock(subject {subject},
  evidence text DEFAULT NULL) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT pgpurpose.moved('unlocked', subject, 'active', ARRAY['locked'], evidence);
$$;

-- The person's data has been deleted. What is left says that, and no to everything.
CREATE OR REPLACE FUNCTION pgpurpose.erased(subject {subject},
  evidence text DEFAULT NULL) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT pgpurpose.moved('erased', subject, 'erased', ARRAY['active', 'locked', 'cancelled'],
    evidence);
$$;

CREATE OR REPLACE FUNCTION pgpurpose.versioned(what text, person {subject}, version integer,
  evidence text) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE made bigint; known boolean;
BEGIN
  PERFORM pgpurpose.checked('evidence', evidence, '^[^[:cntrl:]]{1,200}$');
  IF version IS NULL OR version < 1 THEN
    RAISE EXCEPTION 'argument "version" is not the number of a version'
      USING ERRCODE = 'invalid_parameter_value';
  END IF;
  PERFORM pgpurpose.taken(person);
  SELECT CASE what WHEN 'notified' THEN p.policy_seen ELSE p.policy_agreed END >= version
    INTO known FROM pgpurpose.person p WHERE p.subject = person;
  IF known THEN RETURN NULL; END IF;
  INSERT INTO pgpurpose.event (subject, kind, version, evidence)
    VALUES (person, what, version, evidence) RETURNING id INTO made;
  RETURN made;
END $$;

-- The person has been told of a version of the policy, by mail or at login.
CREATE OR REPLACE FUNCTION pgpurpose.notify(subject {subject}, version integer,
  evidence text DEFAULT NULL) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT pgpurpose.versioned('notified', subject, version, evidence);
$$;

-- The person has read a version of the policy and confirmed it.
CREATE OR REPLACE FUNCTION pgpurpose.agree(subject {subject}, version integer,
  evidence text DEFAULT NULL) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT pgpurpose.versioned('agreed', subject, version, evidence);
$$;

-- The person has used the service: agrees so to the version told of before. Kept to the hour and
-- without an event, so that it may be called at every login.
CREATE OR REPLACE FUNCTION pgpurpose.seen(subject {subject}) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM FROM pgpurpose.person p WHERE p.subject = $1
    AND p.last_active > pg_catalog.clock_timestamp() - interval '1 hour'
    AND (p.policy_seen IS NULL OR p.policy_agreed >= p.policy_seen);
  IF FOUND THEN RETURN; END IF;
  PERFORM pgpurpose.taken($1);
  UPDATE pgpurpose.person p
     SET last_active = pg_catalog.clock_timestamp(),
         policy_agreed = greatest(p.policy_agreed, p.policy_seen)
   WHERE p.subject = $1;
END $$;

-- Somebody may choose for a child, until a day: the eighteenth birthday, say. Said again, the day
-- is another one.
CREATE OR REPLACE FUNCTION pgpurpose.guardian(child {subject}, guardian {subject},
  until timestamp with time zone DEFAULT NULL, evidence text DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE made bigint;
BEGIN
  PERFORM pgpurpose.checked('evidence', $4, '^[^[:cntrl:]]{1,200}$');
  IF $2 IS NULL OR $1 = $2 THEN
    RAISE EXCEPTION 'argument "guardian" must be another person'
      USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF $3 <= pg_catalog.clock_timestamp() THEN
    RAISE EXCEPTION 'argument "until" is in the past' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  PERFORM pgpurpose.taken($1);
  INSERT INTO pgpurpose.event (subject, kind, guardian, valid_until, evidence)
    VALUES ($1, 'guardian', $2, $3, $4) RETURNING id INTO made;
  RETURN made;
END $$;

-- Somebody may no longer choose for a child. What was given in the child's name ends with it,
-- unless another guardian is left.
CREATE OR REPLACE FUNCTION pgpurpose.guardian_ended(child {subject}, guardian {subject},
  evidence text DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE made bigint;
BEGIN
  PERFORM pgpurpose.checked('evidence', $3, '^[^[:cntrl:]]{1,200}$');
  PERFORM pgpurpose.taken($1);
  PERFORM FROM pgpurpose.guardian_of g
    WHERE g.child = $1 AND g.guardian = $2 AND g.until > pg_catalog.clock_timestamp();
  IF NOT FOUND THEN RETURN NULL; END IF;
  INSERT INTO pgpurpose.event (subject, kind, guardian, evidence)
    VALUES ($1, 'guardian_ended', $2, $3) RETURNING id INTO made;
  RETURN made;
END $$;

-- What holds for one person now.
CREATE OR REPLACE FUNCTION pgpurpose.show(subject {subject})
RETURNS TABLE (purpose text, category text, service text, recipient text, choice boolean,
  guardian boolean, valid_until timestamp with time zone, since timestamp with time zone)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.purpose, c.category, c.service, c.recipient, c.choice, c.guardian, c.valid_until, e.at
    FROM pgpurpose.choice c JOIN pgpurpose.event e ON e.id = c.event
   WHERE c.subject = $1
   ORDER BY c.purpose, c.category, c.service, c.recipient, c.guardian;
$$;

CREATE OR REPLACE FUNCTION pgpurpose.status(subject {subject})
RETURNS TABLE (status text, policy_seen integer, notified_at timestamp with time zone,
  policy_agreed integer, last_active timestamp with time zone,
  guardian_until timestamp with time zone)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT p.status, p.policy_seen, p.notified_at, p.policy_agreed, p.last_active, p.guardian_until
    FROM pgpurpose.person p WHERE p.subject = $1;
$$;

-- Everything that one person said and that was done, oldest first.
CREATE OR REPLACE FUNCTION pgpurpose.history(subject {subject})
RETURNS TABLE (event bigint, at timestamp with time zone, kind text, purpose text, category text,
  service text, recipient text, guardian boolean, valid_until timestamp with time zone,
  version integer, evidence text, recorded_by text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT e.id, e.at, e.kind, e.purpose, e.category, e.service, e.recipient,
         e.guardian IS NOT NULL, e.valid_until, e.version, e.evidence, e.recorded_by::text
    FROM pgpurpose.event e WHERE e.subject = $1 ORDER BY e.id;
$$;
