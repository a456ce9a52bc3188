using System.Text;
using Grpc.Core;

namespace Decisioning.Packages.Grpc.Tests;

/// <summary>Methods whose answers take until after the deadline to be put into the response.</summary>
// Methods are found by their names in the protocol.
[BindServiceMethod(typeof(SlowWriter), nameof(Bind))]
public sealed class SlowWriter
{
    private const string Service = "decisioning.test.v1.SlowWriter";

    // Long enough for the deadline's timer to fire meanwhile.
    private static readonly TimeSpan After = TimeSpan.FromMilliseconds(300);
    private static readonly Marshaller<string> Text = Marshallers.Create(Encoding.UTF8.GetBytes, Encoding.UTF8.GetString);

    private static readonly Marshaller<Answer> Answers = new(
        static (answer, context) =>
        {
            context.SetPayloadLength(1);
            var output = context.GetBufferWriter();
            output.GetSpan(1)[0] = (byte)'.';
            SpinWait.SpinUntil(() => DateTime.UtcNow > answer.Deadline + After);
            output.Advance(1);
            context.Complete();
        },
        static _ => new Answer(default));

    public static Method<string, Answer> Unary { get; } = new(MethodType.Unary, Service, nameof(AnswerOnce), Text, Answers);

    public static Method<string, Answer> Stream { get; } = new(MethodType.ServerStreaming, Service, nameof(AnswerAsStream), Text, Answers);

    public static void Bind(ServiceBinderBase binder, SlowWriter? service)
    {
        binder.AddMethod(Unary, service is null ? null : service.AnswerOnce);
        binder.AddMethod(Stream, service is null ? null : service.AnswerAsStream);
    }

    public Task<Answer> AnswerOnce(string request, ServerCallContext context) => Task.FromResult(new Answer(context.Deadline));

    public Task AnswerAsStream(string request, IServerStreamWriter<Answer> responses, ServerCallContext context) => responses.WriteAsync(new(context.Deadline));

    /// <summary>An answer that knows until when it is waited for.</summary>
    public sealed record Answer(DateTime Deadline);
}
