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

    /// <summary>Asks what to do next in a call.</summary>
    Task<IResponse> DecideAsync(long call);

    /// <summary>Tells what happened in a call.</summary>
    Task<IResponse> TrackAsync(long call);
}
