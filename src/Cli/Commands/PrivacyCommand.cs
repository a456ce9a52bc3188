using System.Buffers;
using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Decisioning.Cli.Printing;
using Decisioning.Contracts.Json;
using Decisioning.V1;
using Google.Protobuf;
using Grpc.Core;
using Spectre.Console;

namespace Decisioning.Cli.Commands;

/// <summary><c>decide privacy export|erase CUSTOMER</c>: what a person may ask for.</summary>
internal static class PrivacyCommand
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly Argument<string> Customer = new("CUSTOMER") { Description = "A user id, or anonymous:ID; any identity will do." };

    private static readonly Option<FileInfo> Output = new("--output", "-o") { Description = "The file to write.", Required = true };

    private static readonly Option<string> Request = new("--request", "-r")
    {
        Description = "Your id of the request, without personal data; when the command fails, repeat it with the same one.",
        Required = true,
    };

    public static Command Create() => new("privacy", "Gives out or erases everything kept of a customer; needs a key of scope admin.") { Exported(), Erased() };

    private static Command Exported()
    {
        var command = new Command("export", "Writes everything kept of a customer to a JSON file: identities, what is known now, events, decisions.") { Customer, Output, Connection.Address, Connection.Key };
        command.SetAction((arguments, cancellationToken) => Connection.RunAsync(arguments, async channel =>
        {
            using var call = new Customers.CustomersClient(channel)
                .Export(new ExportRequest { Customer = Connection.Identity(arguments.GetValue(Customer)!) }, cancellationToken: cancellationToken);

            // Asked before anything is written: a file that is there stays when the engine is not.
            if (!await call.ResponseStream.MoveNext(cancellationToken))
            {
                return CutOff();
            }

            var file = arguments.GetValue(Output)!;
            var part = file.FullName + ".part";
            try
            {
                (int Events, int Decisions, ExportEnd? End) written;
                await using (var stream = File.Create(part))
                {
                    written = await WriteAsync(call.ResponseStream, stream, cancellationToken);
                }

                if (written.End is not { } end)
                {
                    return CutOff();
                }

                File.Move(part, file.FullName, overwrite: true);
                AnsiConsole.MarkupLineInterpolated($"{written.Events} events and {written.Decisions} decisions are in {file.FullName}");
                if (end.Unreadable > 0)
                {
                    Connection.Complain($"{end.Unreadable} more are damaged and not in it; restore the store from a backup to have them");
                }

                return ExitCode.Ok;
            }
            finally
            {
                File.Delete(part);
            }
        }));
        return command;
    }

    private static int CutOff()
    {
        Connection.Complain("the export was cut off, and nothing was written; repeat the command");
        return ExitCode.Unreachable;
    }

    private static Command Erased()
    {
        var command = new Command("erase", "Erases everything kept of a customer, for ever. Prints the receipt.") { Customer, Request, Connection.Address, Connection.Key };
        command.SetAction((arguments, cancellationToken) => Connection.RunAsync(arguments, async channel =>
        {
            var request = new EraseRequest { Customer = Connection.Identity(arguments.GetValue(Customer)!), ErasureRequestId = arguments.GetValue(Request)! };
            var receipt = await new Customers.CustomersClient(channel).EraseAsync(request, cancellationToken: cancellationToken);
            var text = new ArrayBufferWriter<byte>();
            await using (var writer = new Utf8JsonWriter(text, Readable))
            {
                MessageJsonWriter.Write(writer, receipt);
            }

            Console.WriteLine(Encoding.UTF8.GetString(text.WrittenSpan));
            return ExitCode.Ok;
        }));
        return command;
    }

    // The parts come section by section; each is on the disk before the next is read.
    private static async Task<(int Events, int Decisions, ExportEnd? End)> WriteAsync(IAsyncStreamReader<ExportResponse> parts, Stream stream, CancellationToken cancellationToken)
    {
        var (events, decisions, section) = (0, 0, "");
        ExportEnd? end = null;
        await using var writer = new Utf8JsonWriter(stream, Readable);
        writer.WriteStartObject();
        do
        {
            var (name, message) = SectionOf(parts.Current);
            if (name != section)
            {
                if (section.Length > 0)
                {
                    writer.WriteEndArray();
                }

                writer.WriteStartArray(name);
                section = name;
            }

            MessageJsonWriter.Write(writer, message);
            await writer.FlushAsync(cancellationToken);
            events += message is ExportedEvent ? 1 : 0;
            decisions += message is ExportedDecision ? 1 : 0;
            end = message as ExportEnd;
        }
        while (await parts.MoveNext(cancellationToken));

        writer.WriteEndArray();
        writer.WriteEndObject();
        return (events, decisions, end);
    }

    private static (string Name, IMessage Message) SectionOf(ExportResponse part) => part.PartCase switch
    {
        ExportResponse.PartOneofCase.Start => ("export", part.Start),
        ExportResponse.PartOneofCase.Customer => ("customers", part.Customer),
        ExportResponse.PartOneofCase.Event => ("events", part.Event),
        ExportResponse.PartOneofCase.Decision => ("decisions", part.Decision),
        _ => ("end", part.End),
    };
}
