using Decisioning.Benchmarks.Wire;
using Decisioning.LoadTests.Data;
using Grpc.Core;
using NBomber.Contracts;

namespace Decisioning.LoadTests.Targets;

/// <summary>The services that do nothing: what a call costs before anything is done in it.</summary>
/// <param name="name">What it is called in tables.</param>
/// <param name="say">The call.</param>
/// <param name="world">Whose turn it is.</param>
internal sealed class EchoTarget(string name, Func<EchoMessage, AsyncUnaryCall<EchoMessage>> say, World world) : ITarget
{
    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public Task<IResponse> DecideAsync(long call) => Answers.OfAsync(say(Message(world, call)), _ => Answers.Well);

    /// <inheritdoc/>
    public Task<IResponse> TrackAsync(long call) => DecideAsync(call);

    /// <summary>What is said in a call.</summary>
    public static EchoMessage Message(World world, long call) => new() { Customer = World.Id(world.Customer(call)), Number = call & int.MaxValue };
}
