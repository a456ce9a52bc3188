using System.Linq.Expressions;
using System.Reflection;
using Decisioning.Engine.Expressions.Checking;
using Decisioning.Engine.Expressions.Runtime;
using Decisioning.Engine.Expressions.Syntax;

namespace Decisioning.Engine.Expressions.Emission;

/// <summary>
/// Generates code for a checked tree. A node becomes a pure expression, after statements for whatever in it can fail or is used twice;
/// a failing statement leaves its fault in one local and jumps to where the failure is absorbed or ends the evaluation. No exceptions,
/// no boxing, no allocation for scalars.
/// </summary>
internal sealed partial class Emitter(ParameterExpression context)
{
    private const BindingFlags Statics = BindingFlags.Public | BindingFlags.Static;

    private readonly List<ParameterExpression> _locals = [];
    private readonly List<Span> _sites = [];
    private readonly Dictionary<LocalVariable, ParameterExpression> _variables = [];
    private readonly ParameterExpression _fault = Expression.Variable(typeof(int), "fault");
    private readonly ParameterExpression _steps = Expression.Variable(typeof(int), "steps");
    private bool _countsSteps;
    private EmitScope _scope = new(Expression.Label("fail"));

    /// <summary>The places that can fail, by number.</summary>
    public IReadOnlyList<Span> Sites => _sites;

    /// <summary>The whole function: context and out result in, fault code out.</summary>
    public LambdaExpression Function(Bound root)
    {
        _countsSteps = root.CountsSteps();
        var type = ClrForms.InCode(root.Type);
        var result = Expression.Parameter(type.MakeByRefType(), "result");
        var scope = _scope;
        var value = Emit(root);
        var end = Expression.Label("end");
        var statements = new List<Expression>(scope.Code) { Expression.Assign(result, value) };
        if (scope.CanFail)
        {
            statements.Add(Expression.Goto(end));
            statements.Add(Expression.Label(scope.Fail));
            statements.Add(Expression.Assign(result, Expression.Default(type)));
            statements.Add(Expression.Label(end));
        }

        statements.Add(_fault);
        var body = Expression.Block(typeof(int), [_fault, _steps, .. _locals], statements);
        return Expression.Lambda(typeof(Evaluator<,>).MakeGenericType(context.Type, type), body, context, result);
    }

    private Expression Emit(Bound node) => node switch
    {
        Constant constant => Literals.Of(constant.Value, constant.Type),
        Reading reading => FromClr(Inline(reading.Read), reading.Type, reading.At),
        OpenReading open => FromClr(Inline(open.Read, Expression.Constant(open.Member)), CelType.Dyn, open.At),
        LocalReading local => _variables[local.Variable],
        Converted converted => Convert(Emit(converted.Inner), converted.Inner.Type, converted.Type, converted.At),
        Invocation call => EmitInvocation(call),
        DynamicInvocation call => EmitDynamicInvocation(call),
        DeclaredInvocation call => EmitDeclared(call),
        PatternMatch match => EmitMatch(match),
        Logical logical => EmitLogical(logical),
        Negation negation => Expression.Not(Emit(negation.Operand)),
        Choice choice => EmitChoice(choice),
        Ordering ordering => EmitOrdering(ordering),
        Equality equality => EmitEquality(equality),
        NullTest test => EmitNullTest(test),
        Membership membership => EmitMembership(membership),
        Lookup lookup => EmitLookup(lookup),
        Presence presence => EmitPresence(presence),
        ListBuilding list => Convert(EmitList(list), CelType.List(CelType.Dyn), list.Type, list.At),
        MapBuilding map => Convert(EmitMap(map), CelType.Map(CelType.Dyn, CelType.Dyn), map.Type, map.At),
        Comprehension walk => EmitWalk(walk),
        Binding binding => EmitBinding(binding),
        Failing failing => EmitFailing(failing),
        _ => throw new InvalidOperationException($"a node of kind {node.GetType().Name} has no code"),
    };

    private Expression Inline(LambdaExpression lambda, params ReadOnlySpan<Expression> more)
    {
        var values = new Dictionary<ParameterExpression, Expression> { [lambda.Parameters[0]] = context };
        for (var i = 0; i < more.Length; i++)
        {
            values[lambda.Parameters[i + 1]] = more[i];
        }

        return new ParameterReplacer(values).Visit(lambda.Body);
    }

    private ParameterExpression Local(Type type, string name)
    {
        var local = Expression.Variable(type, name);
        _locals.Add(local);
        return local;
    }

    /// <summary>The value in a local, for use more than once.</summary>
    private ParameterExpression Store(Expression value)
    {
        if (value is ParameterExpression { IsByRef: false } known && _locals.Contains(known))
        {
            return known;
        }

        var local = Local(value.Type, "value");
        _scope.Code.Add(Expression.Assign(local, value));
        return local;
    }

    /// <summary>Calls a method that returns a fault and gives its result in a last out parameter.</summary>
    private ParameterExpression Try(MethodInfo method, Span at, params ReadOnlySpan<Expression> arguments)
    {
        var result = Local(method.GetParameters()[^1].ParameterType.GetElementType()!, "result");
        FailWith(Expression.Call(method, [.. arguments, result]), at);
        return result;
    }

    private void FailWith(Expression fault, Span at)
    {
        _scope.CanFail = true;
        _scope.Code.Add(Expression.Assign(_fault, Expression.Convert(fault, typeof(int))));
        _scope.Code.Add(Expression.IfThen(
            Expression.NotEqual(_fault, Expression.Constant(0)),
            Expression.Block(Expression.OrAssign(_fault, Expression.Constant(SiteOf(at))), Expression.Goto(_scope.Fail))));
    }

    private void FailIf(Expression test, Fault fault, Span at)
    {
        _scope.CanFail = true;
        _scope.Code.Add(Expression.IfThen(
            test,
            Expression.Block(Expression.Assign(_fault, Expression.Constant(SiteOf(at) | (int)fault)), Expression.Goto(_scope.Fail))));
    }

    private int SiteOf(Span at)
    {
        var known = _sites.IndexOf(at);
        if (known < 0)
        {
            known = _sites.Count;
            _sites.Add(at);
        }

        return known << 8;
    }

    private DefaultExpression EmitFailing(Failing failing)
    {
        FailIf(Expression.Constant(true), failing.Fault, failing.At);
        return Expression.Default(typeof(Dyn));
    }

    /// <summary>Generates a node into statements of its own, which fail to the given place.</summary>
    private (EmitScope Scope, Expression Value) Capture(Bound node, LabelTarget fail)
    {
        var outer = _scope;
        _scope = new EmitScope(fail);
        var value = Emit(node);
        var inner = _scope;
        _scope = outer;
        return (inner, value);
    }

    private static MethodInfo Method(Type holder, string name, params Type[] parameters) =>
        FindMethod(holder, name, parameters) ?? throw new InvalidOperationException($"{holder.Name}.{name} has no such overload");

    // Exact types only: the default search would widen a long to a double.
    private static MethodInfo? FindMethod(Type holder, string name, params Type[] parameters) =>
        holder.GetMethod(name, Statics, Type.DefaultBinder, parameters, null) is { } found && found.GetParameters().Select(parameter => parameter.ParameterType).SequenceEqual(parameters) ? found : null;

    private sealed class ParameterReplacer(Dictionary<ParameterExpression, Expression> values) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => values.GetValueOrDefault(node, node);
    }
}
