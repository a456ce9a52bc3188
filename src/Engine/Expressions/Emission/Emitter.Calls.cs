using System.Linq.Expressions;
using Decisioning.Engine.Expressions.Checking;
using Decisioning.Engine.Expressions.Runtime;

namespace Decisioning.Engine.Expressions.Emission;

/// <summary>Calls.</summary>
internal sealed partial class Emitter
{
    private Expression EmitInvocation(Invocation call) =>
        Call(call.Overload, [.. call.Arguments.Select(argument => Charge(Emit(argument), call.At))], call.At) is var value && value.Type == ClrForms.InCode(call.Type)
            ? value
            : throw new InvalidOperationException($"`{call.Overload.Name}` gives another type than was checked");

    private Expression Call(Overload overload, Expression[] arguments, Syntax.Span at)
    {
        if (overload.CanFail)
        {
            return Charge(Try(overload.Method, at, arguments), at);
        }

        // The machine's own instruction, where there is one that cannot fail.
        if (overload is { Style: CallStyle.Operator } && overload.Result == CelType.Double)
        {
            return overload.Name switch
            {
                "+" => Expression.Add(arguments[0], arguments[1]),
                "-" when arguments.Length == 1 => Expression.Negate(arguments[0]),
                "-" => Expression.Subtract(arguments[0], arguments[1]),
                "*" => Expression.Multiply(arguments[0], arguments[1]),
                _ => Expression.Divide(arguments[0], arguments[1]),
            };
        }

        return Charge(Expression.Call(overload.Method, arguments), at);
    }

    private ParameterExpression EmitMatch(PatternMatch match)
    {
        var text = Emit(match.Text);
        var pattern = match.Pattern is { } known ? Expression.Constant(known) : Emit(match.Written!);
        var matches = Local(typeof(bool), "matches");
        var method = Method(typeof(TextFunctions), nameof(TextFunctions.Matches), typeof(string), pattern.Type, typeof(int).MakeByRefType(), typeof(bool).MakeByRefType());
        FailWith(Expression.Call(method, text, pattern, _steps, matches), match.At);
        return matches;
    }

    private ParameterExpression EmitDynamicInvocation(DynamicInvocation call)
    {
        var arguments = call.Arguments.Select(argument => Store(Charge(Emit(argument), call.At))).ToArray();
        var result = Local(ClrForms.InCode(call.Type), "result");
        var done = Expression.Label("done");
        foreach (var candidate in call.Candidates)
        {
            var outer = _scope;
            _scope = new EmitScope(outer.Fail);
            Expression test = Expression.Constant(true);
            var converted = new Expression[arguments.Length];
            for (var i = 0; i < arguments.Length; i++)
            {
                var (from, to) = (call.Arguments[i].Type, candidate.Arguments[i]);
                var kind = TypeRules.KindOf(to);
                if (arguments[i].Type == typeof(Dyn) && kind is { } wanted)
                {
                    test = Expression.AndAlso(test, IsKind(arguments[i], wanted));
                    converted[i] = Expression.Property(arguments[i], wanted.ToString());
                }
                else
                {
                    converted[i] = Convert(arguments[i], from, to, call.Arguments[i].At);
                }
            }

            var value = Call(candidate, converted, call.At);
            _scope.Code.Add(Expression.Assign(result, Convert(value, candidate.Result, call.Type, call.At)));
            _scope.Code.Add(Expression.Goto(done));
            var inner = _scope;
            _scope = outer;
            _scope.CanFail |= inner.CanFail;
            _scope.Code.Add(Expression.IfThen(test, inner.ToBlock()));
        }

        var dyns = arguments.Where(argument => argument.Type == typeof(Dyn)).ToArray();
        FailWith(Expression.Call(Method(typeof(DynConvert), nameof(DynConvert.NoOverload), typeof(Dyn), typeof(Dyn)), dyns[0], dyns[^1]), call.At);
        _scope.Code.Add(Expression.Label(done));
        return result;
    }

    private Expression EmitDeclared(DeclaredInvocation call)
    {
        var body = call.Function.Body;
        var arguments = new Expression[call.Arguments.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            var argument = Emit(call.Arguments[i]);
            arguments[i] = Store(ToClr(argument, call.Function.Arguments[i], body.Parameters[i + 1].Type, call.Arguments[i].At));
        }

        return FromClr(Inline(body, arguments), call.Function.Result, call.At);
    }
}
