using System.Net.Sockets;
using System.Text;

namespace Decisioning.Simulation.Tests.Attack.Wire;

/// <summary>A connection whose bytes are written by hand, as HTTP/1.1 or not.</summary>
internal sealed class Http1Connection : IDisposable
{
    private const int TextMax = 64 * 1024;
    private readonly TcpClient _socket;
    private readonly NetworkStream _stream;

    private Http1Connection(TcpClient socket) => (_socket, _stream) = (socket, socket.GetStream());

    public static async Task<Http1Connection> OpenAsync(Uri address)
    {
        var socket = new TcpClient { NoDelay = true };
        await socket.ConnectAsync(address.Host, address.Port);
        return new(socket);
    }

    /// <summary>Sends a text, a byte for each character; false when the connection is closed.</summary>
    public Task<bool> SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Sends bytes; false when the connection is closed.</summary>
    public async Task<bool> SendAsync(byte[] bytes)
    {
        try
        {
            await _stream.WriteAsync(bytes);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Reads until the engine closes the connection, or so long.</summary>
    /// <returns>What came, and whether it was closed.</returns>
    public async Task<(string Text, bool IsClosed)> ReadAsync(TimeSpan most)
    {
        using var late = new CancellationTokenSource(most);
        var (bytes, text) = (new byte[4096], new StringBuilder());
        try
        {
            while (await _stream.ReadAsync(bytes, late.Token) is > 0 and var count)
            {
                if (text.Length < TextMax)
                {
                    text.Append(Encoding.Latin1.GetString(bytes, 0, count));
                }
            }

            return (text.ToString(), true);
        }
        catch (OperationCanceledException)
        {
            return (text.ToString(), false);
        }
        catch (IOException)
        {
            return (text.ToString(), true);
        }
    }

    /// <summary>The statuses of the answers in a text, in their order.</summary>
    public static string[] Statuses(string text) =>
        [.. text.Split("HTTP/1.1 ").Skip(1).Select(part => new string([.. part.TakeWhile(char.IsAsciiDigit)]))];

    public void Dispose() => _socket.Dispose();
}
