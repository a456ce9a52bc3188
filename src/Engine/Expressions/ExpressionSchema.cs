namespace Decisioning.Engine.Expressions;

/// <summary>
/// The names that expressions over a <typeparamref name="TContext"/> may use, with their types and how each is read. Immutable;
/// built with <see cref="ExpressionSchemaBuilder{TContext}"/>. Extending one shares everything with it.
/// </summary>
/// <typeparam name="TContext">What an expression is evaluated on.</typeparam>
public sealed class ExpressionSchema<TContext>
{
    internal ExpressionSchema(SchemaTables tables) => Tables = tables;

    /// <summary>The names of all variables, in ordinal order.</summary>
    public IEnumerable<string> VariableNames => Tables.Variables.Keys.Order(StringComparer.Ordinal);

    internal SchemaTables Tables { get; }

    /// <summary>Starts a schema that has everything of this one and what is added; this one does not change.</summary>
    public ExpressionSchemaBuilder<TContext> Extend() => new(Tables);

    /// <summary>The type of a variable, or null when the schema does not declare it.</summary>
    public CelType? TypeOf(string variable) => Tables.Variables.GetValueOrDefault(variable)?.Type;
}
