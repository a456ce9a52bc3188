using System.Collections.Immutable;
using System.Linq.Expressions;

namespace Decisioning.Engine.Expressions;

/// <summary>What a schema knows, apart from the context's type.</summary>
internal sealed record SchemaTables(
    ImmutableDictionary<string, VariableEntry> Variables,
    ImmutableDictionary<string, NamespaceEntry> Namespaces,
    ImmutableDictionary<string, FunctionEntry> Functions)
{
    public static SchemaTables Empty { get; } = new(
        ImmutableDictionary.Create<string, VariableEntry>(StringComparer.Ordinal),
        ImmutableDictionary.Create<string, NamespaceEntry>(StringComparer.Ordinal),
        ImmutableDictionary.Create<string, FunctionEntry>(StringComparer.Ordinal));

    /// <summary>The last parts of the names directly under a namespace.</summary>
    public IEnumerable<string> MembersOf(string prefix) => Variables.Keys
        .Concat(Namespaces.Keys)
        .Concat(Functions.Keys)
        .Where(name => name.Length > prefix.Length + 1 && name[prefix.Length] == '.' && name.StartsWith(prefix, StringComparison.Ordinal))
        .Select(name => name[(prefix.Length + 1)..].Split('.')[0])
        .Distinct(StringComparer.Ordinal);

    /// <summary>The names an expression can begin with.</summary>
    public IEnumerable<string> Roots => Variables.Keys.Concat(Namespaces.Keys).Select(name => name.Split('.')[0]).Distinct(StringComparer.Ordinal);
}

internal sealed record VariableEntry(string Name, CelType Type, LambdaExpression Read, VariableDomain? Domain);

/// <param name="Name">The dotted name.</param>
/// <param name="UnknownCure">What the author of an unknown name should do; null says nothing more than the suggestion.</param>
/// <param name="Open">Reads any other name as dyn: a lambda of context and name; null for a closed namespace.</param>
internal sealed record NamespaceEntry(string Name, string? UnknownCure, LambdaExpression? Open);

internal abstract record FunctionEntry(string Name);

internal sealed record DeclaredFunction(string Name, ImmutableArray<CelType> Arguments, CelType Result, LambdaExpression Body) : FunctionEntry(Name);

internal sealed record ResolverFunction(string Name, int Arguments, Func<ImmutableArray<string>, Resolution> Resolve) : FunctionEntry(Name);
