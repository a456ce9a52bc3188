-- The state of a customer that stands for its events up to `sequence`. Of these the contents of those up to `reduced_to` are
-- no longer kept: what is left tells a repeat.
CREATE TABLE base (
  customer_id bigint PRIMARY KEY,
  sequence bigint NOT NULL,
  reduced_to bigint NOT NULL,
  payload bytea NOT NULL
);
