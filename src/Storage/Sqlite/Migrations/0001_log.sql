-- The log is written in one order only, the order of time: an index in random key order costs many times more than
-- appending. Looking up by customer and by message id goes through customer_head and message_key, which are written
-- later in large sorted batches; until then the writer holds their entries in memory, and after a crash reads them again
-- from the rows beyond what log_state says is indexed.

CREATE TABLE customer (
  customer_id INTEGER PRIMARY KEY,
  key TEXT NOT NULL
) STRICT;

-- `previous` is the customer's event before this one (0 for none): a customer's log is read backwards from its head.
CREATE TABLE event (
  position INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  previous INTEGER NOT NULL,
  payload BLOB NOT NULL
) STRICT;

-- `previous` as for events. `open_until` is the latest expiry of any offer of this decision or of one before it.
CREATE TABLE decision (
  position INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL,
  previous INTEGER NOT NULL,
  open_until INTEGER NOT NULL,
  payload BLOB NOT NULL
) STRICT;

CREATE TABLE customer_head (
  key_hash INTEGER NOT NULL,
  customer_id INTEGER NOT NULL,
  last_sequence INTEGER NOT NULL,
  last_event INTEGER NOT NULL,
  last_decision INTEGER NOT NULL,
  open_until INTEGER NOT NULL,
  PRIMARY KEY (key_hash, customer_id)
) STRICT, WITHOUT ROWID;

-- message_hash: the first 16 bytes of the SHA-256 of the message id.
CREATE TABLE message_key (
  customer_id INTEGER NOT NULL,
  message_hash BLOB NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (customer_id, message_hash)
) STRICT, WITHOUT ROWID;

-- Rows up to these positions have their entries in customer_head and message_key.
CREATE TABLE log_state (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  indexed_customer INTEGER NOT NULL,
  indexed_event INTEGER NOT NULL,
  indexed_decision INTEGER NOT NULL
) STRICT;

INSERT INTO log_state (only_row, indexed_customer, indexed_event, indexed_decision) VALUES (1, 0, 0, 0);

CREATE TABLE snapshot (
  customer_id INTEGER PRIMARY KEY,
  sequence INTEGER NOT NULL,
  payload BLOB NOT NULL
) STRICT;

CREATE TABLE strategy (
  tenant TEXT NOT NULL,
  version INTEGER NOT NULL,
  name TEXT NOT NULL,
  hash TEXT NOT NULL,
  published_at INTEGER NOT NULL,
  files BLOB NOT NULL,
  PRIMARY KEY (tenant, version)
) STRICT;

CREATE INDEX strategy_by_hash ON strategy (tenant, hash, version);
