-- The keys of callers. secret_hash: the SHA-256 of the secret. origins: one a line. expires_at, revoked_at: 0 for never.
CREATE TABLE access_key (
  id TEXT PRIMARY KEY,
  tenant TEXT NOT NULL,
  name TEXT NOT NULL,
  scopes INTEGER NOT NULL,
  secret_hash TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  is_public INTEGER NOT NULL,
  origins TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX access_key_by_tenant ON access_key (tenant, id);

-- What was done with authority. hash: over the row and the hash of the one before.
CREATE TABLE audit (
  tenant TEXT NOT NULL,
  number INTEGER NOT NULL,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  details TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (tenant, number)
) STRICT, WITHOUT ROWID;
