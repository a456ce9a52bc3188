using System.Threading.Channels;
using Decisioning.Benchmarks.Wire;
using Decisioning.Contracts;
using Grpc.Core;

namespace Decisioning.Benchmarks;

/// <summary>A message as small as they come.</summary>
[GenerateSerializer, Immutable, Alias("benchmarks.question")]
public sealed record Question([property: Id(0)] string Customer, [property: Id(1)] int Number);

/// <summary>A grain that does nothing: what a customer's grain is measured against.</summary>
[Alias("benchmarks.echo")]
public interface IEchoGrain : IGrainWithStringKey
{
    /// <summary>Answers what it was asked.</summary>
    [Alias("say")]
    Task<Question> Say(Question question, CancellationToken cancellationToken = default);
}

/// <inheritdoc cref="IEchoGrain"/>
public sealed class EchoGrain : Grain, IEchoGrain
{
    /// <inheritdoc/>
    public Task<Question> Say(Question question, CancellationToken cancellationToken = default) => Task.FromResult(question);
}

/// <summary>Answers what it was asked.</summary>
internal sealed class EchoService : Echo.EchoBase
{
    public override Task<EchoMessage> Say(EchoMessage request, ServerCallContext context) => Task.FromResult(request);

    public override async Task Chat(
        IAsyncStreamReader<EchoMessage> requestStream, IServerStreamWriter<EchoMessage> responseStream, ServerCallContext context)
    {
        while (await requestStream.MoveNext())
        {
            await responseStream.WriteAsync(requestStream.Current);
        }
    }
}

/// <summary>
/// Answers what the customer's grain answers. A stream has the shape of the engine's: answers in the order asked, as many under
/// way at once as there, each written as soon as it is its turn.
/// </summary>
internal sealed class GrainEchoService(GrainReferences<IEchoGrain> grains) : GrainEcho.GrainEchoBase
{
    /// <summary>Requests of one stream under way at once: the engine's default.</summary>
    public const int InFlight = 64;

    public override Task<EchoMessage> Say(EchoMessage request, ServerCallContext context) => AskAsync(request, context.CancellationToken);

    public override async Task Chat(
        IAsyncStreamReader<EchoMessage> requestStream, IServerStreamWriter<EchoMessage> responseStream, ServerCallContext context)
    {
        var underWay = Channel.CreateBounded<Task<EchoMessage>>(new BoundedChannelOptions(InFlight) { SingleReader = true, SingleWriter = true });
        var writing = Task.Run(async () =>
        {
            await foreach (var answer in underWay.Reader.ReadAllAsync())
            {
                await responseStream.WriteAsync(await answer);
            }
        });
        while (await requestStream.MoveNext())
        {
            await underWay.Writer.WriteAsync(AskAsync(requestStream.Current, context.CancellationToken));
        }

        underWay.Writer.Complete();
        await writing;
    }

    private async Task<EchoMessage> AskAsync(EchoMessage request, CancellationToken cancellationToken)
    {
        var answer = await grains.Of(request.Customer).Say(new(request.Customer, (int)request.Number), cancellationToken);
        return new() { Customer = answer.Customer, Number = answer.Number };
    }
}
