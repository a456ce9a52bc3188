-- When each customer is to be looked at because time alone may change something. Most rows are written once, when a
-- customer is new, which appends to both; the rows of one moment lie side by side in the index.

CREATE TABLE due (
  customer_id INTEGER PRIMARY KEY,
  due_at INTEGER NOT NULL
) STRICT;

CREATE INDEX due_by_time ON due (due_at, customer_id);

-- Up to which customer a tenant's rows were moved for the strategy version that came into force.
CREATE TABLE due_spread (
  tenant TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  done_to INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
