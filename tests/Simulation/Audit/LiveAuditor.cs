using Decisioning.Simulation.Tests.Load;
using Grpc.Core;
using Api = Decisioning.V1;

namespace Decisioning.Simulation.Tests.Audit;

/// <summary>Asks the engine itself, while it holds its customers in memory, whether they are what their logs say.</summary>
internal static class LiveAuditor
{
    /// <summary>Looks at every customer; gives how many the engine compared.</summary>
    public static async Task<long> VerifyAsync(Connection connection, Findings findings)
    {
        var customers = 0L;
        using var call = new Api.Histories.HistoriesClient(connection.Channel).Verify(new Api.VerifyRequest());
        await foreach (var page in call.ResponseStream.ReadAllAsync())
        {
            customers += page.Customers;
            foreach (var differing in page.Differing)
            {
                findings.Add(Finding.Differing, $"in memory: {differing}");
            }
        }

        if (customers == 0)
        {
            findings.Add(Finding.Unforeseen, "the engine compared nobody with a log");
        }

        return customers;
    }
}
