using Decisioning.Engine.Expressions.Runtime;
using Decisioning.Engine.Expressions.Syntax;

namespace Decisioning.Engine.Expressions.Checking;

/// <summary>The macros: `has`, and those that walk over a list or the keys of a map.</summary>
internal sealed partial class Checker
{
    private Bound? CheckMacro(CallOf node) => (node.Target, node.Function, node.Arguments.Length) switch
    {
        (null, "has", 1) => CheckHas(node),
        (Name { Identifier: "cel" } cel, "bind", 3) when LocalOf(cel) is null => CheckBinding(node),
        ({ } range, "all", 2 or 3) => CheckWalk(node, range, MacroKind.All, node.Arguments.Length - 1),
        ({ } range, "exists", 2 or 3) => CheckWalk(node, range, MacroKind.Exists, node.Arguments.Length - 1),
        ({ } range, "exists_one" or "existsOne", 2 or 3) => CheckWalk(node, range, MacroKind.ExistsOne, node.Arguments.Length - 1),
        ({ } range, "map", 2 or 3) => CheckWalk(node, range, MacroKind.Map, 1),
        ({ } range, "filter", 2) => CheckWalk(node, range, MacroKind.Filter, 1),
        ({ } range, "transformList", 3 or 4) => CheckWalk(node, range, MacroKind.Map, 2),
        ({ } range, "transformMap", 3 or 4) => CheckWalk(node, range, MacroKind.TransformMap, 2),
        _ => null,
    };

    private Bound CheckHas(CallOf node)
    {
        if (node.Arguments[0] is not Select select)
        {
            return Refuse(node.Arguments[0].At, $"`has` wants a member such as `event.price`, not `{Shown(node.Arguments[0])}`");
        }

        var path = LocalOf(select) is null ? PathOf(select) : null;
        var isMember = path is null || !IsMapVariablePrefix(path);
        if (path is not null && isMember && schema.Namespaces.ContainsKey(Prefix(path, path.Count - 1)) | schema.Variables.ContainsKey(Prefix(path, path.Count)))
        {
            var bound = CheckPath(select);
            return bound is Failing ? bound
                : bound.Type is CelType.NullableOf || bound.Type == CelType.Dyn ? new NullTest(bound, WhenNull: false, node.At)
                : new Constant(Dyn.Of(true), CelType.Bool, node.At);
        }

        var target = Check(select.Target);
        var key = new Constant(Dyn.Of(select.Member), CelType.Dyn, select.MemberAt);
        return target.Type.WithoutNull() switch
        {
            CelType.MapOf map => new Presence(Coerce(target, map), key, node.At),
            var type when type == CelType.Dyn => new Presence(target, key, node.At),
            _ => Refuse(select.MemberAt, $"`has` wants a member of a map, but `{Shown(select.Target)}` is {target.Type.WithArticle()}"),
        };
    }

    // Whether all but the last name is a variable that holds a map: then the last is a key, not a name of the schema.
    private bool IsMapVariablePrefix(List<(string Name, Span At)> path) =>
        schema.Variables.TryGetValue(Prefix(path, path.Count - 1), out var variable)
        && (variable.Type.WithoutNull() is CelType.MapOf || variable.Type == CelType.Dyn)
        && !schema.Variables.ContainsKey(Prefix(path, path.Count));

    private Bound CheckWalk(CallOf node, Node rangeNode, MacroKind kind, int variables)
    {
        var range = Check(rangeNode);
        (CelType First, CelType Second)? types = range.Type.WithoutNull() switch
        {
            CelType.ListOf list => (CelType.Int, list.Element),
            CelType.MapOf map => (map.Key, map.Value),
            var type when type == CelType.Dyn => (CelType.Dyn, CelType.Dyn),
            _ => null,
        };
        if (types is not var (first, second))
        {
            return Refuse(rangeNode.At, $"`{node.Function}` walks over a list or a map, but `{Shown(rangeNode)}` is {range.Type.WithArticle()}");
        }

        var element = variables == 1 && range.Type.WithoutNull() is CelType.ListOf ? second : first;
        if (Variable(node, 0, variables, rangeNode, element) is not { } variable)
        {
            return new Failing(Fault.WrongType, node.At);
        }

        LocalVariable? other = null;
        if (variables == 2 && (other = Variable(node, 1, variables, rangeNode, second)) is null)
        {
            return new Failing(Fault.WrongType, node.At);
        }

        _locals.Add(variable);
        _locals.Add(other ?? variable);
        var isCondition = kind is not (MacroKind.Map or MacroKind.TransformMap);
        var filter = !isCondition && node.Arguments.Length == variables + 2 ? CheckBool(node.Arguments[^2], $"`{node.Function}`") : null;
        var body = isCondition ? CheckBool(node.Arguments[^1], $"`{node.Function}`") : Check(node.Arguments[^1]);
        _locals.RemoveRange(_locals.Count - 2, 2);

        var result = kind switch
        {
            _ when isCondition && kind != MacroKind.Filter => CelType.Bool,
            _ when options.Unchecked => CelType.Dyn,
            MacroKind.Map => CelType.List(body.Type),
            MacroKind.TransformMap => CelType.Map(first, body.Type),
            _ => CelType.List(element),
        };
        return new Comprehension(kind, variable, other, Coerce(range, CelType.Dyn), filter, isCondition ? body : Coerce(body, CelType.Dyn), result, node.At);
    }

    private LocalVariable? Variable(CallOf node, int argument, int variables, Node range, CelType type)
    {
        var isTaken = argument == 1 && node.Arguments[0] is Name before && node.Arguments[1] is Name same && before.Identifier == same.Identifier;
        if (node.Arguments[argument] is Name { Absolute: false } name && !isTaken)
        {
            return new LocalVariable(name.Identifier, options.Unchecked ? CelType.Dyn : type);
        }

        var form = variables == 1 ? "a name first, as in" : "two different names first, as in";
        Refuse(node.Arguments[argument].At, $"`{node.Function}` wants {form} `{Shown(range)}.{node.Function}({(variables == 1 ? "x" : "i, x")}, …)`");
        return null;
    }

    private Bound CheckBinding(CallOf node)
    {
        if (node.Arguments[0] is not Name { Absolute: false } name)
        {
            return Refuse(node.Arguments[0].At, "`cel.bind` wants a name first, as in `cel.bind(x, 2 + 3, x * x)`");
        }

        var value = Check(node.Arguments[1]);
        var variable = new LocalVariable(name.Identifier, options.Unchecked ? CelType.Dyn : value.Type);
        _locals.Add(variable);
        var body = Check(node.Arguments[2]);
        _locals.RemoveAt(_locals.Count - 1);
        return new Binding(variable, Coerce(value, CelType.Dyn), body, node.At);
    }
}
