using System.Collections.Concurrent;
using Decisioning.LoadTests.Data;
using Decisioning.LoadTests.Runs;
using Decisioning.LoadTests.Targets;
using Grpc.Core;
using NBomber;
using NBomber.Contracts;
using NBomber.CSharp;
using Api = Decisioning.V1;

namespace Decisioning.LoadTests.Scenarios;

/// <summary>What a site does: nine questions to one event to a tenth of a response.</summary>
internal sealed class Mixed : ILoadScenario
{
    private const double Parts = 10.1;

    /// <inheritdoc/>
    public string Question => "how long each takes when nine questions come to one event to 0.1 responses";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Row>> RunAsync(LoadRun run)
    {
        var during = 3 * run.During;
        await run.PlayAsync(null, Loads(run, run.Options.Rate, TimeSpan.FromSeconds(2)));
        var stats = await run.PlayAsync("mixed", Loads(run, run.Options.Rate, during));
        return
        [
            .. stats.ScenarioStats.SelectMany(scenario => new Row[]
            {
                new($"{scenario.ScenarioName}, {scenario.AllOkCount / during.TotalSeconds:N0} a second: p50", scenario.Ok.Latency.Percent50, "ms"),
                new("  p99", scenario.Ok.Latency.Percent99, "ms"),
                new("  max", scenario.Ok.Latency.MaxMs, "ms"),
            }),
            Rows.Failed(stats.AllFailCount),
        ];
    }

    /// <summary>The load, at a rate of all calls together.</summary>
    public static ScenarioProps[] Loads(LoadRun run, int rate, TimeSpan during)
    {
        var offers = new Offers(run);
        return
        [
            new Measure("questions", offers.DecideAsync, Rate: Share(9)).Scenario(during),
            new Measure("events", run.Events(run.Target), Rate: Share(1)).Scenario(during),
            new Measure("responses", offers.RespondAsync, Rate: Share(0.1)).Scenario(during),
        ];

        int Share(double part) => Math.Max(1, (int)Math.Round(rate * part / Parts));
    }

    /// <summary>Answers some of what was offered last.</summary>
    private sealed class Offers(LoadRun run)
    {
        private const int KeptMax = 1_000;
        private readonly ConcurrentQueue<(string Customer, string Token)> _offered = new();

        public async Task<IResponse> DecideAsync(long call)
        {
            try
            {
                var question = run.World.Question(call, Api.ExplainLevel.None, run.World.Customer(call));
                var answer = await run.Target.Decisions.NextBestActionAsync(question, deadline: Answers.Deadline());
                if (answer.Decision.Items.Count > 0 && _offered.Count < KeptMax)
                {
                    _offered.Enqueue((question.Customer.UserId, answer.Decision.Items[0].TrackingToken));
                }

                return Answers.Of(answer);
            }
            catch (RpcException e)
            {
                return Answers.Failed(e);
            }
        }

        public Task<IResponse> RespondAsync(long call)
        {
            if (!_offered.TryDequeue(out var offer))
            {
                // Nothing was offered yet.
                return Task.FromResult<IResponse>(Answers.Well);
            }

            var response = new Api.ActionResponse
            {
                MessageId = $"{run.Load}-response-{Guid.NewGuid():N}",
                TrackingToken = offer.Token,
                Outcome = call % 5 == 0 ? Api.Outcome.Clicked : Api.Outcome.Impression,
            };
            var request = new Api.CaptureResponseRequest { Customer = new() { UserId = offer.Customer }, Responses = { response } };
            return Answers.OfAsync(run.Target.Decisions.CaptureResponseAsync(request, deadline: Answers.Deadline()), answer => Answers.Of(answer.Acks));
        }
    }
}
