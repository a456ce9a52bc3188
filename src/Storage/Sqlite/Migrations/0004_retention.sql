-- The state of a customer at its last event whose contents are no longer kept: the log begins after it.
CREATE TABLE base (
  customer_id INTEGER PRIMARY KEY,
  sequence INTEGER NOT NULL,
  payload BLOB NOT NULL
) STRICT;

-- No decision written later has this position or one before it, although those rows may be deleted.
ALTER TABLE log_state ADD COLUMN reached_decision INTEGER NOT NULL DEFAULT 0;
