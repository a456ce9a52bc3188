using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Decisioning.Tests.Shared;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Api = Decisioning.V1;

namespace Decisioning.Silo.Tests;

public sealed class TlsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("decisioning-tls-");

    private string CertificateFile => Path.Combine(_folder.FullName, "cert.pem");

    private string KeyFile => Path.Combine(_folder.FullName, "key.pem");

    private TlsOptions Options => new() { CertificateFile = CertificateFile, KeyFile = KeyFile };

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task With_a_certificate_both_ports_speak_both_protocols_over_tls_and_nothing_in_the_clear()
    {
        var certificate = Write("first");
        await using var silo = await SiloProcess.ReadyAsync(
            "--data", Path.Combine(_folder.FullName, "data"), "--Decisioning:Tls:CertificateFile", CertificateFile, "--Decisioning:Tls:KeyFile", KeyFile);
        Assert.StartsWith("https://", silo.GrpcAddress, StringComparison.Ordinal);

        foreach (var address in (string[])[silo.GrpcAddress, silo.HttpAddress])
        {
            using var channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions { HttpHandler = Handler(), DisposeHttpClient = true });
            Assert.Empty((await new Api.Customers.CustomersClient(channel).ListAsync(new())).Customers);
            using var http = new HttpClient(Handler()) { DefaultRequestVersion = HttpVersion.Version11 };
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri(address + "/healthz"), TestContext.Current.CancellationToken)).StatusCode);
        }

        using var clear = new HttpClient();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => clear.GetAsync(new Uri(silo.HttpAddress.Replace("https", "http", StringComparison.Ordinal) + "/healthz"), TestContext.Current.CancellationToken));

        // A channel makes the handler's connections its own, so that nothing else can use it.
        SocketsHttpHandler Handler() => new() { SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString() } };
    }

    [Fact]
    public void A_renewed_certificate_is_shown_without_a_restart_and_one_that_does_not_fit_is_not()
    {
        var clock = new TestClock();
        var first = Write("first");
        var certificate = new TlsCertificate(Options, clock, NullLogger.Instance);
        Assert.Equal(first.Thumbprint, certificate.Current().TargetCertificate.Thumbprint);

        var second = Write("second");
        Assert.Equal(first.Thumbprint, certificate.Current().TargetCertificate.Thumbprint);
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(second.Thumbprint, certificate.Current().TargetCertificate.Thumbprint);

        Write("third", key: false);
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(second.Thumbprint, certificate.Current().TargetCertificate.Thumbprint);
        File.WriteAllText(CertificateFile, "nonsense");
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(second.Thumbprint, certificate.Current().TargetCertificate.Thumbprint);
    }

    [Fact]
    public void A_key_of_another_certificate_is_a_sentence()
    {
        Write("first");
        Assert.Null(TlsCertificate.Mistake(Options));
        Write("second", key: false);

        Assert.Contains("give PEM files that belong together", TlsCertificate.Mistake(Options), StringComparison.Ordinal);
    }

    // Each file is newer than the one before, however coarse the file system's clock.
    private X509Certificate2 Write(string name, bool key = true)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", pair, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var writtenAt = File.Exists(CertificateFile) ? File.GetLastWriteTimeUtc(CertificateFile).AddSeconds(2) : DateTime.UtcNow;
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
        File.SetLastWriteTimeUtc(CertificateFile, writtenAt);
        if (key)
        {
            File.WriteAllText(KeyFile, pair.ExportPkcs8PrivateKeyPem());
            File.SetLastWriteTimeUtc(KeyFile, writtenAt);
        }

        return certificate;
    }
}
