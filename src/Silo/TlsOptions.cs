namespace Decisioning.Silo;

/// <summary>The certificate that callers see. Without one the engine speaks in the clear.</summary>
public sealed class TlsOptions
{
    /// <summary>The section of the configuration they are read from.</summary>
    public const string Section = "Decisioning:Tls";

    /// <summary>A PEM file with the certificate and, after it, those that lead to a root. Read again when it changes. Default: none.</summary>
    public string CertificateFile { get; set; } = "";

    /// <summary>A PEM file with the certificate's key, without a password; may be the same file. Default: none.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>Whether there is a certificate.</summary>
    internal bool IsOn => CertificateFile.Length > 0 || KeyFile.Length > 0;
}
