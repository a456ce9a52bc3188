-- The keys of callers. secret_hash: the SHA-256 of the secret. origins: one a line. expires_at, revoked_at: 0 for never.
CREATE TABLE access_key (
  id text COLLATE "C" PRIMARY KEY,
  tenant text COLLATE "C" NOT NULL,
  name text NOT NULL,
  scopes bigint NOT NULL,
  secret_hash text NOT NULL,
  created_at bigint NOT NULL,
  created_by text NOT NULL,
  is_public bigint NOT NULL,
  origins text NOT NULL,
  expires_at bigint NOT NULL,
  revoked_at bigint NOT NULL
);

CREATE INDEX access_key_by_tenant ON access_key (tenant, id);

-- What was done with authority. hash: over the row and the hash of the one before.
CREATE TABLE audit (
  tenant text COLLATE "C" NOT NULL,
  number bigint NOT NULL,
  at bigint NOT NULL,
  actor text NOT NULL,
  actor_name text NOT NULL,
  action text NOT NULL,
  subject text NOT NULL,
  details text NOT NULL,
  hash text NOT NULL,
  PRIMARY KEY (tenant, number)
);
