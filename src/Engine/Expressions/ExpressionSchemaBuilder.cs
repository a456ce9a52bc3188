using System.Collections.Immutable;
using System.Linq.Expressions;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Expressions;

/// <summary>Collects the names of a schema. A name declared again replaces the earlier one.</summary>
/// <typeparam name="TContext">What an expression is evaluated on.</typeparam>
public sealed class ExpressionSchemaBuilder<TContext>
{
    private readonly ImmutableDictionary<string, VariableEntry>.Builder _variables;
    private readonly ImmutableDictionary<string, NamespaceEntry>.Builder _namespaces;
    private readonly ImmutableDictionary<string, FunctionEntry>.Builder _functions;

    /// <summary>Starts an empty schema.</summary>
    public ExpressionSchemaBuilder()
        : this(SchemaTables.Empty)
    {
    }

    internal ExpressionSchemaBuilder(SchemaTables tables)
    {
        _variables = tables.Variables.ToBuilder();
        _namespaces = tables.Namespaces.ToBuilder();
        _functions = tables.Functions.ToBuilder();
    }

    /// <summary>
    /// Declares a variable. Dots form namespaces: `features.visits_1y`. The name may itself be a namespace: with `now` and
    /// `now.hour` both declared, `now` is a value that has a member.
    /// </summary>
    /// <param name="name">The dotted name; a part that is not an identifier is written between backticks or as an index by authors.</param>
    /// <param name="type">The type; <typeparamref name="T"/> must be its CLR form.</param>
    /// <param name="read">Reads it; inlined into compiled expressions, so it must be pure and cheap.</param>
    /// <param name="domain">The values it can have; null for any.</param>
    /// <exception cref="ArgumentException"><typeparamref name="T"/> is not the CLR form of the type.</exception>
    public ExpressionSchemaBuilder<TContext> Variable<T>(string name, CelType type, Expression<Func<TContext, T>> read, VariableDomain? domain = null)
    {
        ClrForms.Require(type, read.ReturnType, name);
        _variables[name] = new VariableEntry(name, type, read, domain);
        for (var dot = name.LastIndexOf('.'); dot > 0; dot = name.LastIndexOf('.', dot - 1))
        {
            _namespaces.TryAdd(name[..dot], new NamespaceEntry(name[..dot], null, null));
        }

        return this;
    }

    /// <summary>Declares a namespace and what to tell the author of a name it does not have.</summary>
    /// <param name="name">The dotted name.</param>
    /// <param name="unknownCure">Completes the error text of an unknown name: `declare it under events`.</param>
    public ExpressionSchemaBuilder<TContext> Namespace(string name, string? unknownCure = null)
    {
        _namespaces[name] = new NamespaceEntry(name, unknownCure, null);
        return this;
    }

    /// <summary>Declares a namespace whose unknown names are read when the expression runs, as dyn.</summary>
    /// <param name="name">The dotted name.</param>
    /// <param name="read">Reads one name; null when there is no such.</param>
    public ExpressionSchemaBuilder<TContext> OpenNamespace(string name, Expression<Func<TContext, string, Value>> read)
    {
        _namespaces[name] = new NamespaceEntry(name, null, read);
        return this;
    }

    /// <summary>Declares a function, also in a namespace: `calendar.days_between`.</summary>
    /// <param name="name">The dotted name.</param>
    /// <param name="arguments">The types of the arguments.</param>
    /// <param name="result">The type of the result.</param>
    /// <param name="body">A lambda of the context and one parameter per argument, in their CLR forms; pure.</param>
    /// <exception cref="ArgumentException">The lambda does not fit the types.</exception>
    public ExpressionSchemaBuilder<TContext> Function(string name, IReadOnlyList<CelType> arguments, CelType result, LambdaExpression body)
    {
        if (body.Parameters.Count != arguments.Count + 1 || body.Parameters[0].Type != typeof(TContext))
        {
            throw new ArgumentException($"the body of `{name}` must take the context and {arguments.Count} arguments", nameof(body));
        }

        for (var i = 0; i < arguments.Count; i++)
        {
            ClrForms.Require(arguments[i], body.Parameters[i + 1].Type == typeof(int) ? typeof(void) : body.Parameters[i + 1].Type, name);
        }

        ClrForms.Require(result, body.ReturnType, name);
        _functions[name] = new DeclaredFunction(name, [.. arguments], result, body);
        return AddNamespaceOf(name);
    }

    /// <summary>Declares a function whose arguments are text literals, bound when the expression is compiled: `grade("lead")`.</summary>
    /// <param name="name">The dotted name.</param>
    /// <param name="arguments">How many literals it takes.</param>
    /// <param name="resolve">Turns the literals into a reading or a refusal.</param>
    public ExpressionSchemaBuilder<TContext> Resolver(string name, int arguments, Func<ImmutableArray<string>, Resolution> resolve)
    {
        _functions[name] = new ResolverFunction(name, arguments, resolve);
        return AddNamespaceOf(name);
    }

    /// <summary>The schema as declared so far.</summary>
    public ExpressionSchema<TContext> Build() => new(new SchemaTables(_variables.ToImmutable(), _namespaces.ToImmutable(), _functions.ToImmutable()));

    private ExpressionSchemaBuilder<TContext> AddNamespaceOf(string name)
    {
        if (name.LastIndexOf('.') is > 0 and var dot)
        {
            _namespaces.TryAdd(name[..dot], new NamespaceEntry(name[..dot], null, null));
        }

        return this;
    }
}
