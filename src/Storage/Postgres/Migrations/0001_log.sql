-- Run with the store's schema first in the search path.

CREATE TABLE customer (
  customer_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key text COLLATE "C" NOT NULL UNIQUE
);

-- The two keys are the fences: of two writers of one customer the database lets one through, and no message counts twice.
-- message_hash: the first 16 bytes of the SHA-256 of the message id.
CREATE TABLE event (
  customer_id bigint NOT NULL,
  sequence bigint NOT NULL,
  message_hash uuid NOT NULL,
  payload bytea NOT NULL,
  PRIMARY KEY (customer_id, sequence),
  UNIQUE (customer_id, message_hash)
);

-- Instants are ticks of 100 ns since 1970. open_until: the latest expiry of the decision's offers, null when it offers nothing.
CREATE TABLE decision (
  customer_id bigint NOT NULL,
  position bigint GENERATED ALWAYS AS IDENTITY,
  decided_at bigint NOT NULL,
  open_until bigint,
  payload bytea NOT NULL,
  PRIMARY KEY (customer_id, position)
);

CREATE INDEX decision_open ON decision (customer_id, open_until) WHERE open_until IS NOT NULL;

CREATE TABLE snapshot (
  customer_id bigint PRIMARY KEY,
  sequence bigint NOT NULL,
  payload bytea NOT NULL
);

-- When each customer is to be looked at because time alone may change something; in 64 parts by number.
CREATE TABLE due (
  customer_id bigint PRIMARY KEY,
  due_at bigint NOT NULL
);

CREATE INDEX due_by_time ON due ((customer_id & 63), due_at, customer_id);

-- Up to which customer a tenant's rows were moved for the strategy version that came into force.
CREATE TABLE due_spread (
  tenant text COLLATE "C" PRIMARY KEY,
  version bigint NOT NULL,
  done_to bigint NOT NULL
);

CREATE TABLE strategy (
  tenant text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  name text NOT NULL,
  hash text COLLATE "C" NOT NULL,
  published_at bigint NOT NULL,
  files bytea NOT NULL,
  PRIMARY KEY (tenant, version)
);

CREATE INDEX strategy_by_hash ON strategy (tenant, hash, version);
