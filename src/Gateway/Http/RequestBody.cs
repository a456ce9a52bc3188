using System.IO.Compression;
using Decisioning.Gateway.Access;
using Microsoft.AspNetCore.Http;

namespace Decisioning.Gateway.Http;

/// <summary>Reads the bodies of requests, as they are or gzipped, up to a number of bytes.</summary>
internal static class RequestBody
{
    /// <summary>Bytes of a body at most, inflated: 2,500 events of 1.6 KB, or 16 of the largest.</summary>
    public const int BytesMax = 4 * 1024 * 1024;

    /// <summary>The same for callers whose key the world can read: as much as Segment takes, and as its libraries send.</summary>
    public const int PublicBytesMax = 500 * 1024;

    private const int FirstBytes = 4 * 1024;

    /// <summary>As many bytes as a caller may send.</summary>
    public static int BytesMaxOf(Caller caller) => caller.IsPublic ? PublicBytesMax : BytesMax;

    /// <summary>The whole body.</summary>
    /// <param name="context">The request.</param>
    /// <param name="bytesMax">The most bytes of it, inflated.</param>
    /// <exception cref="HttpRefusedException">It is larger, or compressed as we do not read it.</exception>
    public static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(HttpContext context, int bytesMax)
    {
        var request = context.Request;
        if (request.ContentLength > bytesMax)
        {
            throw TooLarge(bytesMax);
        }

        var encoding = request.Headers.ContentEncoding.ToString();
        if (encoding.Length == 0 || encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            return await ReadAsync(request.Body, (int?)request.ContentLength, bytesMax, context.RequestAborted);
        }

        if (!encoding.Equals("gzip", StringComparison.OrdinalIgnoreCase))
        {
            context.Response.Headers.AcceptEncoding = "gzip, identity";
            throw new HttpRefusedException(StatusCodes.Status415UnsupportedMediaType, "ENCODING_UNKNOWN", "the body is compressed in a way that is not read here; send it with gzip or as it is");
        }

        try
        {
            await using var inflated = new GZipStream(request.Body, CompressionMode.Decompress, leaveOpen: true);
            return await ReadAsync(inflated, null, bytesMax, context.RequestAborted);
        }
        catch (InvalidDataException)
        {
            throw new HttpRefusedException(StatusCodes.Status400BadRequest, "INVALID_ARGUMENT", "the body is not gzip, though `content-encoding` says so; send it gzipped, or leave the header out");
        }
    }

    // One byte more than may be is room enough to see that there is more.
    private static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(Stream source, int? length, int bytesMax, CancellationToken cancellationToken)
    {
        var bytes = new byte[(length ?? Math.Min(FirstBytes, bytesMax)) + 1];
        var count = 0;
        while (true)
        {
            var read = await source.ReadAsync(bytes.AsMemory(count), cancellationToken);
            if (read == 0)
            {
                return bytes.AsMemory(0, count);
            }

            count += read;
            if (count > bytesMax)
            {
                throw TooLarge(bytesMax);
            }

            if (count == bytes.Length)
            {
                Array.Resize(ref bytes, Math.Min(2 * bytes.Length, bytesMax + 1));
            }
        }
    }

    private static HttpRefusedException TooLarge(int bytesMax) => new(
        StatusCodes.Status413PayloadTooLarge, "TOO_LARGE", $"the body has more than {bytesMax / 1024} KB, inflated; send it in several requests");
}
