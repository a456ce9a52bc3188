using System.CommandLine;
using System.Globalization;
using CsvHelper;
using Decisioning.V1;
using Google.Protobuf.WellKnownTypes;

namespace Decisioning.Cli.Commands;

/// <summary><c>decide export --features a,b,c</c>: a CSV of all customers.</summary>
internal static class ExportCommand
{
    private const int PageSize = 500;

    private static readonly Option<string[]> Features = new("--features", "-f")
    {
        Description = "Features by name, separated by commas.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
        CustomParser = result => [.. result.Tokens.SelectMany(t => t.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))],
    };

    private static readonly Option<FileInfo?> Output = new("--output", "-o") { Description = "The file to write; standard output if not given." };

    private static readonly Option<bool> Anonymous = new("--anonymous") { Description = "Also list visitors not known by name." };

    public static Command Create()
    {
        var command = new Command("export", "Writes a CSV of all customers with some of their features.") { Features, Output, Anonymous, Connection.Address, Connection.Key };
        command.SetAction((arguments, cancellationToken) => Connection.RunAsync(arguments, async channel =>
        {
            var request = new ListRequest { PageSize = PageSize, IncludeAnonymous = arguments.GetValue(Anonymous) };
            request.Features.AddRange(arguments.GetValue(Features)!);
            var client = new Customers.CustomersClient(channel);

            // Asked before anything is written: a file that is there stays when the engine is not.
            var page = await client.ListAsync(request, cancellationToken: cancellationToken);
            if (arguments.GetValue(Output) is not { } file)
            {
                await using var standardOutput = new StreamWriter(Console.OpenStandardOutput());
                await WriteAsync(client, request, page, standardOutput, cancellationToken);
                return ExitCode.Ok;
            }

            var part = file.FullName + ".part";
            try
            {
                await using (var writer = new StreamWriter(part))
                {
                    await WriteAsync(client, request, page, writer, cancellationToken);
                }

                File.Move(part, file.FullName, overwrite: true);
                return ExitCode.Ok;
            }
            finally
            {
                File.Delete(part);
            }
        }));
        return command;
    }

    private static async Task WriteAsync(Customers.CustomersClient client, ListRequest request, ListResponse page, StreamWriter writer, CancellationToken cancellationToken)
    {
        await using var csv = CsvWriter.Create(writer, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        Row(csv, ["customer", "anonymous", "sequence", .. request.Features]);
        while (true)
        {
            foreach (var customer in page.Customers)
            {
                var isAnonymous = customer.Identity.IdentityCase == CustomerIdentity.IdentityOneofCase.AnonymousId;
                Row(csv,
                [
                    isAnonymous ? customer.Identity.AnonymousId : Connection.Id(customer.Identity),
                    isAnonymous ? "true" : "false",
                    customer.Sequence.ToString(CultureInfo.InvariantCulture),
                    .. request.Features.Select(name => Text(customer.Features.Fields.GetValueOrDefault(name))),
                ]);
            }

            if (page.NextPageToken.Length == 0)
            {
                return;
            }

            request.PageToken = page.NextPageToken;
            page = await client.ListAsync(request, cancellationToken: cancellationToken);
        }
    }

    private static void Row(CsvWriter csv, IEnumerable<string> fields)
    {
        foreach (var field in fields)
        {
            csv.WriteField(field);
        }

        csv.EndRecord();
    }

    private static string Text(Value? value) => value?.KindCase switch
    {
        Value.KindOneofCase.NumberValue => value.NumberValue.ToString("R", CultureInfo.InvariantCulture),
        Value.KindOneofCase.StringValue => value.StringValue,
        Value.KindOneofCase.BoolValue => value.BoolValue ? "true" : "false",
        null or Value.KindOneofCase.NullValue or Value.KindOneofCase.None => string.Empty,
        _ => value.ToString(),
    };
}
