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
internal sealed class CustomerPrivacy(IGrainFactory grains, CustomerGrains customers, CustomerIdentities identities, Audit audit, TimeProvider clock)
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

        var keys = await identities.OfAsync(key!.Value, cancellationToken);
        await audit.AddAsync(caller, "customer.export", ReceiptOf(key.Value, "export", clock.GetUtcNow().ToString("O")), $"{keys.Length} identities", cancellationToken);
        var start = new Api.ExportStart { ExportedAt = clock.GetUtcNow().ToTimestamp() };
        start.Identities.AddRange(keys.Select(IdentityReader.Write));
        await write(new() { Start = start });
        var reply = await customers.Of(key.Value).ViewAsync(new ViewRequest(), cancellationToken);
        await write(new() { Customer = CustomerWriter.Write(reply.Customer ?? key.Value, reply.View!, reply.Identities) });

        foreach (var part in new[] { ExportPart.Events, ExportPart.Decisions })
        {
            foreach (var some in keys)
            {
                await WritePagesAsync(some, part, write, cancellationToken);
            }
        }
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
        var keys = await identities.OfAsync(key!.Value, cancellationToken);
        var receipt = new Api.EraseResponse { ReceiptId = ReceiptOf(key.Value, "erase", request.ErasureRequestId) };
        await audit.AddAsync(caller, "customer.erase", receipt.ReceiptId, $"{keys.Length} identities", cancellationToken);

        // The one asked for last: until it is gone, a repeat finds the others by it.
        foreach (var some in keys.Reverse())
        {
            var erased = await customers.Of(some).EraseAsync(cancellationToken);
            receipt.Identities += erased.Customers;
            receipt.Events += erased.Events;
            receipt.Decisions += erased.Decisions;
            receipt.Snapshots += erased.Snapshots;
            receipt.DueRows += erased.DueRows;
        }

        receipt.ErasedAt = clock.GetUtcNow().ToTimestamp();
        return receipt;
    }

    private async Task WritePagesAsync(CustomerKey key, ExportPart part, Func<Api.ExportResponse, Task> write, CancellationToken cancellationToken)
    {
        var question = new ExportPageRequest(key, part, 0);
        while (true)
        {
            var page = await grains.GetGrain<IHistoryGrain>(key.Tenant).ExportAsync(question, cancellationToken);
            foreach (var recorded in page.Events)
            {
                await write(new() { Event = ExportWriter.Write(key, recorded) });
            }

            foreach (var recorded in page.Decisions)
            {
                await write(new() { Decision = ExportWriter.Write(key, recorded) });
            }

            if (page.After == 0)
            {
                return;
            }

            question = question with { After = page.After };
        }
    }

    // A customer's key cannot be read back from it: the request's id is not written down anywhere.
    private static string ReceiptOf(CustomerKey key, string what, string requestId) =>
        $"{what}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{key.Value}\n{what}\n{requestId}"))[..16])}";
}
