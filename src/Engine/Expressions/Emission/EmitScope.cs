using System.Linq.Expressions;

namespace Decisioning.Engine.Expressions.Emission;

/// <summary>A run of generated statements, and where control goes when one of them fails.</summary>
internal sealed class EmitScope(LabelTarget fail)
{
    public List<Expression> Code { get; } = [];

    public LabelTarget Fail => fail;

    /// <summary>Whether some statement can jump to <see cref="Fail"/>.</summary>
    public bool CanFail { get; set; }

    public Expression ToBlock(params ReadOnlySpan<Expression> more) => Expression.Block(typeof(void), [.. Code, .. more, Expression.Empty()]);
}
