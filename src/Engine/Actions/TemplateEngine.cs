using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using HandlebarsDotNet;
using HandlebarsDotNet.Compiler;
using HandlebarsDotNet.IO;
using HandlebarsDotNet.Iterators;
using HandlebarsDotNet.MemberAccessors;
using HandlebarsDotNet.ObjectDescriptors;
using HandlebarsDotNet.PathStructure;

namespace Decisioning.Engine.Actions;

/// <summary>Handlebars, one per escape. What reaches it has passed <see cref="TemplateParser"/>: names, choices, lists and helpers.</summary>
internal static class TemplateEngine
{
    private static readonly ImmutableArray<IHandlebars> ByEscape = [.. TemplateEscapes.All.Select(static escape => Create(escape is null ? null : new Encoder(escape)))];

    /// <summary>Compiles a template: milliseconds.</summary>
    /// <exception cref="HandlebarsException">The template is malformed: it did not pass <see cref="TemplateParser"/>.</exception>
    public static HandlebarsTemplate<TextWriter, object, object> Compile(string source, TemplateEscape escape)
    {
        using var text = new StringReader(source);
        return ByEscape[(int)escape].Compile(text);
    }

    private static IHandlebars Create(Encoder? encoder)
    {
        var configuration = new HandlebarsConfiguration { NoEscape = encoder is null, TextEncoder = encoder, ThrowOnUnresolvedBindingExpression = false };
        configuration.FormatterProviders.Add(new Silence());
        configuration.ObjectDescriptorProviders.Add(new Plainness());
        var handlebars = Handlebars.Create(configuration);
        foreach (var (name, helper) in TemplateHelpers.All)
        {
            handlebars.RegisterHelper(name, (in EncodedTextWriter output, in HelperOptions options, in Context _, in Arguments arguments) =>
            {
                var reader = options.Data[nameof(TemplateReader)] is TemplateReader known ? known : default;
                var text = TemplateHelpers.Write(helper, arguments[0], arguments.Length > 1 ? arguments[1]?.ToString() : null, reader);
                if (helper == TemplateHelper.Url)
                {
                    output.WriteSafeString(Uri.EscapeDataString(text));
                }
                else
                {
                    output.Write(text, encode: encoder is not null);
                }
            });
        }

        return handlebars;
    }

    /// <summary>Escapes whole values at once, so that a full text ends between two of them.</summary>
    private sealed class Encoder(Func<string, string> escape) : ITextEncoder
    {
        public void Encode(StringBuilder? text, TextWriter target) => target.Write(escape(text?.ToString() ?? ""));

        public void Encode(string? text, TextWriter target) => target.Write(escape(text ?? ""));

        public void Encode<T>(T? text, TextWriter target)
            where T : IEnumerator<char>
        {
            var whole = new StringBuilder();
            while (text is not null && text.MoveNext())
            {
                whole.Append(text.Current);
            }

            target.Write(escape(whole.ToString()));
        }
    }

    /// <summary>
    /// Nothing but maps has members, and nothing but lists has items: templates see no properties of the engine's own types, not even
    /// the length of a text.
    /// </summary>
    private sealed class Plainness : IObjectDescriptorProvider, IMemberAccessor, IIterator
    {
        public bool TryGetDescriptor(Type type, out ObjectDescriptor value)
        {
            value = new ObjectDescriptor(type, this, static (_, _) => Array.Empty<object>(), _ => this, []);
            return type != typeof(TemplateMap) && type != typeof(TemplateList);
        }

        public bool TryGetValue(object instance, ChainSegment memberName, out object? value)
        {
            value = null;
            return false;
        }

        public void Iterate(
            in EncodedTextWriter writer, BindingContext context, ChainSegment[] blockParamsVariables, object input, TemplateDelegate template, TemplateDelegate ifEmpty) =>
            ifEmpty(writer, context);
    }

    /// <summary>Lists and maps as a whole are shown as nothing.</summary>
    private sealed class Silence : IFormatterProvider, IFormatter
    {
        public bool TryCreateFormatter(Type type, out IFormatter formatter)
        {
            formatter = this;
            return type == typeof(TemplateMap) || type == typeof(TemplateList);
        }

        public void Format<T>(T value, in EncodedTextWriter writer)
        {
        }
    }
}

/// <summary>A map as templates see it.</summary>
internal sealed class TemplateMap() : Dictionary<string, object?>(StringComparer.Ordinal);

/// <summary>A list as templates see it: its first <see cref="Limits.TemplateItemsMax"/> items.</summary>
internal sealed class TemplateList : List<object?>;

/// <summary>A text that takes at most <see cref="Limits.ContentCharsMax"/> characters: the first piece that has no room ends it.</summary>
internal sealed class TemplateText : StringWriter
{
    private bool _isFull;

    public TemplateText()
        : base(CultureInfo.InvariantCulture)
    {
    }

    public override void Write(char value)
    {
        if (HasRoom(1))
        {
            base.Write(value);
        }
    }

    public override void Write(string? value)
    {
        if (HasRoom(value?.Length ?? 0))
        {
            base.Write(value);
        }
    }

    public override void Write(char[] buffer, int index, int count)
    {
        if (HasRoom(count))
        {
            base.Write(buffer, index, count);
        }
    }

    public override void Write(ReadOnlySpan<char> buffer)
    {
        if (HasRoom(buffer.Length))
        {
            base.Write(buffer);
        }
    }

    public override void Write(StringBuilder? value) => Write(value?.ToString());

    private bool HasRoom(int chars)
    {
        _isFull |= GetStringBuilder().Length + chars > Limits.ContentCharsMax;
        return !_isFull;
    }
}
