using System.CommandLine;
using System.Globalization;
using Decisioning.Cli.Access;
using Decisioning.Cli.Printing;
using Decisioning.Engine.Access;

namespace Decisioning.Cli.Commands;

/// <summary><c>decide audit</c>: what was done with authority.</summary>
internal static class AuditCommand
{
    private static readonly Option<bool> Verify = new("--verify") { Description = "Checks that no row was changed or taken out, and prints the last hash instead of the rows." };

    public static Command Create()
    {
        var command = new Command("audit", "Lists what was done with authority: keys made and revoked, strategies published, customers exported and erased.") { Verify }.WithKeys();
        command.SetAction((arguments, cancellationToken) => KeyBooks.RunAsync(arguments, keys => RunAsync(keys, arguments.GetValue(Verify), cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(IKeyBook keys, bool verify, CancellationToken cancellationToken)
    {
        var (last, hash) = (0L, AuditEntry.Start);
        while (true)
        {
            var (tenant, rows) = await keys.AuditAsync(last, cancellationToken);
            foreach (var row in rows)
            {
                if (verify && (row.Number != last + 1 || !row.Follows(tenant, hash)))
                {
                    Connection.Complain($"row {row.Number} does not follow row {last}: a row was changed or taken out; compare with a copy of the store");
                    return ExitCode.Refused;
                }

                if (!verify)
                {
                    Print(row);
                }

                (last, hash) = (row.Number, row.Hash);
            }

            if (rows.IsEmpty)
            {
                break;
            }
        }

        if (verify)
        {
            Console.WriteLine(last == 0 ? "no rows" : $"{last.ToString("N0", CultureInfo.InvariantCulture)} rows, each follows the one before; the last hash is {hash}");
        }

        return ExitCode.Ok;
    }

    private static void Print(AuditEntry row)
    {
        var actor = row.Record.ActorName.Length > 0 ? $"{row.Record.Actor} ({row.Record.ActorName})" : row.Record.Actor;
        Console.WriteLine($"{row.Number,6}  {row.Record.At:u}  {row.Record.Action,-18}  {Visible.Text(row.Record.Subject)}  by {Visible.Text(actor)}  {Visible.Text(row.Record.Details)}".TrimEnd());
    }
}
