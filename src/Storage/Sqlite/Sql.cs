namespace Decisioning.Storage.Sqlite;

/// <summary>Every statement, named.</summary>
internal static class Sql
{
    public const string Begin = "BEGIN IMMEDIATE";

    public const string BeginRead = "BEGIN";

    public const string Commit = "COMMIT";

    public const string Rollback = "ROLLBACK";

    public const string InsertCustomer = "INSERT INTO customer (customer_id, key) VALUES (?, ?)";

    public const string InsertEvent = "INSERT INTO event (position, customer_id, sequence, previous, payload) VALUES (?, ?, ?, ?, ?)";

    public const string InsertDecision = "INSERT INTO decision (position, customer_id, previous, open_until, payload) VALUES (?, ?, ?, ?, ?)";

    public const string FindHead = """
        SELECT h.customer_id, h.last_sequence, h.last_event, h.last_decision, h.open_until
        FROM customer_head h JOIN customer c ON c.customer_id = h.customer_id
        WHERE h.key_hash = ? AND c.key = ?
        """;

    public const string PutHead = """
        INSERT INTO customer_head (key_hash, customer_id, last_sequence, last_event, last_decision, open_until) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (key_hash, customer_id) DO UPDATE SET
          last_sequence = excluded.last_sequence, last_event = excluded.last_event,
          last_decision = excluded.last_decision, open_until = excluded.open_until
        """;

    public const string FindMessage = "SELECT position FROM message_key WHERE customer_id = ? AND message_hash = ?";

    /// <summary>An entry may be there already: a batch that a crash cut short is written again.</summary>
    public const string PutMessage = "INSERT OR IGNORE INTO message_key (customer_id, message_hash, position) VALUES (?, ?, ?)";

    public const string PutLogState = "UPDATE log_state SET indexed_customer = ?, indexed_event = ?, indexed_decision = ?";

    public const string ReadLogState = """
        SELECT indexed_customer, indexed_event, indexed_decision,
          max((SELECT coalesce(max(customer_id), 0) FROM customer), reached_customer),
          max((SELECT coalesce(max(position), 0) FROM event), reached_event),
          max((SELECT coalesce(max(position), 0) FROM decision), reached_decision),
          unsealed_event, unsealed_decision
        FROM log_state
        """;

    public const string ReadUnsealed = "SELECT unsealed_event, unsealed_decision FROM log_state";

    public const string ReadEvent = "SELECT customer_id, payload FROM event WHERE position = ?";

    public const string ReadKey = "SELECT key FROM customer WHERE customer_id = ?";

    public const string ReadNewCustomers = "SELECT customer_id, key FROM customer WHERE customer_id > ? ORDER BY customer_id";

    public const string ReadNewEvents = "SELECT position, customer_id, sequence, payload FROM event WHERE position > ? ORDER BY position";

    public const string ReadNewDecisions = "SELECT position, customer_id, open_until FROM decision WHERE position > ? ORDER BY position";

    /// <summary>A snapshot never goes back.</summary>
    public const string PutSnapshot = """
        INSERT INTO snapshot (customer_id, sequence, payload) VALUES (?, ?, ?)
        ON CONFLICT (customer_id) DO UPDATE SET sequence = excluded.sequence, payload = excluded.payload
        WHERE excluded.sequence >= sequence
        """;

    public const string ReadSnapshot = "SELECT payload FROM snapshot WHERE customer_id = ?";

    /// <summary>The events after a sequence, newest first, from a position backwards.</summary>
    public const string ReadTail = """
        WITH RECURSIVE tail (position, sequence, previous, payload) AS (
          SELECT position, sequence, previous, payload FROM event WHERE position = ?1 AND sequence > ?2
          UNION ALL
          SELECT e.position, e.sequence, e.previous, e.payload FROM tail t JOIN event e ON e.position = t.previous AND e.position < t.position WHERE e.sequence > ?2)
        SELECT position, sequence, payload FROM tail
        """;

    /// <summary>The decisions that may still have open offers after an instant, newest first, from a position backwards; at most so many.</summary>
    public const string ReadDecisions = """
        WITH RECURSIVE tail (position, previous, payload) AS (
          SELECT position, previous, payload FROM decision WHERE position = ?1 AND open_until > ?2
          UNION ALL
          SELECT d.position, d.previous, d.payload FROM tail t JOIN decision d ON d.position = t.previous AND d.position < t.position WHERE d.open_until > ?2
          LIMIT ?3)
        SELECT position, previous, payload FROM tail
        """;

    /// <summary>A page of one tenant's customers: keys from <c>tenant/</c> up to what sorts right after all of them.</summary>
    public const string ReadCustomers = "SELECT customer_id, key FROM customer WHERE customer_id > ? AND key >= ? AND key < ? ORDER BY customer_id LIMIT ?";

    public const string PutDue = """
        INSERT INTO due (customer_id, due_at) VALUES (?, ?)
        ON CONFLICT (customer_id) DO UPDATE SET due_at = excluded.due_at
        """;

    public const string ReadDue = "SELECT due_at FROM due WHERE customer_id = ?";

    public const string MoveDue = "UPDATE due SET due_at = ?3 WHERE customer_id = ?1 AND due_at = ?2";

    public const string RemoveDue = "DELETE FROM due WHERE customer_id = ? AND due_at = ?";

    /// <summary>Rows from a place in the order on, up to an instant.</summary>
    public const string ReadDueRows = """
        SELECT d.customer_id, d.due_at, c.key
        FROM due d JOIN customer c ON c.customer_id = d.customer_id
        WHERE (d.due_at, d.customer_id) > (?, ?) AND d.due_at <= ?
        ORDER BY d.due_at, d.customer_id LIMIT ?
        """;

    /// <summary>Moves the rows of a tenant's customers within a range of numbers to instants one after another, none later than it stood.</summary>
    public const string SpreadDue = """
        INSERT INTO due (customer_id, due_at)
        SELECT customer_id, ?1 + ?2 * customer_id FROM customer WHERE customer_id > ?3 AND customer_id <= ?4 AND key >= ?5 AND key < ?6
        ON CONFLICT (customer_id) DO UPDATE SET due_at = min(due_at, excluded.due_at)
        RETURNING 1
        """;

    public const string ReadSpread = "SELECT version, done_to FROM due_spread WHERE tenant = ?";

    public const string PutSpread = """
        INSERT INTO due_spread (tenant, version, done_to) VALUES (?, ?, ?)
        ON CONFLICT (tenant) DO UPDATE SET version = excluded.version, done_to = excluded.done_to
        """;

    public const string InsertStrategy = "INSERT INTO strategy (tenant, version, name, hash, published_at, files) VALUES (?, ?, ?, ?, ?, ?)";

    public const string ReadLatestStrategy = "SELECT name, version, hash, published_at, files FROM strategy WHERE tenant = ? AND version > ? ORDER BY version DESC LIMIT 1";

    public const string ReadStrategyVersion = "SELECT name, version, hash, published_at, files FROM strategy WHERE tenant = ? AND version = ?";

    public const string ReadStrategyHash = "SELECT name, version, hash, published_at, files FROM strategy WHERE tenant = ? AND hash = ? ORDER BY version DESC LIMIT 1";

    /// <summary>A base never goes back.</summary>
    public const string PutBase = """
        INSERT INTO base (customer_id, sequence, payload) VALUES (?, ?, ?)
        ON CONFLICT (customer_id) DO UPDATE SET sequence = excluded.sequence, payload = excluded.payload
        WHERE excluded.sequence >= sequence
        """;

    public const string ReadBase = "SELECT payload FROM base WHERE customer_id = ?";

    public const string ReadEventsAfter = "SELECT position, customer_id, payload FROM event WHERE position > ? ORDER BY position LIMIT ?";

    public const string ReadWholeEvent = "SELECT customer_id, sequence, previous, payload FROM event WHERE position = ?";

    public const string DeleteEvent = "DELETE FROM event WHERE position = ?";

    public const string ReadDecisionsAfter = "SELECT position, open_until, payload FROM decision WHERE position > ? ORDER BY position LIMIT ?";

    public const string DeleteDecision = "DELETE FROM decision WHERE position = ?";

    public const string PutReachedDecision = "UPDATE log_state SET reached_decision = max(reached_decision, ?)";

    public const string ReadIndexedEvent = "SELECT indexed_event FROM log_state";

    public const string TakeKey = "UPDATE customer SET key = '' WHERE customer_id = ?";

    public const string DeleteHead = "DELETE FROM customer_head WHERE key_hash = ? AND customer_id = ?";

    public const string DeleteSnapshot = "DELETE FROM snapshot WHERE customer_id = ? RETURNING 1";

    public const string DeleteBase = "DELETE FROM base WHERE customer_id = ? RETURNING 1";

    public const string DeleteDue = "DELETE FROM due WHERE customer_id = ? RETURNING 1";

    public const string DeleteCustomer = "DELETE FROM customer WHERE customer_id = ?";

    /// <summary>The customers without a key.</summary>
    public const string ReadForgotten = "SELECT customer_id FROM customer_head WHERE key_hash = ?";

    public const string ReadForgottenHead = "SELECT last_sequence, last_event, last_decision, open_until FROM customer_head WHERE key_hash = ? AND customer_id = ?";

    /// <summary>Some of a customer's events, newest first, from a position backwards.</summary>
    public const string ReadEventChain = """
        WITH RECURSIVE tail (position, previous) AS (
          SELECT position, previous FROM event WHERE position = ?1 AND customer_id = ?2
          UNION ALL
          SELECT e.position, e.previous FROM tail t JOIN event e ON e.position = t.previous AND e.position < t.position WHERE e.customer_id = ?2
          LIMIT ?3)
        SELECT position, previous FROM tail
        """;

    /// <summary>So with what they hold.</summary>
    public const string ReadEventPage = """
        WITH RECURSIVE tail (position, sequence, previous, payload) AS (
          SELECT position, sequence, previous, payload FROM event WHERE position = ?1 AND customer_id = ?2
          UNION ALL
          SELECT e.position, e.sequence, e.previous, e.payload FROM tail t JOIN event e ON e.position = t.previous AND e.position < t.position WHERE e.customer_id = ?2
          LIMIT ?3)
        SELECT position, sequence, payload FROM tail
        """;

    /// <summary>So for decisions.</summary>
    public const string ReadDecisionChain = """
        WITH RECURSIVE tail (position, previous) AS (
          SELECT position, previous FROM decision WHERE position = ?1 AND customer_id = ?2
          UNION ALL
          SELECT d.position, d.previous FROM tail t JOIN decision d ON d.position = t.previous AND d.position < t.position WHERE d.customer_id = ?2
          LIMIT ?3)
        SELECT position, previous FROM tail
        """;

    /// <summary>So with what they hold.</summary>
    public const string ReadDecisionPage = """
        WITH RECURSIVE tail (position, previous, payload) AS (
          SELECT position, previous, payload FROM decision WHERE position = ?1 AND customer_id = ?2
          UNION ALL
          SELECT d.position, d.previous, d.payload FROM tail t JOIN decision d ON d.position = t.previous AND d.position < t.position WHERE d.customer_id = ?2
          LIMIT ?3)
        SELECT position, previous, payload FROM tail
        """;

    public const string DeleteMessageKeys = """
        DELETE FROM message_key WHERE customer_id = ?1 AND message_hash IN (SELECT message_hash FROM message_key WHERE customer_id = ?1 LIMIT ?2)
        RETURNING 1
        """;

    public const string PutErased = """
        UPDATE log_state SET
          reached_customer = max(reached_customer, ?1), reached_event = max(reached_event, ?2), reached_decision = max(reached_decision, ?3),
          erased_customers = erased_customers + ?4, erased_events = erased_events + ?5
        """;

    /// <summary>How long a statement waits for readers and other programs, in milliseconds.</summary>
    public const string WaitLittle = "PRAGMA busy_timeout = 50";

    public const string WaitLong = "PRAGMA busy_timeout = 1000";

    public const string EmptyLog = "PRAGMA wal_checkpoint(TRUNCATE)";
}
