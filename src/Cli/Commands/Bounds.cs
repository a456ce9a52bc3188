using System.CommandLine;
using System.Globalization;

namespace Decisioning.Cli.Commands;

/// <summary>Refuses numbers outside their bounds before a command starts.</summary>
internal static class Bounds
{
    public static void Check(Option<int> option, int least, int most) => option.CustomParser = result =>
    {
        var text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
        {
            return value;
        }

        result.AddError($"{option.Name} is {text}; it must be {least} to {most}");
        return least;
    };
}
