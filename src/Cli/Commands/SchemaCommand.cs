using System.CommandLine;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Testing;

namespace Decisioning.Cli.Commands;

/// <summary><c>decide schema</c>: prints the JSON Schema by which editors complete and check strategies, or their tests.</summary>
internal static class SchemaCommand
{
    private static readonly Option<bool> Tests = new("--tests") { Description = "That of test files instead." };

    public static Command Create()
    {
        var command = new Command("schema", "Prints the JSON Schema of strategy files, for editors.") { Tests };
        command.SetAction(arguments =>
        {
            Console.Write(arguments.GetValue(Tests) ? TestJsonSchema.Text : StrategyJsonSchema.Text);
            return ExitCode.Ok;
        });
        return command;
    }
}
