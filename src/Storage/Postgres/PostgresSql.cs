using System.Collections.Immutable;

namespace Decisioning.Storage.Postgres;

/// <summary>The statements of the store. Table names are found through the connection's search path.</summary>
internal static class PostgresSql
{
    /// <summary>A commit of the session is answered when it is on the disk, whatever the server's default says.</summary>
    public const string Sync = "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";

    /// <summary>Shared by every transaction that writes by a customer's number: while it lasts no customer is erased.</summary>
    public const string HoldErasures = "SELECT pg_advisory_xact_lock_shared(hashtextextended('decisioning erasure ' || current_schema(), 0))";

    /// <summary>An erasure's own: everybody who writes has committed before it, or begins after it.</summary>
    public const string HoldWrites = "SELECT pg_advisory_xact_lock(hashtextextended('decisioning erasure ' || current_schema(), 0))";

    public const string ReadGeneration = "SELECT generation FROM erasure";

    /// <summary>Fails, and with it the transaction, when customers were erased since generation $1: a division by zero.</summary>
    public const string RequireGeneration = "SELECT 1 / (CASE WHEN generation = $1 THEN 1 ELSE 0 END) FROM erasure";

    public const string TurnGeneration = "UPDATE erasure SET generation = generation + 1 RETURNING generation";

    /// <summary>What stands for the key of a customer who is being erased; no tenant begins so.</summary>
    public const string ForgottenFirst = "!";

    public const string ForgottenEnd = "\"";

    /// <summary>Takes the key from a customer, and its states and due row. Answers its number and how many there were.</summary>
    public const string Forget = """
        WITH gone AS (
          UPDATE customer SET key = '!' || customer_id WHERE key = $1 RETURNING customer_id
        ), snapshots AS (
          DELETE FROM snapshot WHERE customer_id = (SELECT customer_id FROM gone) RETURNING 1
        ), bases AS (
          DELETE FROM base WHERE customer_id = (SELECT customer_id FROM gone) RETURNING 1
        ), dues AS (
          DELETE FROM due WHERE customer_id = (SELECT customer_id FROM gone) RETURNING 1
        )
        SELECT customer_id, (SELECT count(*) FROM snapshots) + (SELECT count(*) FROM bases), (SELECT count(*) FROM dues) FROM gone
        """;

    public const string ReadForgotten = "SELECT customer_id FROM customer WHERE key >= $1 AND key < $2 ORDER BY key LIMIT $3";

    /// <summary>Deletes some of a customer's events, oldest first: a log that is half deleted has a gap for whoever reads it still.</summary>
    public const string EraseEvents = """
        DELETE FROM event WHERE customer_id = $1 AND sequence IN (
          SELECT sequence FROM event WHERE customer_id = $1 ORDER BY sequence LIMIT $2)
        """;

    public const string EraseDecisions = """
        DELETE FROM decision WHERE customer_id = $1 AND position IN (
          SELECT position FROM decision WHERE customer_id = $1 ORDER BY position LIMIT $2)
        """;

    public const string EraseCustomer = "DELETE FROM customer WHERE customer_id = $1";

    /// <summary>Takes the room of deleted rows out of tables and indexes, at the pace of the server's own.</summary>
    public static ImmutableArray<string> Vacuum { get; } = ["SET vacuum_cost_delay = 2", "VACUUM customer, event, decision, snapshot, base, due"];

    /// <summary>The transaction it is in is not synced by itself.</summary>
    public const string NoSync = "SELECT set_config('synchronous_commit', 'off', true)";

    /// <summary>
    /// Gives numbers to the customers among $1 who have none, in this order, and answers who got which. Who was erased is either still there to this
    /// statement or was erased in a generation that it sees: so who comes back is never born before the erasure.
    /// </summary>
    public const string AddCustomers = """
        INSERT INTO customer (key, born)
        SELECT u.key, (SELECT generation FROM erasure) FROM unnest($1) WITH ORDINALITY AS u (key, n)
        WHERE (SELECT c.customer_id FROM customer c WHERE c.key = u.key) IS NULL
        ORDER BY u.n
        RETURNING customer_id, born, key
        """;

    public const string FindCustomers = """
        SELECT c.customer_id, c.born FROM unnest($1) WITH ORDINALITY AS u (key, n)
        LEFT JOIN LATERAL (SELECT c.customer_id, c.born FROM customer c WHERE c.key = u.key OFFSET 0) AS c ON true ORDER BY u.n
        """;

    /// <summary>
    /// The first event of an append ($5, except where the one before it is known to be there) must follow on what is there: where
    /// the event before it is missing its sequence is null, which the table refuses. A scalar subquery, because an EXISTS may be planned as a scan of the whole table.
    /// </summary>
    public const string InsertEvents = """
        INSERT INTO event (customer_id, sequence, message_hash, payload)
        SELECT
          u.customer_id,
          CASE WHEN u.follows THEN (SELECT e.sequence + 1 FROM event e WHERE e.customer_id = u.customer_id AND e.sequence = u.sequence - 1) ELSE u.sequence END,
          u.message_hash,
          u.payload
        FROM unnest($1, $2, $3, $4, $5) AS u (customer_id, sequence, message_hash, payload, follows)
        """;

    public const string InsertDecisions = """
        INSERT INTO decision (customer_id, decided_at, open_until, payload)
        SELECT u.customer_id, u.decided_at, u.open_until, u.payload
        FROM unnest($1, $2, $3, $4) WITH ORDINALITY AS u (customer_id, decided_at, open_until, payload, n) ORDER BY u.n
        """;

    /// <summary>The same for decisions that may be there, as a commit with them failed on the way.</summary>
    public const string InsertDecisionsOnce = """
        INSERT INTO decision (customer_id, decided_at, open_until, payload)
        SELECT u.customer_id, u.decided_at, u.open_until, u.payload
        FROM unnest($1, $2, $3, $4) WITH ORDINALITY AS u (customer_id, decided_at, open_until, payload, n)
        WHERE (SELECT 1 FROM decision d WHERE d.customer_id = u.customer_id AND d.decided_at = u.decided_at AND d.payload = u.payload LIMIT 1) IS NULL
        ORDER BY u.n
        """;

    /// <summary>Keeps the snapshots ($1, $2, $3) that the log has come as far as, none older than the one kept, and answers which by their place.</summary>
    public const string PutSnapshots = """
        WITH fit AS (
          SELECT u.* FROM unnest($1, $2, $3) WITH ORDINALITY AS u (customer_id, sequence, payload, n)
          WHERE u.customer_id > 0 AND (u.sequence = 0
            OR (SELECT e.sequence FROM event e WHERE e.customer_id = u.customer_id AND e.sequence = u.sequence) IS NOT NULL)
        ), put AS (
          INSERT INTO snapshot (customer_id, sequence, payload) SELECT customer_id, sequence, payload FROM fit
          ON CONFLICT (customer_id) DO UPDATE SET sequence = excluded.sequence, payload = excluded.payload WHERE snapshot.sequence <= excluded.sequence
        )
        SELECT n FROM fit
        """;

    public const string PutDue = """
        INSERT INTO due (customer_id, due_at) SELECT u.customer_id, u.due_at FROM unnest($1, $2) AS u (customer_id, due_at)
        ON CONFLICT (customer_id) DO UPDATE SET due_at = excluded.due_at
        """;

    /// <summary>
    /// Moves or removes the rows ($1) that stand where they were seen ($3), where the log ends at $2. A log that another process is
    /// writing to ends nobody knows where: the place of the next event is taken for as long as this transaction lasts, which waits for
    /// whoever has it. <see cref="LeavePlaces"/> gives it back.
    /// </summary>
    public const string SettleDue = """
        WITH u AS MATERIALIZED (
          SELECT * FROM unnest($1, $2, $3, $4) AS u (customer_id, sequence, seen, next)
        ), placed AS (
          INSERT INTO event (customer_id, sequence, message_hash, payload)
          SELECT u.customer_id, u.sequence + 1, gen_random_uuid(), '' FROM u
          WHERE (SELECT d.due_at FROM due d WHERE d.customer_id = u.customer_id) = u.seen
            AND (u.sequence = 0 OR (SELECT e.sequence FROM event e WHERE e.customer_id = u.customer_id AND e.sequence = u.sequence) IS NOT NULL)
          ORDER BY u.customer_id
          ON CONFLICT DO NOTHING
          RETURNING customer_id
        ), settled AS (
          SELECT u.* FROM u JOIN placed USING (customer_id)
        ), removed AS (
          DELETE FROM due USING settled s WHERE due.customer_id = s.customer_id AND due.due_at = s.seen AND s.next IS NULL
        )
        UPDATE due SET due_at = s.next FROM settled s WHERE due.customer_id = s.customer_id AND due.due_at = s.seen AND s.next IS NOT NULL
        """;

    /// <summary>Takes back what <see cref="SettleDue"/> put into the logs; no event has an empty payload.</summary>
    public const string LeavePlaces = """
        DELETE FROM event USING unnest($1, $2) AS u (customer_id, sequence)
        WHERE event.customer_id = u.customer_id AND event.sequence = u.sequence + 1 AND event.payload = ''
        """;

    /// <summary>The sequence of each customer's last event, in the order given.</summary>
    public const string ReadSequences = """
        SELECT coalesce((SELECT e.sequence FROM event e WHERE e.customer_id = u.customer_id ORDER BY e.sequence DESC LIMIT 1), 0)
        FROM unnest($1) WITH ORDINALITY AS u (customer_id, n) ORDER BY u.n
        """;

    /// <summary>The messages among ($1, $2) that are known, by their place.</summary>
    public const string ReadMessages = """
        SELECT u.n, e.payload FROM unnest($1, $2) WITH ORDINALITY AS u (customer_id, message_hash, n)
        CROSS JOIN LATERAL (
          SELECT e.payload FROM event e WHERE e.customer_id = u.customer_id AND e.message_hash = u.message_hash OFFSET 0
        ) AS e ORDER BY u.n
        """;

    /// <summary>All that is needed to hold customer $1 in memory at $2: rows of a kind, a number and a payload, as of one instant.</summary>
    public const string Load = """
        WITH c AS MATERIALIZED (SELECT customer_id, born FROM customer WHERE key = $1),
        s AS MATERIALIZED (SELECT sequence, payload FROM snapshot WHERE customer_id = (SELECT customer_id FROM c)),
        b AS MATERIALIZED (SELECT sequence, payload FROM base WHERE customer_id = (SELECT customer_id FROM c) AND NOT EXISTS (SELECT FROM s))
        SELECT 0 AS kind, customer_id AS number, NULL::bytea AS payload FROM c
        UNION ALL
        SELECT 1, sequence, payload FROM s
        UNION ALL
        (SELECT 2, sequence, payload FROM event
          WHERE customer_id = (SELECT customer_id FROM c) AND sequence > coalesce((SELECT sequence FROM s), (SELECT sequence FROM b), 0) ORDER BY sequence)
        UNION ALL
        (SELECT 3, position, payload FROM decision
          WHERE customer_id = (SELECT customer_id FROM c) AND open_until > $2 ORDER BY position DESC LIMIT $3)
        UNION ALL
        SELECT 4, due_at, NULL FROM due WHERE customer_id = (SELECT customer_id FROM c)
        UNION ALL
        SELECT 5, sequence, payload FROM b
        UNION ALL
        SELECT 6, born, NULL FROM c
        """;

    public const string ReadEvents = "SELECT sequence, payload FROM event WHERE customer_id = $1 AND sequence > $2 ORDER BY sequence";

    public const string CountEvents = "SELECT count(*), coalesce(max(sequence), 0) FROM event WHERE customer_id = $1";

    public const string ReadEventPage = "SELECT sequence, payload FROM event WHERE customer_id = $1 AND sequence > $2 AND sequence <= $3 ORDER BY sequence";

    public const string FindCustomer = "SELECT customer_id FROM customer WHERE key = $1";

    public const string ReadCustomers = "SELECT customer_id, key FROM customer WHERE customer_id > $1 AND key >= $2 AND key < $3 ORDER BY customer_id LIMIT $4";

    public const string ReadDecisions = """
        SELECT position, payload FROM decision
        WHERE customer_id = (SELECT customer_id FROM customer WHERE key = $1) AND position < $2 ORDER BY position DESC LIMIT $3
        """;

    public const string ReadDueRows = """
        SELECT d.customer_id, d.due_at, (SELECT c.key FROM customer c WHERE c.customer_id = d.customer_id)
        FROM due d
        WHERE (d.customer_id & 63) = $1 AND (d.due_at, d.customer_id) > ($2, $3) AND d.due_at <= $4
        ORDER BY d.due_at, d.customer_id LIMIT $5
        """;

    public const string LockSpread = """
        INSERT INTO due_spread (tenant, version, done_to) VALUES ($1, 0, 0)
        ON CONFLICT (tenant) DO UPDATE SET tenant = excluded.tenant RETURNING version, done_to
        """;

    public const string ReadLastCustomer = "SELECT coalesce(max(customer_id), 0) FROM customer";

    /// <summary>Moves the rows of a tenant's customers within a range of numbers to instants one after another, none later than it stood.</summary>
    public const string SpreadDue = """
        INSERT INTO due (customer_id, due_at)
        SELECT customer_id, $1 + $2 * customer_id FROM customer
        WHERE customer_id > $3 AND customer_id <= $4 AND key >= $5 AND key < $6 ORDER BY customer_id
        ON CONFLICT (customer_id) DO UPDATE SET due_at = least(due.due_at, excluded.due_at)
        """;

    public const string PutSpread = "UPDATE due_spread SET version = $2, done_to = $3 WHERE tenant = $1";

    /// <summary>Adds a version if nobody else added it.</summary>
    public const string InsertStrategy = """
        INSERT INTO strategy (tenant, version, name, hash, published_at, files) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING
        """;

    public const string ReadLatestStrategy = "SELECT name, version, hash, published_at, files FROM strategy WHERE tenant = $1 AND version > $2 ORDER BY version DESC LIMIT 1";

    public const string ReadStrategyVersion = "SELECT name, version, hash, published_at, files FROM strategy WHERE tenant = $1 AND version = $2";

    public const string ReadStrategyHash = "SELECT name, version, hash, published_at, files FROM strategy WHERE tenant = $1 AND hash = $2 ORDER BY version DESC LIMIT 1";

    public const string TryLock = "SELECT pg_try_advisory_lock(hashtextextended($1, 0))";

    public const string Unlock = "SELECT pg_advisory_unlock(hashtextextended($1, 0))";

    public const string ReadSnapshot = "SELECT payload FROM snapshot WHERE customer_id = $1";

    public const string ReadBase = "SELECT payload FROM base WHERE customer_id = $1";

    /// <summary>A base never goes back, and an erased customer gets none.</summary>
    public const string PutBase = """
        INSERT INTO base (customer_id, sequence, reduced_to, payload)
        SELECT customer_id, $2, 0, $3 FROM customer WHERE customer_id = $1 AND key = $4
        ON CONFLICT (customer_id) DO UPDATE SET sequence = excluded.sequence, payload = excluded.payload WHERE base.sequence <= excluded.sequence
        """;

    /// <summary>A page of customers, each with the first event whose contents are kept.</summary>
    public const string ReadFirstKept = """
        SELECT c.customer_id, c.key, (
          SELECT e.payload FROM event e
          WHERE e.customer_id = c.customer_id AND e.sequence > coalesce((SELECT b.reduced_to FROM base b WHERE b.customer_id = c.customer_id), 0)
          ORDER BY e.sequence LIMIT 1)
        FROM customer c WHERE c.customer_id > $1 ORDER BY c.customer_id LIMIT $2
        """;

    public const string ReadToReduce = """
        SELECT sequence, payload FROM event
        WHERE customer_id = $1 AND sequence > (SELECT reduced_to FROM base WHERE customer_id = $1) AND sequence <= $2 ORDER BY sequence LIMIT $3
        """;

    public const string ReduceEvents = """
        UPDATE event SET payload = u.payload FROM unnest($2, $3) AS u (sequence, payload)
        WHERE event.customer_id = $1 AND event.sequence = u.sequence
        """;

    public const string PutReducedTo = "UPDATE base SET reduced_to = greatest(reduced_to, $2) WHERE customer_id = $1";

    /// <summary>Deletes in a piece of the record after ($1, $2), $3 rows long, what was decided before $4 and has no offer open at $5, nor has one before it.</summary>
    public const string DeleteDecisions = """
        WITH piece AS MATERIALIZED (
          SELECT customer_id, position, decided_at FROM decision WHERE (customer_id, position) > ($1, $2) ORDER BY customer_id, position LIMIT $3
        ), gone AS (
          DELETE FROM decision d USING piece p
          WHERE d.customer_id = p.customer_id AND d.position = p.position AND p.decided_at < $4
            AND NOT EXISTS (SELECT FROM decision o WHERE o.customer_id = p.customer_id AND o.open_until > $5 AND o.position <= p.position)
          RETURNING 1
        )
        SELECT (SELECT count(*) FROM piece), (SELECT count(*) FROM gone),
          (SELECT customer_id || '/' || position FROM piece ORDER BY customer_id DESC, position DESC LIMIT 1)
        """;
}
