using System.Linq.Expressions;
using Decisioning.Engine.Expressions.Runtime;
using Decisioning.Engine.Expressions.Syntax;

namespace Decisioning.Engine.Expressions.Emission;

/// <summary>
/// Counts steps in expressions with macros or functions whose results grow. In all others the length of the text bounds the work, and nothing is counted.
/// </summary>
internal sealed partial class Emitter
{
    /// <summary>The value; its size is counted first where sizes count.</summary>
    private Expression Charge(Expression value, Span at)
    {
        if (!_countsSteps || value is ConstantExpression { Value: string { Length: < 64 } } || FindMethod(typeof(Cost), nameof(Cost.Of), value.Type) is not { } cost)
        {
            return value;
        }

        var stored = Store(value);
        CountSteps(Expression.Call(cost, stored), at);
        return stored;
    }

    private void CountSteps(Expression steps, Span at)
    {
        _scope.Code.Add(Expression.Assign(_steps, Expression.Add(_steps, steps)));
        FailIf(Expression.GreaterThan(_steps, Expression.Constant(ExpressionLimits.IterationsMax)), Fault.TooManySteps, at);
    }
}
