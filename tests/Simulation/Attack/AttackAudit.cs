using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Decisioning.Engine.Access;
using Decisioning.Simulation.Tests.Attack.Wire;
using Grpc.Core;
using Api = Decisioning.V1;

namespace Decisioning.Simulation.Tests.Attack;

/// <summary>What an engine that was attacked must still be: all that was acknowledged is there, nothing else, and what it tells is well-formed.</summary>
internal sealed class AttackAudit(Arena arena, Tally tally)
{
    private const int PageSize = 100;

    public async Task AuditAsync(IReadOnlyCollection<Bystander.Sample> calls)
    {
        using var client = new RawClient(arena);
        await EventsAsync(client, calls);
        await CustomersAsync();
        await ChainAsync(Arena.Victim);
        await ChainAsync(Arena.Attacker);
        await MetricsAsync(client);
    }

    /// <summary>Every acknowledged event is in its customer's export, which is well-formed.</summary>
    private async Task EventsAsync(RawClient client, IReadOnlyCollection<Bystander.Sample> calls)
    {
        foreach (var customer in calls.Where(call => call.MessageId.Length > 0 && call.IsGood).GroupBy(call => call.Customer, StringComparer.Ordinal))
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(new { customer = new { user_id = customer.Key } });
            var export = await client.SendAsync(HttpMethod.Post, "/v1/customer/export", body, "application/json", arena.Key($"{Arena.Victim}/admin"));
            HashSet<string> held = [];
            foreach (var line in Encoding.UTF8.GetString(export.Body).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                using var part = JsonDocument.Parse(line);
                if (part.RootElement.TryGetProperty("event", out var one))
                {
                    held.Add(one.GetProperty("message_id").GetString()!);
                }
            }

            foreach (var call in customer)
            {
                tally.Judge(held.Contains(call.MessageId) ? "event kept" : "event lost", held.Contains(call.MessageId), () => $"{call.MessageId} of {call.Customer}");
            }
        }
    }

    /// <summary>The victim has no customer but its own.</summary>
    private async Task CustomersAsync()
    {
        var (customers, page) = (new Api.Customers.CustomersClient(arena.Channel), "");
        do
        {
            var answer = await customers.ListAsync(new() { PageSize = PageSize, PageToken = page, IncludeAnonymous = true }, arena.Bearer($"{Arena.Victim}/admin"));
            foreach (var identity in answer.Customers.Select(customer => customer.Identity))
            {
                var isOwn = identity.UserId == Arena.SecretCustomer || identity.UserId.StartsWith(BystanderCalls.CustomerPrefix, StringComparison.Ordinal);
                tally.Judge(isOwn ? "customer of its tenant" : "customer of another tenant", isOwn, identity.ToString);
            }

            page = answer.NextPageToken;
        }
        while (page.Length > 0);
    }

    /// <summary>Each row of the audit log follows the one before.</summary>
    private async Task ChainAsync(string tenant)
    {
        var (audits, after, before) = (new Api.Audits.AuditsClient(arena.Channel), 0L, AuditEntry.Start);
        while (true)
        {
            var page = await audits.ListAsync(new() { PageSize = PageSize, After = after }, arena.Bearer($"{tenant}/admin"));
            foreach (var row in page.Entries)
            {
                var entry = new AuditEntry(row.Number, new(row.At.ToDateTimeOffset(), row.Actor, row.ActorName, row.Action, row.Subject, row.Details), row.Hash);
                tally.Judge("audit row", row.Number == after + 1 && entry.Follows(tenant, before), () => $"row {row.Number} of {tenant} does not follow");
                (after, before) = (row.Number, row.Hash);
            }

            if (page.Entries.Count == 0)
            {
                return;
            }
        }
    }

    /// <summary>The measurements are as Prometheus reads them, and name nobody.</summary>
    private async Task MetricsAsync(RawClient client)
    {
        var metrics = await client.SendAsync(HttpMethod.Get, "/metrics", null, "", arena.Key($"{Arena.Victim}/admin"));
        tally.Judge($"metrics {metrics.Outcome}", metrics.Outcome == "200", () => metrics.Text);
        if (metrics.Holds(Arena.Canary))
        {
            tally.Find("/metrics names what attackers sent");
        }

        if (Environment.GetEnvironmentVariable("PATH")?.Split(':').Select(folder => Path.Combine(folder, "promtool")).FirstOrDefault(File.Exists) is not { } promtool)
        {
            tally.Add("promtool is not installed");
            return;
        }

        using var check = Process.Start(new ProcessStartInfo(promtool, ["check", "metrics"]) { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true })!;
        await check.StandardInput.BaseStream.WriteAsync(metrics.Body);
        check.StandardInput.Close();
        var said = await check.StandardError.ReadToEndAsync() + await check.StandardOutput.ReadToEndAsync();
        await check.WaitForExitAsync();

        // What the runtime and ASP.NET call their own is theirs.
        var wrong = said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith("dotnet_", StringComparison.Ordinal)).ToList();
        tally.Judge("metrics checked", wrong.Count == 0, () => string.Join("; ", wrong));
    }
}
