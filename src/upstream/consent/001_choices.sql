-- Version 1 of the consent store: what people chose, and what is known of them.
--
-- pgpurpose.event     what was said and done, in order: nothing is ever changed or taken away
-- pgpurpose.choice    what holds now, one row for each key; a NULL in the key stands for any
-- pgpurpose.person    how each person stands: status, policy, last seen, end of guardianship
-- pgpurpose.guardian_of  who may choose for whom, and until when
--
-- {subject} stands for the type of people's keys. Events are written by the functions of
-- functions.sql alone; a trigger derives the other tables from them in the same transaction.

CREATE TABLE pgpurpose.event (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at          timestamp with time zone NOT NULL DEFAULT pg_catalog.clock_timestamp(),
  subject     {subject} NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('given', 'refused', 'withdrawn',
                'cancelled', 'reopened', 'locked', 'unlocked', 'erased',
                'notified', 'agreed', 'guardian', 'guardian_ended')),
  purpose     text,
  category    text,
  service     text,
  recipient   text,
  guardian    {subject},                  -- who chose in the person's place; or the link at hand
  valid_until timestamp with time zone,
  version     integer,                    -- of the policy: notified, agreed
  evidence    text,                       -- where the proof is kept, never the proof itself
  recorded_by name NOT NULL DEFAULT session_user
);
COMMENT ON TABLE pgpurpose.event IS 'What people chose and what became of them. Append-only.';
CREATE INDEX event_subject ON pgpurpose.event (subject, id);

CREATE TABLE pgpurpose.choice (
  subject     {subject} NOT NULL,
  purpose     text,
  category    text,
  service     text,
  recipient   text,
  guardian    boolean NOT NULL,           -- made by a guardian; both voices are kept
  choice      boolean NOT NULL,           -- true: given. false: refused or withdrawn
  valid_until timestamp with time zone,   -- compared when a statement runs
  event       bigint NOT NULL REFERENCES pgpurpose.event
);
COMMENT ON TABLE pgpurpose.choice IS 'What holds now, derived from pgpurpose.event.';
CREATE UNIQUE INDEX choice_key ON pgpurpose.choice (subject, (coalesce(purpose, '')),
  (coalesce(category, '')), (coalesce(service, '')), (coalesce(recipient, '')), guardian);
-- The choice for a purpose as such, which is what most conditions ask for: unique, so that a join
-- gives no row twice, and answered from the index alone.
CREATE UNIQUE INDEX choice_general ON pgpurpose.choice (subject, purpose)
  INCLUDE (choice, valid_until)
  WHERE category IS NULL AND service IS NULL AND recipient IS NULL AND guardian IS FALSE;
-- All choices of one person, from the index alone.
CREATE INDEX choice_subject ON pgpurpose.choice (subject, purpose)
  INCLUDE (choice, valid_until, category, service, recipient, guardian);
-- Who refused, for statements that go over everybody: few rows where consent is implied.
CREATE INDEX choice_refused ON pgpurpose.choice (purpose, subject)
  INCLUDE (category, service, recipient, guardian) WHERE choice IS NOT TRUE;

CREATE TABLE pgpurpose.person (
  subject        {subject} PRIMARY KEY,
  status         text NOT NULL DEFAULT 'active'
                   CHECK (status IN ('active', 'locked', 'cancelled', 'erased')),
  status_at      timestamp with time zone,
  policy_seen    integer,                   -- newest version the person was told of
  notified_at    timestamp with time zone,  -- when that was
  policy_agreed  integer,                   -- newest version told of and then lived with
  last_active    timestamp with time zone,  -- to the hour
  guardian_until timestamp with time zone   -- when the last guardianship ends
);
COMMENT ON TABLE pgpurpose.person IS 'How people stand. Who has no row is active, and was told nothing.';
CREATE INDEX person_not_active ON pgpurpose.person (subject) INCLUDE (status)
  WHERE status <> 'active';

CREATE TABLE pgpurpose.guardian_of (
  child    {subject} NOT NULL,
  guardian {subject} NOT NULL,
  until    timestamp with time zone NOT NULL DEFAULT 'infinity',
  PRIMARY KEY (child, guardian),
  CHECK (child <> guardian)
);

REVOKE ALL ON pgpurpose.event, pgpurpose.choice, pgpurpose.person, pgpurpose.guardian_of
  FROM PUBLIC;
