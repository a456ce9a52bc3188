using System.Linq.Expressions;
using System.Reflection;
using Decisioning.Engine.Decisions;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>Makes readers of facts for compiled expressions: what a lambda captured becomes a constant in it.</summary>
internal static class Readers
{
    public static Expression<Func<Facts, T>> Read<T>(Expression<Func<Facts, T>> reader) =>
        (Expression<Func<Facts, T>>)new Constants().Visit(reader);

    private sealed class Constants : ExpressionVisitor
    {
        protected override Expression VisitMember(MemberExpression node) =>
            node is { Expression: ConstantExpression { Value: { } captured }, Member: FieldInfo field }
                ? Expression.Constant(field.GetValue(captured), node.Type)
                : base.VisitMember(node);
    }
}
