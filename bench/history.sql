-- Rows of a long history. `n` has the numbers from 0 on; `talk` says whose message each is: the square of an even
-- spread, so that the busiest hundredth of the customers have a tenth of the messages.
-- Customers and agents speak in turn. Threads, chats and names are those that the far ends know.

CREATE TEMP TABLE n AS WITH RECURSIVE numbers(i) AS (
  SELECT 0 UNION ALL SELECT i + 1 FROM numbers WHERE i + 1 < max(:messages, 2 * :conversations)
) SELECT i FROM numbers;

CREATE TEMP TABLE talk AS
SELECT i, CAST(:conversations * spread * spread AS INTEGER) AS customer, i % 2 = 0 AS said_by_customer
FROM (SELECT i, ((i * 2654435761) & 4294967295) / 4294967296.0 AS spread FROM n WHERE i < :messages);

INSERT INTO conversation (id, channel, chat, customer, language, reachable, state, epoch, since, handoff, owner_id,
  owner_name, stage, kept_stage, answers, unsure, brief)
SELECT i + 1, 'telegram', CAST(:first_chat + i AS TEXT), printf('C%05d Example', i), 'en', 1,
  iif(i < :open, 'claimed', 'ended'), 2, :began, :first_number + i, iif(i < :open, :agent, NULL),
  iif(i < :open, 'Ana Ruiz', NULL), '', '', '{}', 0, ''
FROM n WHERE i < :conversations;

INSERT INTO handoff (number, conversation_id, state, reason, quote, since, opened, owner_id, owner_name, summary, note,
  thread_channel, thread_ts, upto)
SELECT :first_number + i, i + 1, iif(i < :open, 'claimed', 'ended'), 'Asked for a person.',
  'I want to talk to a human please.', :began, :began, :agent, 'Ana Ruiz', '', '', :channel,
  printf('1700000000.%06d', i), 0
FROM n WHERE i < :conversations;

INSERT INTO timeline (conversation_id, handoff, at, event, who)
SELECT i / 2 + 1, :first_number + i / 2, :began, iif(i % 2 = 0, 'escalated', 'claimed'), ''
FROM n WHERE i < 2 * :conversations;

INSERT INTO message (id, conversation_id, handoff, author, author_id, author_name, text, changed, state, at,
  source_channel, source_ts, platform_id)
SELECT i + 1, customer + 1, :first_number + customer, iif(said_by_customer, 'customer', 'agent'),
  iif(said_by_customer, '', :agent), iif(said_by_customer, printf('C%05d Example', customer), 'Ana Ruiz'),
  'M00000000 My order has not arrived yet, and it was due on Monday. Could you please look where it is?', '',
  iif(said_by_customer, 'received', 'sent'), :began + i * :step,
  iif(said_by_customer, NULL, :channel), iif(said_by_customer, NULL, printf('1600000000.%08d', i)),
  iif(said_by_customer, CAST(i + 1 AS TEXT), NULL)
FROM talk;

INSERT INTO delivery (key, message_id, part, platform_id, state, reason)
SELECT lower(hex(randomblob(16))), i + 1, 1, CAST(i + 1 AS TEXT), 'delivered', ''
FROM talk WHERE NOT said_by_customer ORDER BY 1;

-- What came in the last 8 days is kept as it came, with its keys.

INSERT INTO inbox (at, source, raw, failed)
SELECT :began + i * :step, iif(said_by_customer, 'telegram', 'workspace'),
  hex(zeroblob(iif(said_by_customer, 170, 420))), ''
FROM talk WHERE i >= :messages - :recent;

INSERT INTO inbox_key (key, at)
SELECT kind || lower(hex(randomblob(8))), :began + i * :step
FROM (SELECT * FROM talk WHERE i >= :messages - :recent) JOIN (
  SELECT 'telegram:update:4242424242:' AS kind, 1 AS of_customer
  UNION ALL SELECT 'slack:client:', 0 UNION ALL SELECT 'slack:event:', 0
  UNION ALL SELECT 'slack:message:' || :channel || ':', 0 UNION ALL SELECT 'heard:' || :channel || ':', 0
) ON of_customer = said_by_customer
ORDER BY 1;
