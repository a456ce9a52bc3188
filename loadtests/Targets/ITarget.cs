using NBomber.Contracts;

namespace Decisioning.LoadTests.Targets;

/// <summary>
/// Something that takes the two calls all comparisons are made of. Whatever else is to be put under the same scenarios (a service one
/// would build instead) is one more of these.
/// </summary>
internal interface ITarget
{
    /// <summary>What it is called in tables.</summary>
    string Name { get; }

    /// <summary>Asks what to do next for a customer in a call.</summary>
    Task<IResponse> DecideAsync(long call, int customer);

    /// <summary>Tells what happened to a customer in a call.</summary>
    Task<IResponse> TrackAsync(long call, int customer);
}
