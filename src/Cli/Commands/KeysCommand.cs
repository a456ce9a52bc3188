using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Decisioning.Cli.Access;
using Decisioning.Cli.Printing;
using Decisioning.Engine.Access;

namespace Decisioning.Cli.Commands;

/// <summary><c>decide keys create|list|revoke</c>: who may call an engine.</summary>
internal static class KeysCommand
{
    private static readonly Option<string> Name = new("--name", "-n") { Description = "What to call it, e.g. the system that will use it.", Required = true };

    private static readonly Option<AccessScope> Scopes = new("--scopes", "-s")
    {
        Description = "What its holder may do, separated by commas: track, decide, agent, author, admin.",
        Required = true,
        CustomParser = result =>
        {
            if (AccessScopes.TryParse(string.Join(',', result.Tokens.Select(token => token.Value)), out var scopes))
            {
                return scopes;
            }

            result.AddError($"--scopes is `{string.Join(',', result.Tokens.Select(token => token.Value))}`; give some of track, decide, agent, author, admin");
            return AccessScope.None;
        },
    };

    private static readonly Option<bool> Public = new("--public") { Description = "It will stand in a website or an app, where everybody can read it: track and decide only." };

    private static readonly Option<string[]> Origins = new("--origin", "-o") { Description = "A page that browsers may use it from, e.g. https://shop.example; * for any. May be given several times." };

    private static readonly Option<DateTimeOffset?> Expires = new("--expires")
    {
        Description = "From when on it is not valid: a time, or how long from now, e.g. 90d or 12h. Never, if not given.",
        CustomParser = ReadExpiry,
    };

    private static readonly Argument<string> Id = new("ID") { Description = "The key's id: the 12 characters after `dk_`." };

    public static Command Create() => new("keys", "Manages the keys that callers are let in with: of a running engine, or, with --data or --storage, of a stopped engine's store.")
    {
        Created(),
        Listed(),
        Revoked(),
    };

    private static Command Created()
    {
        var command = new Command("create", "Makes a key and prints it: it is shown only here.") { Name, Scopes, Public, Origins, Expires }.WithKeys();
        command.SetAction((arguments, cancellationToken) => KeyBooks.RunAsync(arguments, async keys =>
        {
            var wanted = new AccessKey("", "", arguments.GetValue(Name)!, arguments.GetValue(Scopes), "", default, "")
            {
                IsPublic = arguments.GetValue(Public),
                Origins = [.. arguments.GetValue(Origins) ?? []],
                ExpiresAt = arguments.GetValue(Expires),
            };
            var (key, text) = await keys.CreateAsync(wanted, cancellationToken);

            // The key alone goes where a script reads it.
            Console.Error.WriteLine($"key {key.Id} `{Visible.Text(key.Name)}`{(key.IsPublic ? ", public" : "")}: {key.Scopes.Text()}. Keep it now: it is not shown again.");
            Console.WriteLine(text);
            return ExitCode.Ok;
        }));
        return command;
    }

    private static Command Listed()
    {
        var command = new Command("list", "Lists the keys, those included that expired or were revoked.").WithKeys();
        command.SetAction((arguments, cancellationToken) => KeyBooks.RunAsync(arguments, async keys =>
        {
            var now = TimeProvider.System.GetUtcNow();
            await foreach (var key in keys.ListAsync(cancellationToken))
            {
                var state = key.RevokedAt is { } revoked ? $"revoked {Day(revoked)}"
                    : key.ExpiresAt is not { } end ? "valid"
                    : end <= now ? $"expired {Day(end)}"
                    : $"valid until {Day(end)}";
                var scopes = key.Scopes.Text().Replace(" ", "", StringComparison.Ordinal) + (key.IsPublic ? ",public" : "");
                Console.WriteLine(string.Join("  ", (string[])[key.Id, $"{scopes,-20}", $"{state,-22}", $"made {Day(key.CreatedAt)}", Visible.Text(key.Name), .. key.Origins.Select(Visible.Text)]));
            }

            return ExitCode.Ok;
        }));
        return command;
    }

    private static Command Revoked()
    {
        var command = new Command("revoke", "Revokes a key for ever; an engine knows it within 5 seconds.") { Id }.WithKeys();
        command.SetAction((arguments, cancellationToken) => KeyBooks.RunAsync(arguments, async keys =>
        {
            var id = arguments.GetValue(Id)!;
            if (await keys.RevokeAsync(id, cancellationToken) is not { } key)
            {
                Connection.Complain($"there is no key `{id}`; `decide keys list` shows those there are");
                return ExitCode.Refused;
            }

            Console.WriteLine($"key {key.Id} `{Visible.Text(key.Name)}` was revoked {key.RevokedAt:u}");
            return ExitCode.Ok;
        }));
        return command;
    }

    private static string Day(DateTimeOffset at) => at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateTimeOffset? ReadExpiry(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        var unit = text.Length > 1 ? text[^1] : ' ';
        if (unit is 'd' or 'h' or 'm' && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and < 100_000)
        {
            return TimeProvider.System.GetUtcNow() + (unit switch { 'd' => TimeSpan.FromDays(count), 'h' => TimeSpan.FromHours(count), _ => TimeSpan.FromMinutes(count) });
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at))
        {
            return at;
        }

        result.AddError($"--expires is `{text}`; it must be like 90d, 12h or 2027-01-31");
        return null;
    }
}
