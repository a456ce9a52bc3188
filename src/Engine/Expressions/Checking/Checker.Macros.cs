using Decisioning.Engine.Expressions.Runtime;
using Decisioning.Engine.Expressions.Syntax;

namespace Decisioning.Engine.Expressions.Checking;

/// <summary>The macros: `has`, and those that walk over a list or the keys of a map.</summary>
internal sealed partial class Checker
{
    private Bound? CheckMacro(CallOf node) => (node.Target, node.Function, node.Arguments.Length) switch
    {
        (null, "has", 1) => CheckHas(node),
        ({ } range, "all", 2) => CheckWalk(node, range, MacroKind.All),
        ({ } range, "exists", 2) => CheckWalk(node, range, MacroKind.Exists),
        ({ } range, "exists_one" or "existsOne", 2) => CheckWalk(node, range, MacroKind.ExistsOne),
        ({ } range, "map", 2 or 3) => CheckWalk(node, range, MacroKind.Map),
        ({ } range, "filter", 2) => CheckWalk(node, range, MacroKind.Filter),
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

    private Bound CheckWalk(CallOf node, Node rangeNode, MacroKind kind)
    {
        var range = Check(rangeNode);
        CelType? element = range.Type.WithoutNull() switch
        {
            CelType.ListOf list => list.Element,
            CelType.MapOf map => map.Key,
            var type when type == CelType.Dyn => CelType.Dyn,
            _ => null,
        };
        if (element is null)
        {
            return Refuse(rangeNode.At, $"`{node.Function}` walks over a list or a map, but `{Shown(rangeNode)}` is {range.Type.WithArticle()}");
        }

        if (node.Arguments[0] is not Name { Absolute: false } name)
        {
            return Refuse(node.Arguments[0].At, $"`{node.Function}` wants a name first, as in `{Shown(rangeNode)}.{node.Function}(x, …)`");
        }

        var variable = new LocalVariable(name.Identifier, options.Unchecked ? CelType.Dyn : element);
        _locals.Add(variable);
        var isCondition = kind != MacroKind.Map;
        var filter = node.Arguments.Length == 3 ? CheckBool(node.Arguments[1], $"`{node.Function}`") : null;
        var body = isCondition ? CheckBool(node.Arguments[^1], $"`{node.Function}`") : Check(node.Arguments[^1]);
        _locals.RemoveAt(_locals.Count - 1);

        var result = kind switch
        {
            MacroKind.Map => options.Unchecked ? CelType.Dyn : CelType.List(body.Type),
            MacroKind.Filter => options.Unchecked ? CelType.Dyn : CelType.List(element),
            _ => CelType.Bool,
        };
        return new Comprehension(kind, variable, Coerce(range, CelType.Dyn), filter, kind == MacroKind.Map ? Coerce(body, CelType.Dyn) : body, result, node.At);
    }
}
