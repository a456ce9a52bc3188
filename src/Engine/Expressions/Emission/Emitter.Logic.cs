using System.Linq.Expressions;
using Decisioning.Engine.Expressions.Checking;

namespace Decisioning.Engine.Expressions.Emission;

/// <summary>`&amp;&amp;`, `||` and `? :`. The first two absorb a failure of either side when the other decides.</summary>
internal sealed partial class Emitter
{
    private Expression EmitLogical(Logical node)
    {
        var leftFailed = Expression.Label("leftFailed");
        var (left, leftValue) = Capture(node.Left, leftFailed);
        var rightFailed = left.CanFail ? Expression.Label("rightFailed") : _scope.Fail;
        var (right, rightValue) = Capture(node.Right, rightFailed);
        if (left.Code.Count == 0 && right.Code.Count == 0)
        {
            return node.IsAnd ? Expression.AndAlso(leftValue, rightValue) : Expression.OrElse(leftValue, rightValue);
        }

        var result = Local(typeof(bool), node.IsAnd ? "and" : "or");
        if (left.CanFail)
        {
            EmitAbsorbing(node.IsAnd, result, (left, leftValue, leftFailed), (right, rightValue, rightFailed));
            return result;
        }

        _scope.CanFail |= right.CanFail;
        _scope.Code.AddRange(left.Code);
        var undecided = right.ToBlock(Expression.Assign(result, rightValue));
        var decided = Expression.Assign(result, Expression.Constant(!node.IsAnd));
        _scope.Code.Add(node.IsAnd ? Expression.IfThenElse(leftValue, undecided, decided) : Expression.IfThenElse(leftValue, decided, undecided));
        return result;
    }

    private void EmitAbsorbing(
        bool isAnd,
        ParameterExpression result,
        (EmitScope Scope, Expression Value, LabelTarget Failed) left,
        (EmitScope Scope, Expression Value, LabelTarget Failed) right)
    {
        var leftFault = Local(typeof(int), "leftFault");
        var (askRight, done) = (Expression.Label("askRight"), Expression.Label("done"));
        var decided = Expression.Equal(result, Expression.Constant(!isAnd));
        var code = _scope.Code;
        code.Add(Expression.Assign(leftFault, Expression.Constant(0)));
        code.AddRange(left.Scope.Code);
        code.Add(Expression.Assign(result, left.Value));
        code.Add(Expression.IfThen(decided, Expression.Goto(done)));
        code.Add(Expression.Goto(askRight));
        code.Add(Expression.Label(left.Failed));
        code.Add(Expression.Assign(leftFault, _fault));
        code.Add(Expression.Assign(_fault, Expression.Constant(0)));
        code.Add(Expression.Label(askRight));
        code.AddRange(right.Scope.Code);
        code.Add(Expression.Assign(result, right.Value));
        code.Add(Expression.IfThen(decided, Expression.Goto(done)));
        code.Add(Expression.IfThen(Expression.Equal(leftFault, Expression.Constant(0)), Expression.Goto(done)));
        code.Add(Expression.Assign(_fault, leftFault));
        code.Add(Expression.Goto(_scope.Fail));
        if (right.Scope.CanFail)
        {
            code.Add(Expression.Label(right.Failed));
            code.Add(Expression.IfThen(Expression.NotEqual(leftFault, Expression.Constant(0)), Expression.Assign(_fault, leftFault)));
            code.Add(Expression.Goto(_scope.Fail));
        }

        code.Add(Expression.Label(done));
        _scope.CanFail = true;
    }

    private Expression EmitChoice(Choice node)
    {
        var condition = Emit(node.Condition);
        var (then, thenValue) = Capture(node.Then, _scope.Fail);
        var (otherwise, otherwiseValue) = Capture(node.Else, _scope.Fail);
        if (then.Code.Count == 0 && otherwise.Code.Count == 0)
        {
            return Expression.Condition(condition, thenValue, otherwiseValue);
        }

        var result = Local(ClrForms.InCode(node.Type), "choice");
        _scope.CanFail |= then.CanFail | otherwise.CanFail;
        _scope.Code.Add(Expression.IfThenElse(condition, then.ToBlock(Expression.Assign(result, thenValue)), otherwise.ToBlock(Expression.Assign(result, otherwiseValue))));
        return result;
    }
}
