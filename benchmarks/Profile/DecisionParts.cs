using Decisioning.Benchmarks.Memory;
using Decisioning.Benchmarks.Micro;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Values;
using Decisioning.Gateway.Replies;
using Decisioning.Gateway.Requests;
using Decisioning.Storage;
using Decisioning.Storage.Codecs;
using Google.Protobuf;
using Api = Decisioning.V1;

namespace Decisioning.Benchmarks.Profile;

/// <summary>The parts of a decision over gRPC that can be run by themselves.</summary>
internal static class DecisionParts
{
    private static readonly DateTimeOffset _now = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    /// <summary>All of them, in the order in which a call comes to them.</summary>
    /// <param name="asked">A question.</param>
    /// <param name="answered">Its answer.</param>
    public static IEnumerable<MicroCase> All(Api.NextBestActionRequest asked, Api.NextBestActionResponse answered)
    {
        var strategy = StrategyCompiler.Compile(ScaleStrategy.UnderLoad(), 1).Strategy!;
        CustomerState[] states = [.. Enumerable.Range(0, 100).Select(i => Recorder.Plan(CustomerState.Empty, TypicalCustomers.Events(i, _now), strategy, _now).Next)];
        var key = CustomerKey.User("default", "someone");
        var request = Read(asked);
        var (none, reasons) = (request with { Explain = ExplainLevel.None }, request with { Explain = ExplainLevel.Summary });
        Decision[] decisions = Array.ConvertAll(states, state => Decider.Decide(key, state, OpenOffers.Empty, strategy, none, _now));
        var offers = OpenOffers.Empty;
        for (var i = 0; i < 40; i++)
        {
            offers = offers.With(Decider.Decide(key, states[i], offers, strategy, none with { RequestId = $"{i}" }, _now));
        }

        DecisionRecord[] records = Array.ConvertAll(decisions, decision => new DecisionRecord(key, none, decision, OffersCounted.Of(offers, isSaid: false)));
        DecisionRecord[] explained = Array.ConvertAll(states, state => new DecisionRecord(key, reasons, Decider.Decide(key, state, OpenOffers.Empty, strategy, reasons, _now)));
        var (question, answer) = (asked.ToByteArray(), answered.ToByteArray());
        var buffer = new byte[64 * 1024];
        yield return new("the question parsed", () => Api.NextBestActionRequest.Parser.ParseFrom(question));
        yield return new("the question checked", () => Read(asked));
        yield return Of("decided, no offers open", state => Decider.Decide(key, state, OpenOffers.Empty, strategy, none, _now));
        yield return Of("decided, 64 offers open", state => Decider.Decide(key, state, offers, strategy, none, _now));
        yield return Of("decided with reasons, no offers open", state => Decider.Decide(key, state, OpenOffers.Empty, strategy, reasons, _now));
        yield return new("its offers opened beside 64 others", decisions.Length, () => Array.ConvertAll(decisions, offers.With));
        yield return new("the answer made", decisions.Length, () => Array.ConvertAll(decisions, Write));
        yield return new("the answer with reasons made", explained.Length, () => Array.ConvertAll(explained, record => Write(record.Decision)));
        yield return new($"the answer written, {answer.Length} B", () =>
        {
            answered.WriteTo(buffer.AsSpan(0, answered.CalculateSize()));
            return buffer;
        });
        yield return new($"written for the log, {DecisionCodec.Write(records[0]).Length} B", records.Length, () => Array.ConvertAll(records, DecisionCodec.Write));
        yield return new($"written for the log with reasons, {DecisionCodec.Write(explained[0]).Length} B", explained.Length, () => Array.ConvertAll(explained, DecisionCodec.Write));

        MicroCase Of(string name, Func<CustomerState, Decision> decide) => new(name, states.Length, () => Array.ConvertAll(states, state => decide(state)));

        static Api.Decision Write(Decision decision) => DecisionWriter.Write(decision, TimeSpan.Zero);
    }

    private static DecisionRequest Read(Api.NextBestActionRequest asked)
    {
        var violations = new Violations();
        var request = DecisionReader.Read(asked, violations);
        violations.ThrowIfAny();
        return request;
    }
}
