using System.Security.Cryptography;
using System.Text;
using Decisioning.Contracts;
using Decisioning.Contracts.Messages;
using Decisioning.Engine.Customers;
using Decisioning.Gateway.Access;
using Decisioning.Gateway.Replies;
using Decisioning.Gateway.Requests;
using Google.Protobuf.WellKnownTypes;
using Orleans;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Privacy;

/// <summary>Gives out and erases everything that is kept of a customer, under all identities.</summary>
internal sealed class CustomerPrivacy(IGrainFactory grains, CustomerGrains customers, CustomerIdentities identities, CustomerErasure erasure, Audit audit, TimeProvider clock)
{
    /// <summary>The most characters of an `erasure_request_id`.</summary>
    private const int RequestIdCharsMax = 128;

    /// <summary>Writes everything that is kept of a customer, part by part.</summary>
    /// <param name="request">Whose.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="write">Takes a part.</param>
    /// <param name="cancellationToken">Ends it between two parts.</param>
    public async Task ExportAsync(Api.ExportRequest request, Caller caller, Func<Api.ExportResponse, Task> write, CancellationToken cancellationToken)
    {
        var violations = new Violations();
        var key = IdentityReader.Read(request.Customer, caller.Tenant, "customer", violations);
        violations.ThrowIfAny();

        var person = await identities.OfAsync(key!.Value, cancellationToken);
        var keys = person.Keys;
        await audit.AddAsync(caller, "customer.export", ReceiptOf(key.Value, "export", clock.GetUtcNow().ToString("O")), $"{keys.Length} identities", cancellationToken);
        var start = new Api.ExportStart { ExportedAt = clock.GetUtcNow().ToTimestamp() };
        start.Identities.AddRange(keys.Select(IdentityReader.Write));
        await write(new() { Start = start });
        var unreadable = await WriteCustomerAsync(person.Customer, write, cancellationToken);
        foreach (var some in keys)
        {
            unreadable += await WriteEventsAsync(some, write, cancellationToken);
        }

        foreach (var some in keys)
        {
            unreadable += await WriteDecisionsAsync(some, write, cancellationToken);
        }

        await write(new() { End = new() { Unreadable = unreadable } });
    }

    /// <summary>Erases a customer.</summary>
    public async Task<Api.EraseResponse> EraseAsync(Api.EraseRequest request, Caller caller, CancellationToken cancellationToken)
    {
        var violations = new Violations();
        var key = IdentityReader.Read(request.Customer, caller.Tenant, "customer", violations);
        if (request.ErasureRequestId.Length is 0 or > RequestIdCharsMax)
        {
            violations.Add("erasure_request_id", request.ErasureRequestId.Length == 0 ? "is missing" : "is too long", $"send 1 to {RequestIdCharsMax} characters, the same when you repeat the call");
        }

        violations.ThrowIfAny();
        var person = await identities.OfAsync(key!.Value, cancellationToken);
        var receiptId = ReceiptOf(key.Value, "erase", request.ErasureRequestId);
        await audit.AddAsync(caller, "customer.erase", receiptId, $"{person.Keys.Length} identities", cancellationToken);
        var (erased, unreadable) = await erasure.RunAsync(key.Value, person, cancellationToken);
        return new()
        {
            ReceiptId = receiptId,
            ErasedAt = clock.GetUtcNow().ToTimestamp(),
            Identities = erased.Customers,
            Events = erased.Events,
            Decisions = erased.Decisions,
            Snapshots = erased.Snapshots,
            DueRows = erased.DueRows,
            Unreadable = unreadable,
        };
    }

    /// <returns>1 when the log or the state is damaged, so that the customer cannot be seen; else 0.</returns>
    private async Task<long> WriteCustomerAsync(CustomerKey key, Func<Api.ExportResponse, Task> write, CancellationToken cancellationToken)
    {
        ViewReply reply;
        try
        {
            reply = await customers.Of(key).ViewAsync(new ViewRequest(), cancellationToken);
        }
        catch (StoreUnavailableException e) when (e.IsDamage)
        {
            return 1;
        }

        await write(new() { Customer = CustomerWriter.Write(reply.Customer ?? key, reply.View!, reply.Identities) });
        return 0;
    }

    /// <returns>How many could not be read.</returns>
    private async Task<long> WriteEventsAsync(CustomerKey key, Func<Api.ExportResponse, Task> write, CancellationToken cancellationToken)
    {
        var history = grains.GetGrain<IHistoryGrain>(key.Tenant);
        var pages = await history.FindExportPagesAsync(new(key), cancellationToken);
        var unreadable = pages.Missing;
        foreach (var start in pages.Starts)
        {
            var page = await history.ExportAsync(new(key, ExportPart.Events, start), cancellationToken);
            unreadable += page.Unreadable;
            foreach (var recorded in page.Events)
            {
                await write(new() { Event = ExportWriter.Write(key, recorded) });
            }
        }

        return unreadable;
    }

    /// <returns>How many could not be read.</returns>
    private async Task<long> WriteDecisionsAsync(CustomerKey key, Func<Api.ExportResponse, Task> write, CancellationToken cancellationToken)
    {
        var (next, unreadable) = (0L, 0L);
        do
        {
            var page = await grains.GetGrain<IHistoryGrain>(key.Tenant).ExportAsync(new(key, ExportPart.Decisions, next), cancellationToken);
            foreach (var recorded in page.Decisions)
            {
                await write(new() { Decision = ExportWriter.Write(key, recorded) });
            }

            (next, unreadable) = (page.Next, unreadable + page.Unreadable);
        }
        while (next != 0);
        return unreadable;
    }

    // A customer's key cannot be read back from it: the request's id is not written down anywhere.
    private static string ReceiptOf(CustomerKey key, string what, string requestId) =>
        $"{what}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{key.Value}\n{what}\n{requestId}"))[..16])}";
}
