using System.Linq.Expressions;
using Decisioning.Engine.Expressions.Checking;
using Decisioning.Engine.Expressions.Runtime;

namespace Decisioning.Engine.Expressions.Emission;

/// <summary>Lists, maps, and the macros that walk over them.</summary>
internal sealed partial class Emitter
{
    private ParameterExpression EmitLookup(Lookup node)
    {
        var (target, key) = (Emit(node.Target), Emit(node.Key));
        var dyn = typeof(Dyn).MakeByRefType();
        if (target.Type == typeof(CelList) && key.Type == typeof(long))
        {
            return Try(Method(typeof(DynLookup), nameof(DynLookup.At), typeof(CelList), typeof(long), dyn), node.At, target, key);
        }

        key = Convert(key, node.Key.Type, CelType.Dyn, node.Key.At);
        return target.Type == typeof(CelMap)
            ? Try(Method(typeof(DynLookup), nameof(DynLookup.Of), typeof(CelMap), typeof(Dyn), dyn), node.At, target, key)
            : Try(Method(typeof(DynLookup), nameof(DynLookup.Any), typeof(Dyn), typeof(Dyn), dyn), node.At, Convert(target, node.Target.Type, CelType.Dyn, node.Target.At), key);
    }

    private Expression EmitPresence(Presence node)
    {
        var (target, key) = (Emit(node.Target), Emit(node.Key));
        return target.Type == typeof(CelMap)
            ? Expression.Call(Method(typeof(DynLookup), nameof(DynLookup.HasKey), typeof(CelMap), typeof(Dyn)), target, key)
            : Try(Method(typeof(DynLookup), nameof(DynLookup.Has), typeof(Dyn), typeof(Dyn), typeof(bool).MakeByRefType()), node.At, target, key);
    }

    private Expression EmitList(ListBuilding node)
    {
        var items = Expression.NewArrayInit(typeof(Dyn), node.Items.Select(Emit).ToList());
        return Charge(Expression.Call(Method(typeof(CelList), nameof(CelList.Of), typeof(Dyn[])), items), node.At);
    }

    private Expression EmitMap(MapBuilding node)
    {
        var entries = node.Entries.Select(entry => (Key: Emit(entry.Key), Value: Emit(entry.Value), entry.Key.At)).ToList();
        var map = Store(Expression.New(typeof(DynMap)));
        foreach (var (key, value, at) in entries)
        {
            FailWith(Expression.Call(map, nameof(DynMap.Add), null, key, value), at);
        }

        return Charge(Expression.New(typeof(CelMap).GetConstructors()[0], map), node.At);
    }

    private Expression EmitWalk(Comprehension node)
    {
        var range = Store(Emit(node.Range));
        var items = Try(Method(typeof(DynLookup), nameof(DynLookup.Range), typeof(Dyn), typeof(CelList).MakeByRefType()), node.Range.At, range);
        var index = Local(typeof(int), "index");
        var variable = Local(typeof(Dyn), node.Variable.Name);
        _variables[node.Variable] = variable;
        var second = node.Second is null ? null : _variables[node.Second] = Local(typeof(Dyn), node.Second.Name);
        var (leave, next) = (Expression.Label("leave"), Expression.Label("next"));
        _scope.Code.Add(Expression.Assign(index, Expression.Constant(0)));
        var outer = _scope;
        outer.CanFail = true;
        var walk = node.Kind switch
        {
            MacroKind.All or MacroKind.Exists => Quantifier(node, leave, next),
            MacroKind.ExistsOne => Counter(node, next),
            MacroKind.TransformMap => MapBuilder(node, next),
            _ => Builder(node, next),
        };
        _scope = new EmitScope(outer.Fail);
        _scope.Code.Add(Expression.IfThen(Expression.GreaterThanOrEqual(index, Expression.Property(items, nameof(CelList.Count))), Expression.Goto(leave)));
        CountSteps(Expression.Constant(1), node.At);
        _scope.Code.Add(second is null
            ? Expression.Assign(variable, Expression.Property(items, "Item", index))
            : Expression.Assign(second, Expression.Call(typeof(DynLookup), nameof(DynLookup.Pair), null, range, items, index, variable)));
        _scope.Code.Add(Expression.Assign(index, Expression.Add(index, Expression.Constant(1))));
        _scope.Code.AddRange(walk.Body.Code);
        _scope.Code.Add(Expression.Label(next));
        var loop = _scope.ToBlock();
        _scope = outer;
        _scope.Code.AddRange(walk.Before);
        _scope.Code.Add(Expression.Loop(loop, leave));
        _scope.Code.AddRange(walk.After);
        return Convert(walk.Result, walk.ResultType, node.Type, node.At);
    }

    /// <summary>`all` and `exists`: a deciding element wins over elements that fail.</summary>
    private Walk Quantifier(Comprehension node, LabelTarget leave, LabelTarget next)
    {
        var undecided = node.Kind == MacroKind.All;
        var (result, firstFault) = (Local(typeof(bool), "quantified"), Local(typeof(int), "firstFault"));
        var failed = Expression.Label("elementFailed");
        var (body, value) = Capture(node.Body, failed);
        body.Code.Add(Expression.IfThen(
            undecided ? Expression.Not(value) : value,
            Expression.Block(Expression.Assign(result, Expression.Constant(!undecided)), Expression.Goto(leave))));
        if (body.CanFail)
        {
            body.Code.Add(Expression.Goto(next));
            body.Code.Add(Expression.Label(failed));
            body.Code.Add(Expression.IfThen(Expression.Equal(firstFault, Expression.Constant(0)), Expression.Assign(firstFault, _fault)));
            body.Code.Add(Expression.Assign(_fault, Expression.Constant(0)));
        }

        var fails = Expression.AndAlso(Expression.Equal(result, Expression.Constant(undecided)), Expression.NotEqual(firstFault, Expression.Constant(0)));
        return new Walk(
            [Expression.Assign(result, Expression.Constant(undecided)), Expression.Assign(firstFault, Expression.Constant(0))],
            body,
            [Expression.IfThen(fails, Expression.Block(Expression.Assign(_fault, firstFault), Expression.Goto(_scope.Fail)))],
            result,
            CelType.Bool);
    }

    private Walk Counter(Comprehension node, LabelTarget next)
    {
        var count = Local(typeof(int), "count");
        var (body, value) = Capture(node.Body, _scope.Fail);
        body.Code.Add(Expression.IfThen(value, Expression.Assign(count, Expression.Add(count, Expression.Constant(1)))));
        body.Code.Add(Expression.Goto(next));
        return new Walk([Expression.Assign(count, Expression.Constant(0))], body, [], Expression.Equal(count, Expression.Constant(1)), CelType.Bool);
    }

    private Walk Builder(Comprehension node, LabelTarget next)
    {
        var built = Local(typeof(List<Dyn>), "built");
        var body = new EmitScope(_scope.Fail);
        if ((node.Kind == MacroKind.Filter ? node.Body : node.Filter) is { } condition)
        {
            var (filter, keep) = Capture(condition, _scope.Fail);
            body.Code.AddRange(filter.Code);
            body.Code.Add(Expression.IfThen(Expression.Not(keep), Expression.Goto(next)));
        }

        Expression item = _variables[node.Variable];
        if (node.Kind == MacroKind.Map)
        {
            var (map, value) = Capture(node.Body, _scope.Fail);
            body.Code.AddRange(map.Code);
            item = value;
        }

        body.Code.Add(Expression.Call(built, nameof(List<Dyn>.Add), null, item));
        return new Walk(
            [Expression.Assign(built, Expression.New(typeof(List<Dyn>)))],
            body,
            [],
            Expression.Call(Method(typeof(CelList), nameof(CelList.Of), typeof(List<Dyn>)), built),
            CelType.List(CelType.Dyn));
    }

    private Walk MapBuilder(Comprehension node, LabelTarget next)
    {
        var built = Local(typeof(DynMap), "built");
        var body = new EmitScope(_scope.Fail);
        if (node.Filter is { } condition)
        {
            var (filter, keep) = Capture(condition, _scope.Fail);
            body.Code.AddRange(filter.Code);
            body.Code.Add(Expression.IfThen(Expression.Not(keep), Expression.Goto(next)));
        }

        var outer = _scope;
        _scope = body;
        var value = Emit(node.Body);
        FailWith(Expression.Call(built, nameof(DynMap.Add), null, _variables[node.Variable], value), node.At);
        _scope = outer;
        return new Walk(
            [Expression.Assign(built, Expression.New(typeof(DynMap)))],
            body,
            [],
            Expression.New(typeof(CelMap).GetConstructors()[0], built),
            CelType.Map(CelType.Dyn, CelType.Dyn));
    }

    private Expression EmitBinding(Binding node)
    {
        var variable = Local(typeof(Dyn), node.Variable.Name);
        _variables[node.Variable] = variable;
        _scope.Code.Add(Expression.Assign(variable, Charge(Emit(node.Value), node.Value.At)));
        return Emit(node.Body);
    }

    private sealed record Walk(List<Expression> Before, EmitScope Body, List<Expression> After, Expression Result, CelType ResultType);
}
