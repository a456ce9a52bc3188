using System.Collections.Immutable;
using Decisioning.Engine.Expressions.Runtime;
using Decisioning.Engine.Expressions.Syntax;

namespace Decisioning.Engine.Expressions.Checking;

/// <summary>Names, members and indexes.</summary>
internal sealed partial class Checker
{
    private static readonly ImmutableDictionary<string, TypeName> TypeNames = TypeName.All.ToImmutableDictionary(type => type.Name, StringComparer.Ordinal);

    /// <summary>A chain of plain names from its root, with the place of each; null when the node is no such chain.</summary>
    private static List<(string Name, Span At)>? PathOf(Node node)
    {
        switch (node)
        {
            case Name name:
                return [(name.Identifier, name.At)];
            case Select select when PathOf(select.Target) is { } path:
                path.Add((select.Member, select.MemberAt));
                return path;
            case IndexOf { Key: Literal { Value: { Kind: DynKind.String } key } literal } index when PathOf(index.Target) is { } path:
                path.Add((key.String, literal.At));
                return path;
            default:
                return null;
        }
    }

    private LocalVariable? LocalOf(Node node) => node switch
    {
        Name { Absolute: false } name => _locals.FindLast(local => local.Name == name.Identifier),
        Select select => LocalOf(select.Target),
        IndexOf index => LocalOf(index.Target),
        _ => null,
    };

    private Bound CheckPath(Node node)
    {
        if (node is Name name && LocalOf(node) is { } local)
        {
            return Coerce(new LocalReading(local, name.At), local.Type);
        }

        if (LocalOf(node) is null && PathOf(node) is { } path)
        {
            return CheckSchemaPath(node, path);
        }

        var select = (Select)node;
        return Member(Check(select.Target), select.Member, select.MemberAt, node.At);
    }

    private Bound CheckSchemaPath(Node node, List<(string Name, Span At)> path)
    {
        var start = node.At.Start;
        if (options.Container.Length > 0 && InContainer(node, path) is { } contained)
        {
            return contained;
        }

        for (var length = path.Count; length > 0; length--)
        {
            var prefix = Prefix(path, length);
            var at = Span.Between(new Span(start, 1), path[length - 1].At);
            if (schema.Variables.TryGetValue(prefix, out var variable))
            {
                var isNamespace = length < path.Count && schema.Namespaces.ContainsKey(prefix) && variable.Type.WithoutNull() is not CelType.MapOf && variable.Type != CelType.Dyn;
                return isNamespace
                    ? UnknownMember(prefix, path[length])
                    : Members(Read(variable.Name, variable.Type, variable.Read, variable.Domain, at), path, length, start);
            }

            if (TypeNames.TryGetValue(prefix, out var type))
            {
                return Members(new Constant(Dyn.Of(type), options.Unchecked ? CelType.Dyn : CelType.Type, at), path, length, start);
            }

            if (schema.Namespaces.TryGetValue(prefix, out var names))
            {
                return length == path.Count ? Refuse(at, $"`{prefix}` is a group of names, not a value; write `{prefix}.` and one of them{Suggestion.Cure("", schema.MembersOf(prefix))}")
                    : names.Open is { } open ? Members(OpenRead(names, open, path[length].Name, Span.Between(at, path[length].At)), path, length + 1, start)
                    : UnknownMember(prefix, path[length]);
            }
        }

        return Refuse(path[0].At, $"`{path[0].Name}` is not known{UnknownRootCure(path[0].Name, path.Count == 1)}", Fault.UnknownName);
    }

    /// <summary>The variable that the path means in the innermost namespace around the expression that has it; null for none.</summary>
    private Bound? InContainer(Node node, List<(string Name, Span At)> path)
    {
        for (var container = RootOf(node).Absolute ? "" : options.Container; container.Length > 0; container = container[..Math.Max(container.LastIndexOf('.'), 0)])
        {
            for (var length = path.Count; length > 0; length--)
            {
                if (schema.Variables.TryGetValue($"{container}.{Prefix(path, length)}", out var variable))
                {
                    var at = Span.Between(new Span(node.At.Start, 1), path[length - 1].At);
                    return Members(Read(variable.Name, variable.Type, variable.Read, variable.Domain, at), path, length, node.At.Start);
                }
            }
        }

        return null;
    }

    private static Name RootOf(Node node) => node switch
    {
        Select select => RootOf(select.Target),
        IndexOf index => RootOf(index.Target),
        _ => (Name)node,
    };

    private string UnknownRootCure(string written, bool isAlone)
    {
        if (Suggestion.For(written, schema.Roots) is { } near)
        {
            return $"; did you mean `{near}`?";
        }

        var holders = schema.Variables.Keys.Where(key => key.EndsWith("." + written, StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        return holders.Count > 0 ? $"; did you mean `{holders[0]}`?" : isAlone ? $"; a text is written `\"{written}\"`" : Suggestion.Cure(written, schema.Roots);
    }

    private Failing UnknownMember(string prefix, (string Name, Span At) member)
    {
        var cure = Suggestion.Cure(member.Name, schema.MembersOf(prefix));
        var declared = schema.Namespaces.GetValueOrDefault(prefix)?.UnknownCure is { } more && !cure.StartsWith("; did", StringComparison.Ordinal) ? $"; {more}" : "";
        return Refuse(member.At, $"`{prefix}` has no `{member.Name}`{cure}{declared}", Fault.UnknownName);
    }

    private Bound Members(Bound target, List<(string Name, Span At)> path, int from, int start)
    {
        for (var i = from; i < path.Count; i++)
        {
            target = Member(target, path[i].Name, path[i].At, Span.Between(new Span(start, 1), path[i].At));
        }

        return target;
    }

    private Bound Member(Bound target, string member, Span memberAt, Span at)
    {
        var key = new Constant(Dyn.Of(member), CelType.Dyn, memberAt);
        switch (target.Type.WithoutNull())
        {
            case CelType.MapOf map:
                return Coerce(new Lookup(Coerce(target, map), key, at), map.Value);
            case var type when type == CelType.Dyn:
                return new Lookup(target, key, at);
            case var type when type == CelType.Timestamp:
                return Refuse(memberAt, $"a timestamp has no member `{member}`; ask for its parts with `.getHours(\"Europe/Berlin\")`, `.getDayOfWeek(…)`, `.getFullYear(…)` and the like");
            case var type:
                return Refuse(memberAt, $"{type.WithArticle()} has no member `{member}`");
        }
    }

    private Bound Read(string name, CelType type, System.Linq.Expressions.LambdaExpression read, VariableDomain? domain, Span at)
    {
        var reading = new Reading(name, read, domain, type, at);
        if (!_readings.Exists(known => known.Name == name))
        {
            _readings.Add(reading);
        }

        return options.Unchecked ? Coerce(reading, CelType.Dyn) : reading;
    }

    private OpenReading OpenRead(NamespaceEntry names, System.Linq.Expressions.LambdaExpression read, string member, Span at)
    {
        var context = read.Parameters[0];
        var name = $"{names.Name}.{member}";
        if (!_readings.Exists(known => known.Name == name))
        {
            var body = System.Linq.Expressions.Expression.Invoke(read, context, System.Linq.Expressions.Expression.Constant(member));
            _readings.Add(new Reading(name, System.Linq.Expressions.Expression.Lambda(body, context), null, CelType.Dyn, at));
        }

        return new OpenReading(read, names.Name, member, at);
    }

    private Bound CheckIndex(IndexOf node)
    {
        if (LocalOf(node) is null && PathOf(node) is { } path && !IsMapVariable(path))
        {
            return CheckSchemaPath(node, path);
        }

        var (target, key) = (Check(node.Target), Check(node.Key));
        switch (target.Type.WithoutNull())
        {
            case CelType.ListOf list when TypeRules.Accepts(key.Type, CelType.Int):
                return Coerce(new Lookup(Coerce(target, list), key, node.At), list.Element);
            case CelType.ListOf:
                return Refuse(node.Key.At, $"a list is indexed by an int from 0, not by {key.Type.WithArticle()}");
            case CelType.MapOf map when TypeRules.Comparable(key.Type, map.Key):
                return Coerce(new Lookup(Coerce(target, map), Coerce(key, CelType.Dyn), node.At), map.Value);
            case CelType.MapOf map:
                return Refuse(node.Key.At, $"the keys of this map are of type {map.Key}, not {key.Type}");
            case var type when type == CelType.Dyn:
                return new Lookup(target, Coerce(key, CelType.Dyn), node.At);
            default:
                return Refuse(node.At, $"`[…]` wants a list or a map, but `{Shown(node.Target)}` is {target.Type.WithArticle()}");
        }
    }

    // `event["first name"]` is a name of a namespace, `labels["x"]` an entry of a map variable.
    private bool IsMapVariable(List<(string Name, Span At)> path)
    {
        for (var length = path.Count - 1; length > 0; length--)
        {
            if (schema.Variables.ContainsKey(Prefix(path, length)))
            {
                return !schema.Variables.ContainsKey(Prefix(path, path.Count));
            }
        }

        return !schema.Namespaces.ContainsKey(path[0].Name) && !schema.Variables.ContainsKey(Prefix(path, path.Count));
    }

    private static string Prefix(List<(string Name, Span At)> path, int length) => string.Join('.', path.Take(length).Select(part => part.Name));
}
