using System.CommandLine;
using System.Globalization;
using Decisioning.Cli.Printing;
using Decisioning.Storage;
using Decisioning.Storage.Maintenance;

namespace Decisioning.Cli.Commands;

/// <summary><c>decide db status|migrate|backup</c>: looks after a store without an engine, or beside it.</summary>
internal static class DbCommand
{
    private static readonly Option<string> To = new("--to") { Description = "The file to write; it must not be there yet.", Required = true };

    public static Command Create() => new("db", "Looks after the store of an engine.")
    {
        Sub("status", "Says what the store holds; works beside a running engine.", Status),
        Sub("migrate", "Brings the store's schema to what this program knows; an engine does the same when it starts.", Migrate),
        Backup(),
    };

    private static Command Backup()
    {
        var command = Sub("backup", "Copies the embedded store into a file while the engine runs, and reads the copy back.", Backup);
        command.Add(To);
        return command;
    }

    private static Command Sub(string name, string description, Func<ParseResult, StorageOptions, int> run)
    {
        var command = new Command(name, description).WithStore();
        command.SetAction(arguments =>
        {
            try
            {
                return run(arguments, StoreOptions.Read(arguments));
            }
            catch (StoreRefusedException e)
            {
                Connection.Complain(e.Message);
                return ExitCode.Usage;
            }
        });
        return command;
    }

    private static int Status(ParseResult arguments, StorageOptions options)
    {
        StorePrinter.Print(StoreMaintenance.Status(options));
        return ExitCode.Ok;
    }

    private static int Migrate(ParseResult arguments, StorageOptions options)
    {
        var (before, after) = StoreMaintenance.Migrate(options);
        Console.WriteLine(before.Schema == after.Schema
            ? $"{after.Place}: schema {after.Schema}, nothing to do"
            : $"{after.Place}: schema {before.Schema} is now {after.Schema} ({string.Join(", ", before.Pending)})");
        return ExitCode.Ok;
    }

    private static int Backup(ParseResult arguments, StorageOptions options)
    {
        var copy = StoreMaintenance.Backup(options, arguments.GetValue(To)!);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{copy.File}: {copy.Customers:N0} customers, {copy.Events:N0} events, {copy.Bytes:N0} bytes, read back and whole"));
        return ExitCode.Ok;
    }
}
