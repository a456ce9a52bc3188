using System.CommandLine;
using Decisioning.Engine.Strategies;

namespace Decisioning.Cli.Commands;

/// <summary><c>decide schema</c>: prints the JSON Schema by which editors complete and check strategies.</summary>
internal static class SchemaCommand
{
    public static Command Create()
    {
        var command = new Command("schema", "Prints the JSON Schema of strategy files, for editors.");
        command.SetAction(_ =>
        {
            Console.Write(StrategyJsonSchema.Text);
            return ExitCode.Ok;
        });
        return command;
    }
}
