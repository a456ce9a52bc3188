-- From here on the payloads of events and decisions end with a checksum. Rows up to these positions were written before that.
ALTER TABLE log_state ADD COLUMN unsealed_event INTEGER NOT NULL DEFAULT 0;
ALTER TABLE log_state ADD COLUMN unsealed_decision INTEGER NOT NULL DEFAULT 0;

UPDATE log_state SET
  unsealed_event = (SELECT coalesce(max(position), 0) FROM event),
  unsealed_decision = (SELECT coalesce(max(position), 0) FROM decision);
