using System.CommandLine;
using Decisioning.Cli.Commands;

var root = new RootCommand("Works with strategies and with a running decisioning engine.")
{
    LintCommand.Create(),
    ImportCommand.Create(),
    PlayCommand.Create(),
    SampleCommand.Create(),
    NextCommand.Create(),
    CustomerCommand.Create(),
    ExportCommand.Create(),
    PublishCommand.Create(),
    WatchCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
