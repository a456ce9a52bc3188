using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using Decisioning.Gateway;
using Decisioning.Gateway.Access;
using Decisioning.Gateway.Telemetry;
using Decisioning.Gateway.Throttling;
using Decisioning.Grains;
using Decisioning.Grains.Due;
using Decisioning.Storage;
using Microsoft.Extensions.Configuration;

namespace Decisioning.Silo.Tests;

public sealed class OptionsTests
{
    public static TheoryData<Type, string> Options { get; } = new()
    {
        { typeof(SiloOptions), SiloOptions.Section },
        { typeof(TlsOptions), TlsOptions.Section },
        { typeof(SiloClusterOptions), SiloClusterOptions.Section },
        { typeof(GrainsOptions), GrainsOptions.Section },
        { typeof(DueOptions), DueOptions.Section },
        { typeof(AccessOptions), AccessOptions.Section },
        { typeof(TokenOptions), TokenOptions.Section },
        { typeof(GatewayOptions), GatewayOptions.Section },
        { typeof(LimitsOptions), LimitsOptions.Section },
        { typeof(TelemetryOptions), TelemetryOptions.Section },
        { typeof(StorageOptions), StorageOptions.Section },
        { typeof(PostgresOptions), $"{StorageOptions.Section}:{nameof(StorageOptions.Postgres)}" },
        { typeof(RetentionOptions), $"{StorageOptions.Section}:{nameof(StorageOptions.Retention)}" },
    };

    [Theory, MemberData(nameof(Options))]
    public void Appsettings_holds_every_option_with_its_default(Type type, string section)
    {
        var settings = new ConfigurationBuilder().AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json")).Build().GetSection(section);
        var defaults = Activator.CreateInstance(type);

        foreach (var option in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(option => option.CanWrite && !IsSection(option)))
        {
            Assert.True(settings.GetChildren().Any(setting => setting.Key == option.Name), $"appsettings.json lacks {section}:{option.Name}");
            Assert.Equal(option.GetValue(defaults), settings.GetSection(option.Name).Get(option.PropertyType));
        }
    }

    [Fact]
    public void The_program_collects_for_many_callers_before_new_objects_fill_the_cache_of_a_whole_server_and_is_soon_at_full_speed()
    {
        using var runtime = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Decisioning.Silo.runtimeconfig.json")));

        var settings = runtime.RootElement.GetProperty("runtimeOptions").GetProperty("configProperties");

        Assert.True(settings.GetProperty("System.GC.Server").GetBoolean());
        Assert.Equal(0, settings.GetProperty("System.GC.DynamicAdaptationMode").GetInt32());
        Assert.Equal(64 * 1024 * 1024, settings.GetProperty("System.GC.Gen0MaxBudget").GetInt64());
        Assert.Equal(1, settings.GetProperty("System.Runtime.TieredCompilation.CallCountingDelayMs").GetInt32());
    }

    private static bool IsSection(PropertyInfo option) => Options.Any(row => row.Data.Item1 == option.PropertyType);

    [Fact]
    public void Appsettings_holds_nothing_that_nobody_reads()
    {
        var sections = Options.Select(row => row.Data).ToDictionary(data => data.Item2, data => data.Item1);
        using var settings = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "appsettings.json")));

        foreach (var (section, type) in sections)
        {
            var at = section.Split(':').Aggregate(settings.RootElement, (element, name) => element.GetProperty(name));
            foreach (var setting in at.EnumerateObject().Where(setting => !sections.ContainsKey($"{section}:{setting.Name}")))
            {
                Assert.True(type.GetProperty(setting.Name) is not null, $"nobody reads {section}:{setting.Name}");
            }
        }
    }

    [Theory]
    [InlineData("Listen=everywhere", "`everywhere` is no address; give Decisioning:Listen `loopback`, `any`, or an IP address of this machine")]
    [InlineData("Listen=any", "Decisioning:Listen is `any` and there is no certificate")]
    [InlineData("Listen=192.0.2.1", "Decisioning:Listen is `192.0.2.1` and there is no certificate")]
    [InlineData("Listen=any AllowCleartext=true", null)]
    [InlineData("Listen=::1", null)]
    [InlineData("Tls:KeyFile=key.pem", "CertificateFile and KeyFile go together")]
    [InlineData("Tls:KeyFile=/no/key.pem Tls:CertificateFile=/no/cert.pem", "the certificate in `/no/cert.pem` with the key in `/no/key.pem` cannot be read")]
    [InlineData("Listen=any Tls:KeyFile=/no/key.pem Tls:CertificateFile=/no/cert.pem", "cannot be read")]
    public void Listeners_that_would_not_do_are_refused_with_the_cure(string settings, string? said) =>
        AssertSaid(said, new SiloOptionsValidator().Validate(null, Bound(new SiloOptions(), settings)).FailureMessage);

    [Theory]
    [InlineData("", null)]
    [InlineData("Authority=https://issuer.example Audience=x Roles:desk=Agent,author", null)]
    [InlineData("Authority=http://127.0.0.1:9000 Audience=x", null)]
    [InlineData("Authority=http://issuer.example Audience=x", "`http://issuer.example` is no address of an issuer")]
    [InlineData("Authority=issuer Audience=x", "`issuer` is no address of an issuer")]
    [InlineData("Authority=https://issuer.example", "Decisioning:Access:Jwt:Audience is empty")]
    [InlineData("Roles:desk=root", "Decisioning:Access:Jwt:Roles:desk is `root`; give some of track, decide, agent, author, admin")]
    public void Tokens_that_would_not_do_are_refused_with_the_cure(string settings, string? said)
    {
        var options = Bound(new TokenOptions(), settings);
        AssertSaid(said, string.Join("; ", options.Validate(new ValidationContext(options)).Select(wrong => wrong.ErrorMessage)));
    }

    private static T Bound<T>(T options, string settings)
        where T : class
    {
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(setting => KeyValuePair.Create(setting.Split('=')[0], (string?)setting.Split('=')[1])))
            .Build().Bind(options);
        return options;
    }

    private static void AssertSaid(string? said, string? failure)
    {
        if (said is null)
        {
            Assert.Equal("", failure ?? "");
        }
        else
        {
            Assert.Contains(said, failure, StringComparison.Ordinal);
        }
    }
}
