using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Decisioning.Silo;

/// <summary>The certificate of the listeners, as its files are: renewed without a restart. A pair of files that do not fit leaves the one before in use.</summary>
internal sealed partial class TlsCertificate(TlsOptions options, TimeProvider clock, ILogger logger)
{
    /// <summary>How often the files are looked at, at most; whoever renews a certificate does so days before it ends.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private SslStreamCertificateContext? _current;
    private DateTime _writtenAt;
    private long _lookedAt;

    /// <summary>The certificate with what leads to its root.</summary>
    public SslStreamCertificateContext Current()
    {
        lock (_gate)
        {
            if (_current is null || clock.GetElapsedTime(_lookedAt) >= LookEvery)
            {
                _lookedAt = clock.GetTimestamp();
                Look();
            }

            return _current!;
        }
    }

    /// <summary>Reads a certificate; its mistake is a sentence with the cure, or null.</summary>
    public static string? Mistake(TlsOptions options)
    {
        if (options.CertificateFile.Length == 0 || options.KeyFile.Length == 0)
        {
            return $"{TlsOptions.Section}:{nameof(TlsOptions.CertificateFile)} and {nameof(TlsOptions.KeyFile)} go together; give both, or neither";
        }

        try
        {
            Read(options);
            return null;
        }
        catch (Exception e) when (IsOfFiles(e))
        {
            return $"the certificate in `{options.CertificateFile}` with the key in `{options.KeyFile}` cannot be read: {e.Message}; give PEM files that belong together, the key without a password";
        }
    }

    private void Look()
    {
        try
        {
            var writtenAt = new[] { options.CertificateFile, options.KeyFile }.Max(File.GetLastWriteTimeUtc);
            if (_current is null || writtenAt != _writtenAt)
            {
                _current = Read(options);
                _writtenAt = writtenAt;
            }
        }
        catch (Exception e) when (_current is not null && IsOfFiles(e))
        {
            LogNotRead(e.Message);
        }
    }

    private static SslStreamCertificateContext Read(TlsOptions options)
    {
        var leaf = X509Certificate2.CreateFromPemFile(options.CertificateFile, options.KeyFile);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(options.CertificateFile);
        return SslStreamCertificateContext.Create(leaf, chain, offline: true);
    }

    private static bool IsOfFiles(Exception e) => e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException;

    [LoggerMessage(EventId = 402, Level = LogLevel.Warning, Message = "the new certificate is not used, the one before stays: {Reason}")]
    private partial void LogNotRead(string reason);
}
