using System.Reflection;
using System.Text.Json;
using Decisioning.Gateway;
using Decisioning.Gateway.Access;
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
        { typeof(SiloClusterOptions), SiloClusterOptions.Section },
        { typeof(GrainsOptions), GrainsOptions.Section },
        { typeof(DueOptions), DueOptions.Section },
        { typeof(AccessOptions), AccessOptions.Section },
        { typeof(TokenOptions), TokenOptions.Section },
        { typeof(GatewayOptions), GatewayOptions.Section },
        { typeof(LimitsOptions), LimitsOptions.Section },
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
}
