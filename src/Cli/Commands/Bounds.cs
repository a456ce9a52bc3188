using System.CommandLine;

namespace Decisioning.Cli.Commands;

/// <summary>Refuses numbers outside their bounds before a command starts.</summary>
internal static class Bounds
{
    public static void Check(Option<int> option, int least, int most) => option.Validators.Add(result =>
    {
        if (result.Tokens.Count > 0 && result.GetValueOrDefault<int>() is var value && (value < least || value > most))
        {
            result.AddError($"{option.Name} is {value}; it must be {least} to {most}");
        }
    });
}
