using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Decisioning.Silo;

/// <summary>Ports of this machine.</summary>
internal static class Ports
{
    /// <summary>A port that nobody listens on now.</summary>
    public static int Free(IPAddress address)
    {
        using var probe = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(address, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }

    /// <summary>Refuses a port that cannot be listened on; 0, any port, never is taken.</summary>
    /// <exception cref="AddressInUseException">It is taken, or needs rights that the program lacks.</exception>
    /// <exception cref="SiloArgumentException">The address is not this machine's.</exception>
    public static void RefuseTaken(IPAddress address, int port, string name)
    {
        try
        {
            using var probe = new TcpListener(address, port);
            probe.Start();
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            throw new AddressInUseException($"port {port} is in use or may not be opened; give another with `{name}`", e);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressNotAvailable)
        {
            throw new SiloArgumentException($"`{address}` is no address of this machine; nothing can listen there");
        }
    }
}
