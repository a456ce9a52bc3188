using System.Linq.Expressions;
using Decisioning.Engine.Expressions.Checking;
using Decisioning.Engine.Expressions.Runtime;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Expressions.Emission;

/// <summary>What explanations show.</summary>
internal sealed partial class Emitter
{
    /// <summary>The values of readings, in their order; what cannot be read is null.</summary>
    public Expression Values(IReadOnlyList<Reading> readings)
    {
        var values = Local(typeof(Value[]), "values");
        var statements = new List<Expression> { Expression.Assign(values, Expression.NewArrayBounds(typeof(Value), Expression.Constant(readings.Count))) };
        for (var i = 0; i < readings.Count; i++)
        {
            var unreadable = Expression.Label("unreadable");
            var (scope, value) = Capture(new Converted(readings[i], CelType.Dyn, readings[i].At), unreadable);
            statements.AddRange(scope.Code);
            statements.Add(Expression.Assign(Expression.ArrayAccess(values, Expression.Constant(i)), Expression.Call(value, nameof(Dyn.ToValue), null)));
            statements.Add(Expression.Label(unreadable));
        }

        statements.Add(values);
        return Expression.Block(typeof(Value[]), [_fault, _steps, .. _locals], statements);
    }
}
