namespace Decisioning.Cli.Printing;

/// <summary>
/// Makes text that others wrote safe to print: names, contents and messages come from customers and files, and a control
/// character in them would steer the terminal.
/// </summary>
internal static class Visible
{
    public static string Text(string text) =>
        text.Any(char.IsControl) ? string.Create(text.Length, text, static (target, source) =>
        {
            for (var i = 0; i < source.Length; i++)
            {
                target[i] = source[i] is '\n' or '\r' or '\t' ? ' ' : char.IsControl(source[i]) ? '·' : source[i];
            }
        })
        : text;
}
