using System.Collections.Concurrent;
using System.Diagnostics;
using Decisioning.Engine.Customers;
using Decisioning.Simulation.Tests.Load;
using Api = Decisioning.V1;

namespace Decisioning.Simulation.Tests.Audit;

/// <summary>Knows everything that was sent and acknowledged, and complains at once about an answer that contradicts an earlier one.</summary>
internal sealed class Ledger(Findings findings)
{
    private readonly ConcurrentDictionary<CustomerKey, Account> _accounts = new();
    private long _acknowledged;
    private long _repeats;
    private long _conflicts;
    private long _refused;
    private long _answered;

    /// <summary>Events acknowledged as applied, each once.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    public long Repeats => Interlocked.Read(ref _repeats);

    public long Conflicts => Interlocked.Read(ref _conflicts);

    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Decisions answered.</summary>
    public long Answered => Interlocked.Read(ref _answered);

    public IEnumerable<KeyValuePair<CustomerKey, Account>> Accounts => _accounts;

    public Account Of(LoadCustomer customer) => _accounts.GetOrAdd(customer.Key, static (_, owner) => new(owner), customer.Owner);

    /// <summary>To be said before it goes out for the first time.</summary>
    public void Sent(Intent intent)
    {
        var account = Of(intent.Customer);
        lock (account)
        {
            account.EntryOf(intent.MessageId).Variants.Add(intent.Variant);
        }
    }

    public void Acknowledge(Intent intent, Api.EventAck ack)
    {
        var account = Of(intent.Customer);
        lock (account)
        {
            var entry = account.EntryOf(intent.MessageId);
            switch (ack.Status)
            {
                case Api.EventStatus.Applied or Api.EventStatus.LateApplied:
                    if (entry.IsApplied)
                    {
                        findings.Add(Finding.Doubled, $"{intent.Customer.Key} {intent.MessageId} was applied as {entry.Sequence} and again as {ack.Sequence}");
                    }

                    entry.IsApplied = true;
                    Settle(account, entry, intent, ack);
                    break;
                case Api.EventStatus.Duplicate:
                    Interlocked.Increment(ref _repeats);
                    Settle(account, entry, intent, ack);
                    break;
                case Api.EventStatus.Rejected when ack.Violations.Any(violation => violation.Field.EndsWith("message_id", StringComparison.Ordinal)):
                    Interlocked.Increment(ref _conflicts);
                    if (entry.Winner == intent.Variant || entry.Variants.Count < 2)
                    {
                        findings.Add(Finding.Unforeseen, $"{intent.Customer.Key} {intent.MessageId} was called a conflict with itself");
                    }

                    break;
                case Api.EventStatus.Rejected when intent.IsOfTheFuture:
                    Interlocked.Increment(ref _refused);
                    if (entry.Winner is not null)
                    {
                        findings.Add(Finding.Unforeseen, $"{intent.Customer.Key} {intent.MessageId} was refused after it was acknowledged");
                    }

                    break;
                default:
                    findings.Add(Finding.Unforeseen, $"{intent.Customer.Key} {intent.MessageId} was answered {ack}");
                    break;
            }
        }
    }

    public void Decided(LoadCustomer customer, Api.Decision decision, long reached, Connection life)
    {
        Interlocked.Increment(ref _answered);
        var account = Of(customer);
        lock (account)
        {
            account.Decisions[decision.DecisionId] = (Stopwatch.GetTimestamp(), life);
        }

        if (decision.Sequence < reached)
        {
            findings.Add(Finding.Stale, $"{customer.Key}: a decision saw sequence {decision.Sequence}, {reached} was acknowledged before");
        }
    }

    private void Settle(Account account, Entry entry, Intent intent, Api.EventAck ack)
    {
        account.Sequence = Math.Max(account.Sequence, ack.Sequence);
        if (entry.Winner is null)
        {
            Interlocked.Increment(ref _acknowledged);
            (entry.Winner, entry.Sequence) = (intent.Variant, ack.Sequence);
        }
        else if (entry.Winner != intent.Variant)
        {
            findings.Add(Finding.Unforeseen, $"{intent.Customer.Key} {intent.MessageId} was acknowledged with contents {entry.Winner} and {intent.Variant}");
        }
        else if (entry.Sequence != ack.Sequence && intent.Customer.Owner is null)
        {
            findings.Add(Finding.Misnumbered, $"{intent.Customer.Key} {intent.MessageId} was acknowledged as {entry.Sequence} and as {ack.Sequence}");
        }
    }

    /// <summary>What was said about one customer; whoever reads or writes it holds its lock.</summary>
    /// <param name="owner">Whose device it is; null for a customer.</param>
    internal sealed class Account(CustomerKey? owner)
    {
        public CustomerKey? Owner => owner;

        public Dictionary<string, Entry> Entries { get; } = new(StringComparer.Ordinal);

        /// <summary>Decisions answered, when, and in which life of the engine.</summary>
        public Dictionary<string, (long At, Connection Life)> Decisions { get; } = new(StringComparer.Ordinal);

        /// <summary>The highest sequence acknowledged.</summary>
        public long Sequence { get; set; }

        public Entry EntryOf(string messageId) => Entries.TryGetValue(messageId, out var entry) ? entry : Entries[messageId] = new();
    }

    /// <summary>What was said about one message id.</summary>
    internal sealed class Entry
    {
        /// <summary>The contents it was sent with.</summary>
        public SortedSet<int> Variants { get; } = [];

        /// <summary>The contents acknowledged; null for none.</summary>
        public int? Winner { get; set; }

        /// <summary>Whether an acknowledgement said applied.</summary>
        public bool IsApplied { get; set; }

        public long Sequence { get; set; }
    }
}
