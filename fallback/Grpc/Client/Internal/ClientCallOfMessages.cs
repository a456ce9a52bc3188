using System.Net;
using Grpc.Core;
using Grpc.Core.Internal;

namespace Grpc.Net.Client.Internal;

/// <summary>A call with its message types: how its response is read.</summary>
internal sealed class ClientCall<TRequest, TResponse>(GrpcChannel channel, Method<TRequest, TResponse> method, string? host, CallOptions options)
    : ClientCall(channel, method, host, options)
    where TRequest : class
    where TResponse : class
{
    private const string StartError = "Error starting gRPC call.";

    private readonly Func<DeserializationContext, TResponse> _parse = method.ResponseMarshaller.ContextualDeserializer;
    private Task<HttpResponseMessage> _response = null!;
    private ResponseReader? _reader;

    /// <summary>A call with one response: reads it and the status behind it.</summary>
    internal async Task<TResponse> RunSingleAsync(HttpContent content)
    {
        Requests = content as PushContent;
        try
        {
            var response = await SendAsync(content).ConfigureAwait(false);
            if (TryReadStatus(response, out var early))
            {
                if (early.StatusCode == StatusCode.OK)
                {
                    early = new Status(StatusCode.Internal, "Failed to deserialize response message. The response header contains a gRPC status of OK, but a unary or client streaming call must have a response message.");
                }

                throw ExceptionOf(Finish(early, ClientHeaders.Read(response.Headers)));
            }

            var stream = await response.Content.ReadAsStreamAsync(Token).ConfigureAwait(false);
            TResponse? message;
            using (var reader = new ResponseReader(stream, Channel, EncodingOf(response)))
            {
                message = await reader.ReadAsync(_parse, Token).ConfigureAwait(false);
                await reader.ReadEndAsync(Token).ConfigureAwait(false);
            }

            if (message is null && ClientHeaders.TryReadStatus(response.TrailingHeaders, out var end) && end.StatusCode == StatusCode.OK)
            {
                throw ExceptionOf(Finish(new Status(StatusCode.Internal, "Failed to deserialize response message."), null));
            }

            var status = FinishWithTrailers(response);
            return status.StatusCode == StatusCode.OK ? message! : throw ExceptionOf(status);
        }
        catch (RpcException) when (TryGetEnd(out _))
        {
            throw;
        }
        catch (Exception exception)
        {
            throw FinishWith(exception, StartError);
        }
    }

    /// <summary>A call with many responses: sends the request and leaves the reading to <see cref="ReadAsync"/>.</summary>
    internal void StartStream(HttpContent content)
    {
        Requests = content as PushContent;
        _response = OpenAsync(content);
        _response.ContinueWith(
            static failed => _ = failed.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <summary>The next response; null at the end of the stream with status OK.</summary>
    internal async Task<TResponse?> ReadAsync(CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.UnsafeRegister(static call => ((ClientCall)call!).Cancel(), this);
        try
        {
            var response = await _response.ConfigureAwait(false);
            if (TryGetEnd(out var ended))
            {
                return ended.StatusCode == StatusCode.OK ? null : throw ExceptionOf(ended);
            }

            _reader ??= new ResponseReader(
                await response.Content.ReadAsStreamAsync(Token).ConfigureAwait(false), Channel, EncodingOf(response));
            var message = await _reader.ReadAsync(_parse, Token).ConfigureAwait(false);
            if (message is not null)
            {
                return message;
            }

            _reader.Dispose();
            var status = FinishWithTrailers(response);
            return status.StatusCode == StatusCode.OK ? null : throw ExceptionOf(status);
        }
        catch (RpcException) when (TryGetEnd(out _))
        {
            throw;
        }
        catch (Exception exception)
        {
            throw FinishWith(exception, "Error reading next message.");
        }
    }

    private static string? EncodingOf(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues(WireNames.Encoding, out var encoding) ? encoding.ToString() : null;

    private async Task<HttpResponseMessage> OpenAsync(HttpContent content)
    {
        try
        {
            var response = await SendAsync(content).ConfigureAwait(false);
            if (TryReadStatus(response, out var early))
            {
                Finish(early, ClientHeaders.Read(response.Headers));
            }

            return response;
        }
        catch (Exception exception)
        {
            throw FinishWith(exception, StartError);
        }
    }

    /// <summary>A status that is known from the headers: the server's own, or one for a response that is not gRPC's.</summary>
    private static bool TryReadStatus(HttpResponseMessage response, out Status status)
    {
        if (ClientHeaders.TryReadStatus(response.Headers, out status))
        {
            return true;
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            status = ClientErrors.FromHttp(response.StatusCode);
            return true;
        }

        var type = response.Content.Headers.ContentType?.ToString();
        if (!WireNames.IsContentType(WireNames.ContentType, type))
        {
            status = new Status(StatusCode.Cancelled, type is null
                ? "Bad gRPC response. Response did not have a content-type header."
                : "Bad gRPC response. Invalid content-type value: " + type);
            return true;
        }

        return false;
    }
}
