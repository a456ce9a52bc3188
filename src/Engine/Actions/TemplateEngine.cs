using HandlebarsDotNet;

namespace Decisioning.Engine.Actions;

/// <summary>Handlebars, set to plain text. What reaches it has passed <see cref="TemplateSyntax"/>: names of two parts, and choices.</summary>
internal static class TemplateEngine
{
    private static readonly IHandlebars Shared = Handlebars.Create(new HandlebarsConfiguration
    {
        NoEscape = true,
        ThrowOnUnresolvedBindingExpression = false,
    });

    /// <exception cref="HandlebarsException">The template is malformed.</exception>
    public static HandlebarsTemplate<object, object> Compile(string source) => Shared.Compile(source);
}
