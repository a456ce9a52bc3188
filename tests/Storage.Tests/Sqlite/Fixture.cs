using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Decisioning.Engine.Access;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Features;
using Decisioning.Engine.Values;
using Decisioning.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Decisioning.Storage.Tests.Sqlite;

/// <summary>A database as a build of its day wrote it, and in words what is in it.</summary>
internal static class Fixture
{
    public const string Mode = "write-fixture";
    public const string Contents = "contents.txt";

    /// <summary>Writes a fixture into a folder that does not exist: <c>Decisioning.Storage.Tests write-fixture fixtures/schema-N</c>.</summary>
    public static async Task<int> WriteAsync(string folder)
    {
        using (var store = Open(folder))
        {
            await FillAsync(store);
        }

        using (var store = Open(folder))
        {
            await File.WriteAllTextAsync(Path.Combine(folder, Contents), await DescribeAsync(store));
        }

        File.Delete(Path.Combine(folder, "decisioning.lock"));
        return 0;
    }

    /// <summary>Writes some of everything a store holds.</summary>
    public static async Task FillAsync(IStore store)
    {
        for (var number = 1; number <= 4; number++)
        {
            var samples = new Samples(seed: 100 + number);
            var customer = Samples.Customer(number);
            await store.AppendAsync(customer, 0, samples.Events(0, 5 * number), number % 2 == 0 ? null : Samples.Start.AddDays(number), CancellationToken.None);
            await store.SaveSnapshotAsync(customer, samples.State(3 * number), CancellationToken.None);
            store.TryWrite(samples.Decision(customer, $"decision-{number}", Samples.Start, Samples.Start.AddDays(1), Samples.Start.AddDays(2)));
        }

        // The last customer's log begins after what is past its age.
        await store.ReduceAsync(Samples.Customer(4), new Samples(seed: 105).State(8), upTo: 8, CancellationToken.None);
        await FillLinkAsync(store, new Samples(seed: 106));
        await store.PublishAsync("default", "retail", "00ff", [new("strategy.yaml", "name: retail\n")], Samples.Start, CancellationToken.None);
        await store.AddKeyAsync(AccessStoreContract.Key(1), CancellationToken.None);
        await store.AddKeyAsync(AccessStoreContract.Key(2), CancellationToken.None);
        await store.RevokeKeyAsync("default", AccessStoreContract.Key(2).Id, Samples.Start, CancellationToken.None);
        await store.AddAuditAsync("default", KeyAudit.Created(AccessStoreContract.Key(1), "somebody"), CancellationToken.None);
        await store.AddAuditAsync("default", KeyAudit.Revoked(AccessStoreContract.Key(2), Samples.Start, "local", "somebody"), CancellationToken.None);
    }

    // A visitor who turned out to be a customer.
    private static async Task FillLinkAsync(IStore store, Samples samples)
    {
        var (user, visitor, at) = (Samples.Customer(5), CustomerKey.Anonymous("default", "visitor-5"), Samples.Start);
        await store.AppendAsync(
            user, 0, [Link(1, Linking.Announced(visitor, 1, at)), samples.Event(2), Link(3, Linking.Linked(visitor, 1, at.AddSeconds(1)))], null, CancellationToken.None);
        await store.AppendAsync(
            visitor, 0, [samples.Event(1), Link(2, Linking.Moved(user, isVerified: true, at)), Link(3, Linking.CarriedOver(user, at.AddSeconds(2)))], null, CancellationToken.None);
        await store.SaveSnapshotAsync(user, samples.State(3) with { MovedTo = null, Identities = [new(visitor, at, 1, IsDone: true)] }, CancellationToken.None);
        await store.SaveSnapshotAsync(visitor, samples.State(2) with { MovedTo = new(user, IsVerified: true, IsDone: false) }, CancellationToken.None);

        static RecordedEvent Link(long sequence, CustomerEvent e) => new(sequence, Recorder.ContentHash(e), e, 1);
    }

    /// <summary>One line for each value that is not empty: a member that later versions add is empty in an old database.</summary>
    public static async Task<string> DescribeAsync(IStore store)
    {
        var text = new StringBuilder();
        foreach (var customer in await store.KeysAsync("default"))
        {
            Describe(text, customer.Value, await store.LoadAsync(customer, Samples.Start, CancellationToken.None));
            Describe(text, customer.Value + ".Base", (await store.LoadLogAsync(customer, CancellationToken.None)).Snapshot);
            Describe(text, customer.Value + ".Decisions", await store.ReadAsync(customer, CancellationToken.None).ToArrayAsync());
        }

        Describe(text, "Strategy", await store.FindLatestAsync("default", newerThan: 0, CancellationToken.None));
        Describe(text, "Keys", await store.ListKeysAsync("default", "", 100, CancellationToken.None));
        Describe(text, "Audit", await store.ReadAuditAsync("default", 0, 100, CancellationToken.None));
        return text.ToString();
    }

    private static SqliteStore Open(string folder) => new(
        Options.Create(new StorageOptions { DataFolder = folder }), new StorageMeter(null), NullLogger<SqliteStore>.Instance);

    /// <summary>One line for each value in a value.</summary>
    public static void Describe(StringBuilder text, string path, object? value)
    {
        switch (value)
        {
            case null or "" or 0 or 0L or 0u or 0UL or 0d or false:
                break;
            case SeenMessages seen:
                Describe(text, path + ".Messages", seen.Messages);
                break;
            case string or IFormattable or bool or PropertyMap or Value:
                var words = value is DateTimeOffset at ? at.ToString("O", CultureInfo.InvariantCulture) : Convert.ToString(value, CultureInfo.InvariantCulture);
                text.Append(CultureInfo.InvariantCulture, $"{path} = {JsonSerializer.Serialize(words)}\n");
                break;
            case CustomerKey key:
                Describe(text, path + ".Value", key.Value);
                Describe(text, path + ".Tenant", key.Tenant);
                Describe(text, path + ".Id", key.Id);
                break;
            case FeatureCells cells:
                Describe(text, path, cells.ToCells());
                break;
            case IEnumerable items:
                var index = 0;
                foreach (var item in items)
                {
                    Describe(text, $"{path}[{index++}]", item);
                }

                break;
            default:
                foreach (var property in value.GetType().GetProperties().Where(property => property.GetMethod!.GetParameters().Length == 0 && !property.GetMethod.IsStatic))
                {
                    Describe(text, $"{path}.{property.Name}", property.GetValue(value));
                }

                break;
        }
    }
}
