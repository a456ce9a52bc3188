using System.CommandLine;
using Decisioning.Storage;
using Microsoft.Extensions.Configuration;

namespace Decisioning.Cli.Commands;

/// <summary>The store that a command works on, by the engine's own switches and environment variables.</summary>
internal static class StoreOptions
{
    private static readonly Option<string> Data = new("--data") { Description = "The folder of the embedded database (`data` below the working folder)." };

    private static readonly Option<string> Storage = new("--storage") { Description = "sqlite, the embedded database, or postgres." };

    private static readonly Option<string> Postgres = new("--postgres") { Description = "The server: \"Host=…;Database=…;Username=…;Password=…\"." };

    private static readonly Option<string> Schema = new("--schema") { Description = "The schema on the server (decisioning)." };

    static StoreOptions() => Storage.AcceptOnlyFromAmong("sqlite", "postgres");

    /// <summary>Adds the switches to a command.</summary>
    public static Command WithStore(this Command command)
    {
        foreach (var option in (Option[])[Data, Storage, Postgres, Schema])
        {
            command.Add(option);
        }

        return command;
    }

    /// <summary>Whether a switch names a store: then that is meant, and not a running engine.</summary>
    public static bool IsGiven(ParseResult arguments) => ((Option[])[Data, Storage, Postgres, Schema]).Any(option => arguments.GetResult(option) is { Implicit: false });

    /// <summary>The store that is meant: switches first, then environment variables such as <c>Storage__DataFolder</c>.</summary>
    /// <exception cref="StoreRefusedException">The server is missing.</exception>
    public static StorageOptions Read(ParseResult arguments)
    {
        var given = new Dictionary<string, string?>();
        Put("Storage:DataFolder", Data);
        Put("Storage:Kind", Storage);
        Put("Storage:Postgres:ConnectionString", Postgres);
        Put("Storage:Postgres:Schema", Schema);
        var options = new StorageOptions();
        new ConfigurationBuilder().AddEnvironmentVariables().AddInMemoryCollection(given).Build().GetSection(StorageOptions.Section).Bind(options);
        return options.Kind == StorageKind.Sqlite || options.Postgres.ConnectionString.Length > 0
            ? options
            : throw new StoreRefusedException("`--storage postgres` needs the server: add `--postgres \"Host=…;Database=…;Username=…\"`");

        void Put(string setting, Option<string> option)
        {
            if (arguments.GetValue(option) is { } value)
            {
                given.Add(setting, value);
            }
        }
    }
}
