using Decisioning.Benchmarks.Wire;
using Decisioning.LoadTests.Data;
using Grpc.Core;
using NBomber.Contracts;

namespace Decisioning.LoadTests.Targets;

/// <summary>The services that do nothing: what a call costs before anything is done in it.</summary>
/// <param name="name">What it is called in tables.</param>
/// <param name="say">The call.</param>
internal sealed class EchoTarget(string name, Func<EchoMessage, AsyncUnaryCall<EchoMessage>> say) : ITarget
{
    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public Task<IResponse> DecideAsync(long call, int customer) => Answers.OfAsync(say(Message(call, customer)), _ => Answers.Well);

    /// <inheritdoc/>
    public Task<IResponse> TrackAsync(long call, int customer) => DecideAsync(call, customer);

    /// <summary>What is said to a customer's grain in a call.</summary>
    public static EchoMessage Message(long call, int customer) => new() { Customer = World.Id(customer), Number = call & int.MaxValue };
}
