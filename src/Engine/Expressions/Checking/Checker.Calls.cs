using System.Collections.Immutable;
using Decisioning.Engine.Expressions.Patterns;
using Decisioning.Engine.Expressions.Runtime;
using Decisioning.Engine.Expressions.Syntax;

namespace Decisioning.Engine.Expressions.Checking;

/// <summary>Calls: macros first, then functions of the schema, then the standard ones.</summary>
internal sealed partial class Checker
{
    private Bound CheckCall(CallOf node)
    {
        if (CheckMacro(node) is { } macro)
        {
            return macro;
        }

        if (DeclaredName(node) is { } declared)
        {
            return schema.Functions[declared] is ResolverFunction resolver
                ? CheckResolver(node, resolver)
                : CheckDeclared(node, (DeclaredFunction)schema.Functions[declared]);
        }

        if (node.Target is Name { Identifier: var group } && LocalOf(node.Target) is null && StandardLibrary.Groups.Contains(group) && !schema.Roots.Contains(group, StringComparer.Ordinal))
        {
            return CheckGrouped(node, group);
        }

        if (node.Target is { } owner && LocalOf(owner) is null && PathOf(owner) is { } path && Prefix(path, path.Count) is var prefix
            && schema.Namespaces.ContainsKey(prefix) && !schema.Variables.ContainsKey(prefix))
        {
            return Refuse(node.FunctionAt, $"`{prefix}` has no function `{node.Function}`{Suggestion.Cure(node.Function, schema.MembersOf(prefix))}", Fault.UnknownName);
        }

        var style = node.Target is null ? CallStyle.Function : CallStyle.Member;
        var overloads = StandardLibrary.Find(node.Function, style);
        var arguments = (node.Target is null ? node.Arguments : node.Arguments.Insert(0, node.Target)).Select(Check).ToList();
        if (overloads.IsEmpty)
        {
            return UnknownFunction(node, style);
        }

        if (node.Function == "dyn" && arguments.Count == 1)
        {
            return Coerce(arguments[0], CelType.Dyn);
        }

        if (node.Function == "format" && arguments is [Constant { Value.Kind: DynKind.String } format, _] && node.Arguments is [ListLiteral given] && WrongFormat(format.Value.String, given.Items.Length) is { } wrong)
        {
            return Refuse(format.At, wrong, Fault.BadFormat);
        }

        var resolved = Resolve(node.Function, overloads, arguments, node.At) ?? WrongArguments(node, overloads, arguments);
        return resolved is Invocation { Overload.Name: "matches" } match ? Match(match) : resolved;
    }

    /// <summary>A standard function with a dot in its name: `math.abs(x)`.</summary>
    private Bound CheckGrouped(CallOf node, string group)
    {
        var name = $"{group}.{node.Function}";
        var overloads = StandardLibrary.Find(name, CallStyle.Function);
        var arguments = node.Arguments.Select(Check).ToList();
        if (overloads.IsEmpty)
        {
            var known = StandardLibrary.FunctionNames.Append("cel.bind").Where(one => one.StartsWith(group + ".", StringComparison.Ordinal)).Select(one => one[(group.Length + 1)..]);
            return Refuse(node.FunctionAt, $"`{group}` has no function `{node.Function}`{Suggestion.Cure(node.Function, known)}", Fault.UnknownName);
        }

        // `math.greatest` and `math.least` take any number of numbers: pair by pair.
        while (arguments.Count > 2 && overloads[0].Name is "math.greatest" or "math.least" && Resolve(name, overloads, arguments[..2], node.At) is { } greater)
        {
            arguments.RemoveRange(0, 2);
            arguments.Insert(0, greater);
        }

        var resolved = Resolve(name, overloads, arguments, node.At) ?? WrongArguments(node with { Target = null, Function = name }, overloads, arguments);

        // One number, or the numbers of a list, give back what they are.
        var single = arguments is [{ Type: var only }] ? only.WithoutNull() is CelType.ListOf list ? list.Element : only.WithoutNull() : CelType.Dyn;
        return resolved.Type == CelType.Dyn && single.IsNumber() ? Coerce(resolved, single) : resolved;
    }

    private static string? WrongFormat(string format, int given) =>
        !TextFormat.TryCount(format, out var wanted) ? "this format has a clause that is not known; there are `%s %d %f %e %b %o %x %X`, `%.2f` for two decimals, and `%%` for a percent sign"
        : wanted != given ? $"this format takes {Count(wanted)}, but its list has {given}"
        : null;

    private Bound Match(Invocation call)
    {
        var (subject, written) = (call.Arguments[0], call.Arguments[1]);
        if (written is not Constant { Value: { Kind: DynKind.String } literal })
        {
            return new PatternMatch(null, written, subject, call.At);
        }

        return Pattern.TryRead(literal.String, out var pattern, out var problem)
            ? new PatternMatch(pattern, null, subject, call.At)
            : Refuse(written.At, $"this pattern cannot be used: {problem}", Fault.BadPattern);
    }

    private string? DeclaredName(CallOf node)
    {
        if (node.Target is null)
        {
            return schema.Functions.ContainsKey(node.Function) ? node.Function : null;
        }

        var name = LocalOf(node.Target) is null && PathOf(node.Target) is { } path ? $"{Prefix(path, path.Count)}.{node.Function}" : null;
        return name is not null && schema.Functions.ContainsKey(name) ? name : null;
    }

    private Failing UnknownFunction(CallOf node, CallStyle style)
    {
        if (!StandardLibrary.Find(node.Function, style == CallStyle.Member ? CallStyle.Function : CallStyle.Member).IsEmpty)
        {
            var cure = style == CallStyle.Member ? $"`{node.Function}({Shown(node.Target!)})`" : $"`x.{node.Function}(…)`";
            return Refuse(node.FunctionAt, $"`{node.Function}` is written {cure}", Fault.UnknownName);
        }

        var known = StandardLibrary.FunctionNames.Concat(schema.Functions.Keys).Concat(["has", "all", "exists", "exists_one", "map", "filter", "transformList", "transformMap"]);
        var near = Suggestion.For(node.Function, known) is { } name ? $"; did you mean `{name}`?" : "";
        return Refuse(node.FunctionAt, $"there is no function `{node.Function}`{near}", Fault.UnknownName);
    }

    private Failing WrongArguments(CallOf node, ImmutableArray<Overload> overloads, List<Bound> arguments)
    {
        var isMember = node.Target is not null;
        var given = string.Join(", ", arguments.Skip(isMember ? 1 : 0).Select(argument => argument.Type));
        var subject = isMember ? $" of {arguments[0].Type.WithArticle()}" : "";
        var shapes = overloads.Select(overload => isMember
            ? $"`{overload.Arguments[0]}.{overload.Name}({string.Join(", ", overload.Arguments.Skip(1))})`"
            : $"`{overload.Name}({string.Join(", ", overload.Arguments)})`").Distinct();
        return Refuse(node.At, $"`{node.Function}({given})`{subject} does not exist; it is {string.Join(" or ", shapes)}");
    }

    /// <summary>The call with its overload; null when no overload takes the arguments.</summary>
    private Bound? Resolve(string name, ImmutableArray<Overload> overloads, List<Bound> arguments, Span at)
    {
        var sameCount = overloads.Where(overload => overload.Name == name && overload.Arguments.Length == arguments.Count).ToList();
        if (sameCount.Find(overload => arguments.Index().All(one => TypeRules.Fits(one.Item.Type, overload.Arguments[one.Index]))) is { } exact)
        {
            return Fold(Invoke(exact, arguments, at));
        }

        var candidates = sameCount.FindAll(overload => arguments.Index().All(one => TypeRules.Accepts(one.Item.Type, overload.Arguments[one.Index])));
        return candidates switch
        {
            [] => null,
            [var only] => Invoke(only, arguments, at),
            _ => new DynamicInvocation(
                [.. candidates],
                [.. arguments.Select(argument => Coerce(argument, argument.Type.WithoutNull()))],
                candidates.TrueForAll(candidate => candidate.Result == candidates[0].Result) ? candidates[0].Result : CelType.Dyn,
                at),
        };
    }

    private static Invocation Invoke(Overload overload, List<Bound> arguments, Span at) =>
        new(overload, [.. arguments.Select((argument, i) => Coerce(argument, overload.Arguments[i]))], overload.Result, at);

    private Bound CheckDeclared(CallOf node, DeclaredFunction function)
    {
        if (!_calls.Contains(function.Name))
        {
            _calls.Add(function.Name);
        }

        var arguments = node.Arguments.Select(Check).ToList();
        if (arguments.Count != function.Arguments.Length)
        {
            return Refuse(node.At, $"`{function.Name}` takes {Count(function.Arguments.Length)}: `{function.Name}({string.Join(", ", function.Arguments)})`");
        }

        for (var i = 0; i < arguments.Count; i++)
        {
            if (!TypeRules.Accepts(arguments[i].Type, function.Arguments[i]))
            {
                Refuse(arguments[i].At, $"`{function.Name}` wants {function.Arguments[i].WithArticle()} here, but `{Shown(node.Arguments[i])}` is {arguments[i].Type.WithArticle()}");
                return new Failing(Fault.WrongType, node.At);
            }
        }

        var call = new DeclaredInvocation(function, [.. arguments.Select((argument, i) => Coerce(argument, function.Arguments[i]))], node.At);
        return options.Unchecked ? Coerce(call, CelType.Dyn) : call;
    }

    private Bound CheckResolver(CallOf node, ResolverFunction function)
    {
        var literals = node.Arguments.Select(argument => argument is Literal { Value: { Kind: DynKind.String } value } ? value.String : null).ToList();
        if (literals.Count != function.Arguments || literals.Contains(null))
        {
            var place = literals.IndexOf(null) is >= 0 and var wrong ? node.Arguments[wrong].At : node.At;
            return Refuse(place, $"`{function.Name}` takes {Count(function.Arguments)} written out in quotes: `{function.Name}({string.Join(", ", Enumerable.Repeat("\"…\"", function.Arguments))})`");
        }

        return function.Resolve([.. literals!]) switch
        {
            Resolution.Reader reader => Read(reader.Name, reader.Type, reader.Read, null, node.At),
            Resolution.Refusal refusal => Refuse(node.Arguments.IsEmpty ? node.At : node.Arguments[Math.Clamp(refusal.Argument, 0, node.Arguments.Length - 1)].At, refusal.Message, kind: ExpressionErrorKind.UnknownName),
            _ => throw new InvalidOperationException($"the resolver `{function.Name}` gave nothing"),
        };
    }

    private static string Count(int arguments) => arguments switch
    {
        0 => "no arguments",
        1 => "one argument",
        _ => $"{arguments} arguments",
    };
}
