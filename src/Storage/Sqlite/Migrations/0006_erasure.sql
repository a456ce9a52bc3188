-- Customers and events are deleted when somebody asks to be forgotten. No row written later has a number that was given
-- before; counts are the numbers given less the rows erased. A customer who is being erased has an empty key, and its head
-- the hash of that.
ALTER TABLE log_state ADD COLUMN reached_customer INTEGER NOT NULL DEFAULT 0;
ALTER TABLE log_state ADD COLUMN reached_event INTEGER NOT NULL DEFAULT 0;
ALTER TABLE log_state ADD COLUMN erased_customers INTEGER NOT NULL DEFAULT 0;
ALTER TABLE log_state ADD COLUMN erased_events INTEGER NOT NULL DEFAULT 0;
