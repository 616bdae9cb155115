-- What the migrations make of an empty SQLite file, at once: Alembic alone takes a second to import.
-- A test compares the two and says what belongs here.
BEGIN;
CREATE TABLE alembic_version (
  version_num VARCHAR(32) NOT NULL,
  CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE board (
  channel VARCHAR NOT NULL,
  ts VARCHAR NOT NULL,
  PRIMARY KEY (channel)
);
CREATE TABLE bucket (
  name VARCHAR NOT NULL,
  full_at BIGINT NOT NULL,
  PRIMARY KEY (name)
);
CREATE TABLE conversation (
  id INTEGER NOT NULL,
  channel VARCHAR NOT NULL,
  chat VARCHAR NOT NULL,
  customer VARCHAR NOT NULL,
  language VARCHAR NOT NULL,
  reachable BOOLEAN NOT NULL,
  state VARCHAR NOT NULL,
  epoch INTEGER NOT NULL,
  since BIGINT NOT NULL,
  handoff INTEGER,
  owner_id VARCHAR,
  owner_name VARCHAR,
  stage VARCHAR NOT NULL,
  kept_stage VARCHAR NOT NULL,
  answers TEXT NOT NULL,
  unsure INTEGER NOT NULL,
  brief TEXT NOT NULL,
  bot VARCHAR DEFAULT '' NOT NULL,
  window_shown VARCHAR DEFAULT '' NOT NULL,
  verified VARCHAR DEFAULT '' NOT NULL,
  contact BIGINT,
  also VARCHAR DEFAULT '' NOT NULL,
  reach VARCHAR DEFAULT '' NOT NULL,
  topic VARCHAR DEFAULT '' NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (channel, chat)
);
CREATE INDEX conversation_also ON conversation (channel, also) WHERE also <> '';
CREATE INDEX conversation_contact ON conversation (contact) WHERE contact IS NOT NULL;
CREATE INDEX conversation_verified ON conversation (verified) WHERE verified <> '';
CREATE TABLE delivery (
  "key" VARCHAR NOT NULL,
  message_id BIGINT NOT NULL,
  part INTEGER NOT NULL,
  platform_id VARCHAR NOT NULL,
  state VARCHAR NOT NULL,
  reason VARCHAR NOT NULL,
  PRIMARY KEY ("key")
);
CREATE INDEX delivery_of ON delivery (message_id);
CREATE INDEX delivery_platform ON delivery (platform_id);
CREATE TABLE duty (
  agent_id VARCHAR NOT NULL,
  name VARCHAR NOT NULL,
  away BOOLEAN NOT NULL,
  since BIGINT NOT NULL,
  PRIMARY KEY (agent_id)
);
CREATE TABLE file (
  id INTEGER NOT NULL,
  message_id BIGINT NOT NULL,
  kind VARCHAR NOT NULL,
  name VARCHAR NOT NULL,
  mime VARCHAR NOT NULL,
  size BIGINT NOT NULL,
  ref VARCHAR NOT NULL,
  upload VARCHAR NOT NULL,
  handoff BIGINT,
  platform_id VARCHAR,
  PRIMARY KEY (id)
);
CREATE INDEX file_of ON file (message_id);
CREATE INDEX file_platform ON file (platform_id) WHERE platform_id IS NOT NULL;
CREATE TABLE former_thread (
  channel VARCHAR NOT NULL,
  ts VARCHAR NOT NULL,
  handoff BIGINT NOT NULL,
  PRIMARY KEY (channel, ts)
);
CREATE TABLE handoff (
  number INTEGER NOT NULL,
  conversation_id BIGINT NOT NULL,
  state VARCHAR NOT NULL,
  reason VARCHAR NOT NULL,
  quote TEXT NOT NULL,
  since BIGINT NOT NULL,
  opened BIGINT NOT NULL,
  owner_id VARCHAR,
  owner_name VARCHAR,
  summary TEXT NOT NULL,
  note TEXT NOT NULL,
  thread_channel VARCHAR,
  thread_ts VARCHAR,
  upto BIGINT NOT NULL,
  labels VARCHAR DEFAULT '' NOT NULL,
  route VARCHAR DEFAULT '' NOT NULL,
  queue_channel VARCHAR DEFAULT '' NOT NULL,
  outcome VARCHAR DEFAULT '' NOT NULL,
  waits BIGINT,
  PRIMARY KEY (number)
);
CREATE INDEX handoff_of ON handoff (conversation_id);
CREATE INDEX handoff_open ON handoff (since) WHERE outcome = 'open';
CREATE INDEX handoff_queue ON handoff (state, since, number);
CREATE INDEX handoff_state ON handoff (state, owner_id);
CREATE INDEX handoff_thread ON handoff (thread_channel, thread_ts);
CREATE INDEX handoff_waits ON handoff (state, waits) WHERE waits IS NOT NULL;
CREATE TABLE inbox (
  id INTEGER NOT NULL,
  at BIGINT NOT NULL,
  source VARCHAR NOT NULL,
  raw TEXT NOT NULL,
  failed VARCHAR NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX ix_inbox_at ON inbox (at);
CREATE TABLE inbox_key (
  "key" VARCHAR NOT NULL,
  at BIGINT NOT NULL,
  CONSTRAINT inbox_key_key PRIMARY KEY ("key")
) WITHOUT ROWID;
CREATE INDEX inbox_key_at ON inbox_key (at);
CREATE TABLE lane (
  name VARCHAR NOT NULL,
  way VARCHAR NOT NULL,
  pending INTEGER NOT NULL,
  due BIGINT,
  waiting_since BIGINT NOT NULL,
  priority INTEGER NOT NULL,
  worker VARCHAR,
  claim BIGINT NOT NULL,
  CONSTRAINT lane_key PRIMARY KEY (name)
) WITHOUT ROWID;
CREATE INDEX ix_lane_worker ON lane (worker);
CREATE INDEX lane_due ON lane (way, due);
CREATE INDEX lane_waits ON lane (due) WHERE due > 0;
CREATE TABLE message (
  id INTEGER NOT NULL,
  conversation_id BIGINT NOT NULL,
  handoff INTEGER,
  author VARCHAR NOT NULL,
  author_id VARCHAR NOT NULL,
  author_name VARCHAR NOT NULL,
  text TEXT NOT NULL,
  changed TEXT NOT NULL,
  state VARCHAR NOT NULL,
  at BIGINT NOT NULL,
  source_channel VARCHAR,
  source_ts VARCHAR,
  platform_id VARCHAR,
  mark VARCHAR DEFAULT '' NOT NULL,
  corrected TEXT DEFAULT '' NOT NULL,
  first_text TEXT,
  corrects BIGINT,
  deleted BOOLEAN DEFAULT 0 NOT NULL,
  template BOOLEAN DEFAULT 0 NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX message_of ON message (conversation_id, id);
CREATE INDEX message_platform ON message (conversation_id, platform_id) WHERE platform_id IS NOT NULL;
CREATE UNIQUE INDEX message_source ON message (source_channel, source_ts) WHERE source_ts IS NOT NULL;
CREATE TABLE outbox (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  lane VARCHAR NOT NULL,
  kind VARCHAR NOT NULL,
  payload TEXT NOT NULL,
  state VARCHAR NOT NULL,
  "key" VARCHAR NOT NULL,
  attempts INTEGER NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX outbox_key ON outbox ("key");
CREATE INDEX outbox_lane ON outbox (lane, id);
CREATE TABLE same_person (
  id INTEGER NOT NULL,
  one BIGINT NOT NULL,
  other BIGINT NOT NULL,
  at BIGINT NOT NULL,
  who VARCHAR NOT NULL,
  name VARCHAR NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX same_person_one ON same_person (one);
CREATE TABLE setting_change (
  section VARCHAR NOT NULL,
  version INTEGER NOT NULL,
  in_file BOOLEAN NOT NULL,
  was TEXT NOT NULL,
  became TEXT NOT NULL,
  who VARCHAR NOT NULL,
  name VARCHAR NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (section, version)
);
CREATE TABLE shown (
  channel VARCHAR NOT NULL,
  ts VARCHAR NOT NULL,
  message_id BIGINT NOT NULL,
  handoff BIGINT NOT NULL,
  reactions VARCHAR DEFAULT '' NOT NULL,
  sent VARCHAR DEFAULT '' NOT NULL,
  PRIMARY KEY (channel, ts)
) WITHOUT ROWID;
CREATE INDEX shown_message ON shown (message_id);
CREATE INDEX shown_sent ON shown (sent) WHERE sent <> '';
CREATE TABLE timeline (
  id INTEGER NOT NULL,
  conversation_id BIGINT NOT NULL,
  handoff INTEGER,
  at BIGINT NOT NULL,
  event VARCHAR NOT NULL,
  who VARCHAR NOT NULL,
  name VARCHAR DEFAULT '' NOT NULL,
  note TEXT DEFAULT '' NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX ix_timeline_conversation_id ON timeline (conversation_id);
CREATE INDEX timeline_at ON timeline (at);
CREATE INDEX timeline_handoff ON timeline (handoff);
CREATE TABLE upload (
  id VARCHAR NOT NULL,
  chat VARCHAR NOT NULL,
  name VARCHAR NOT NULL,
  mime VARCHAR NOT NULL,
  size BIGINT NOT NULL,
  state VARCHAR NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX upload_loose ON upload (at) WHERE state <> 'used';
CREATE TABLE upload_piece (
  upload VARCHAR NOT NULL,
  number INTEGER NOT NULL,
  content BLOB NOT NULL,
  PRIMARY KEY (upload, number)
);
CREATE TABLE visitor (
  chat VARCHAR NOT NULL,
  name VARCHAR NOT NULL,
  identity VARCHAR,
  verified VARCHAR DEFAULT '' NOT NULL,
  seen BIGINT DEFAULT '0' NOT NULL,
  PRIMARY KEY (chat),
  UNIQUE (identity)
);
CREATE TABLE visitor_token (
  token_hash VARCHAR NOT NULL,
  chat VARCHAR NOT NULL,
  until BIGINT NOT NULL,
  PRIMARY KEY (token_hash)
);
CREATE INDEX visitor_token_until ON visitor_token (until);
CREATE TABLE web_event (
  chat VARCHAR NOT NULL,
  seq INTEGER NOT NULL,
  "key" VARCHAR NOT NULL,
  event TEXT NOT NULL,
  PRIMARY KEY (chat, seq),
  UNIQUE (chat, "key")
);
CREATE TABLE worker (
  name VARCHAR NOT NULL,
  beat BIGINT NOT NULL,
  PRIMARY KEY (name)
);
INSERT INTO alembic_version (version_num) VALUES ('0015');
COMMIT;
