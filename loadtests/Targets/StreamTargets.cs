using Decisioning.Benchmarks.Wire;
using Decisioning.LoadTests.Data;
using NBomber.Contracts;
using NBomber.CSharp;
using Api = Decisioning.V1;

namespace Decisioning.LoadTests.Targets;

/// <summary>The engine over bidirectional streams.</summary>
internal sealed class EngineStreamsTarget : ITarget, IAsyncDisposable
{
    /// <summary>Streams at once.</summary>
    public const int Count = 16;

    /// <summary>Callers that keep all of them busy: as many as the engine lets wait on each.</summary>
    public const int Callers = Count * Benchmarks.GrainEchoService.InFlight;

    private readonly World _world;
    private readonly string _load;
    private readonly Api.ExplainLevel _explain;
    private readonly Streams<Api.NextBestActionStreamRequest, Api.NextBestActionStreamResponse> _decisions;
    private readonly Streams<Api.TrackStreamRequest, Api.TrackStreamResponse> _events;

    public EngineStreamsTarget(string name, EngineTarget engine, World world, string load, Api.ExplainLevel explain)
    {
        (Name, _world, _load, _explain) = (name, world, load, explain);
        _decisions = new(Count, () => engine.Decisions.NextBestActionStream(), Judge);
        _events = new(Count, () => engine.Events.TrackStream(), response => Answers.Of(response.Acks));
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public Task<IResponse> DecideAsync(long call, int customer) => _decisions.AskAsync(new() { Request = _world.Question(call, _explain, customer) });

    /// <inheritdoc/>
    public Task<IResponse> TrackAsync(long call, int customer) => _events.AskAsync(new() { Events = { _world.Live(call, _load, customer) } });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _decisions.DisposeAsync();
        await _events.DisposeAsync();
    }

    private static IResponse Judge(Api.NextBestActionStreamResponse answer) => answer.Response is { } response
        ? Answers.Of(response)
        : Response.Fail(((Grpc.Core.StatusCode)answer.Refusal.Code).ToString(), answer.Refusal.Message);
}

/// <summary>The grain that does nothing, over bidirectional streams of the same shape.</summary>
internal sealed class GrainEchoStreamsTarget(string name, GrainEcho.GrainEchoClient client) : ITarget, IAsyncDisposable
{
    private readonly Streams<EchoMessage, EchoMessage> _streams = new(EngineStreamsTarget.Count, () => client.Chat(), _ => Answers.Well);

    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public Task<IResponse> DecideAsync(long call, int customer) => _streams.AskAsync(EchoTarget.Message(call, customer));

    /// <inheritdoc/>
    public Task<IResponse> TrackAsync(long call, int customer) => DecideAsync(call, customer);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _streams.DisposeAsync();
}
