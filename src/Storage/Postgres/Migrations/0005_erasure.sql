-- Turned by each erasure. Whoever writes by the number of a customer that it remembers asks, under a lock that erasures take
-- for themselves, whether this is still what it was when the number was learnt.
CREATE TABLE erasure (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  generation bigint NOT NULL
);

INSERT INTO erasure (generation) VALUES (0);
