using System.CommandLine;
using Decisioning.Cli.Commands;
using Decisioning.Storage;
using Decisioning.Storage.Maintenance;

namespace Decisioning.Cli.Access;

/// <summary>Opens the keys that a command means: those of the engine at its address, or, where a switch names a store, those in the store.</summary>
internal static class KeyBooks
{
    private static readonly Option<string> Tenant = new("--tenant")
    {
        Description = "With a store: whose keys; an engine knows the tenant by the key it is called with.",
        DefaultValueFactory = _ => "default",
    };

    /// <summary>Adds the switches to a command.</summary>
    public static Command WithKeys(this Command command)
    {
        command.Add(Connection.Address);
        command.Add(Connection.Key);
        command.Add(Tenant);
        return command.WithStore();
    }

    /// <summary>Runs a command; what goes wrong is told in a sentence with the cure.</summary>
    public static async Task<int> RunAsync(ParseResult arguments, Func<IKeyBook, Task<int>> command)
    {
        try
        {
            if (!StoreOptions.IsGiven(arguments))
            {
                return await Connection.RunAsync(arguments, channel => command(new EngineKeyBook(channel)));
            }

            await using var store = new OpenStore(StoreOptions.Read(arguments));
            return await command(new StoreKeyBook(store, arguments.GetValue(Tenant)!));
        }
        catch (KeyRefusedException e)
        {
            Connection.Complain(e.Message);
            return ExitCode.Refused;
        }
        catch (Exception e) when (e is StoreRefusedException or StorageUnavailableException)
        {
            Connection.Complain(e.Message);
            return ExitCode.Usage;
        }
    }
}
