using Decisioning.LoadTests.Data;
using Grpc.Core;
using NBomber.Contracts;
using Api = Decisioning.V1;

namespace Decisioning.LoadTests.Targets;

/// <summary>The engine, or whatever takes the same calls.</summary>
/// <param name="name">What it is called in tables.</param>
/// <param name="channel">The way to it.</param>
/// <param name="world">Who asks what.</param>
/// <param name="load">Makes ids of one run unlike those of another.</param>
/// <param name="explain">How much decisions say of their reasons.</param>
internal sealed class EngineTarget(string name, CallInvoker channel, World world, string load, Api.ExplainLevel explain) : ITarget
{
    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <summary>Its decisions.</summary>
    public Api.Decisions.DecisionsClient Decisions { get; } = new(channel);

    /// <summary>Its events.</summary>
    public Api.Events.EventsClient Events { get; } = new(channel);

    /// <inheritdoc/>
    public Task<IResponse> DecideAsync(long call, int customer) => DecideAsync(world.Question(call, explain, customer));

    /// <summary>Asks a question.</summary>
    public Task<IResponse> DecideAsync(Api.NextBestActionRequest question) =>
        Answers.OfAsync(Decisions.NextBestActionAsync(question, deadline: Answers.Deadline()), Answers.Of);

    /// <inheritdoc/>
    public Task<IResponse> TrackAsync(long call, int customer) => TrackAsync(world.Live(call, load, customer));

    /// <summary>Tells of an event.</summary>
    public Task<IResponse> TrackAsync(Api.Event @event) =>
        Answers.OfAsync(Events.TrackAsync(new() { Events = { @event } }, deadline: Answers.Deadline()), response => Answers.Of(response.Acks));
}
