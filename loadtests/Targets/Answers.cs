using Grpc.Core;
using NBomber.Contracts;
using NBomber.CSharp;
using Api = Decisioning.V1;

namespace Decisioning.LoadTests.Targets;

/// <summary>What answers count as.</summary>
internal static class Answers
{
    /// <summary>A caller that waits longer has gone.</summary>
    public static readonly TimeSpan CallMax = TimeSpan.FromSeconds(10);

    /// <summary>An answer that is all right.</summary>
    public static IResponse Well { get; } = Response.Ok();

    /// <summary>A call whose caller had gone before there was a line for it.</summary>
    public static IResponse TooLate { get; } = Response.Fail(nameof(StatusCode.DeadlineExceeded), "all of the callers' lines were taken until the caller had gone");

    /// <summary>When a call that is made now is over.</summary>
    public static DateTime Deadline() => TimeProvider.System.GetUtcNow().UtcDateTime + CallMax;

    /// <summary>Makes a call and says how it ended.</summary>
    public static async Task<IResponse> OfAsync<T>(AsyncUnaryCall<T> call, Func<T, IResponse> judge)
    {
        try
        {
            return judge(await call);
        }
        catch (RpcException e)
        {
            return Failed(e);
        }
    }

    /// <summary>A call that failed.</summary>
    public static IResponse Failed(RpcException e) => Response.Fail(e.StatusCode.ToString(), e.Status.Detail);

    /// <summary>A decision is right whatever it offers.</summary>
    public static IResponse Of(Api.NextBestActionResponse response) =>
        response.Decision is { Degraded: false } ? Well : Response.Fail("degraded", "made on the state that was held");

    /// <summary>Events are right when they are acknowledged as applied.</summary>
    public static IResponse Of(IEnumerable<Api.EventAck> acks) =>
        acks.FirstOrDefault(ack => ack.Status is not (Api.EventStatus.Applied or Api.EventStatus.LateApplied)) is { } other ? Response.Fail(other.Status.ToString(), $"{other}") : Well;
}
