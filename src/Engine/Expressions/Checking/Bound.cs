using System.Collections.Immutable;
using System.Linq.Expressions;
using Decisioning.Engine.Expressions.Patterns;
using Decisioning.Engine.Expressions.Runtime;
using Decisioning.Engine.Expressions.Syntax;

namespace Decisioning.Engine.Expressions.Checking;

/// <summary>The checked tree: every name resolved, every node typed, every conversion explicit. A closed set.</summary>
internal abstract record Bound(CelType Type, Span At);

internal sealed record Constant(Dyn Value, CelType Type, Span At) : Bound(Type, At);

/// <summary>A variable of the schema, or what a resolver bound.</summary>
internal sealed record Reading(string Name, LambdaExpression Read, VariableDomain? Domain, CelType Type, Span At) : Bound(Type, At);

/// <summary>A name of an open namespace, read when it runs.</summary>
internal sealed record OpenReading(LambdaExpression Read, string Namespace, string Member, Span At) : Bound(CelType.Dyn, At);

/// <summary>The variable of a macro; always held as dyn, converted where it is used.</summary>
internal sealed record LocalReading(LocalVariable Variable, Span At) : Bound(CelType.Dyn, At);

/// <summary>The inner value in another type; may fail when it runs.</summary>
internal sealed record Converted(Bound Inner, CelType Type, Span At) : Bound(Type, At);

internal sealed record Invocation(Overload Overload, ImmutableArray<Bound> Arguments, CelType Type, Span At) : Bound(Type, At);

/// <summary>A call whose overload is found by the kinds of its arguments when it runs.</summary>
internal sealed record DynamicInvocation(ImmutableArray<Overload> Candidates, ImmutableArray<Bound> Arguments, CelType Type, Span At) : Bound(Type, At);

internal sealed record DeclaredInvocation(DeclaredFunction Function, ImmutableArray<Bound> Arguments, Span At) : Bound(Function.Result, At);

/// <summary>`text.matches(pattern)`; the pattern is known, or what is written gives its text when it runs.</summary>
internal sealed record PatternMatch(Pattern? Pattern, Bound? Written, Bound Text, Span At) : Bound(CelType.Bool, At);

internal sealed record Logical(bool IsAnd, Bound Left, Bound Right, Span At) : Bound(CelType.Bool, At);

internal sealed record Negation(Bound Operand, Span At) : Bound(CelType.Bool, At);

internal sealed record Choice(Bound Condition, Bound Then, Bound Else, CelType Type, Span At) : Bound(Type, At);

/// <summary>Both sides have one type, or are numbers of two, or are dyn.</summary>
internal sealed record Ordering(Operator Operator, Bound Left, Bound Right, Span At) : Bound(CelType.Bool, At);

internal sealed record Equality(bool Negated, Bound Left, Bound Right, Span At) : Bound(CelType.Bool, At);

/// <summary>`x == null`, `has(x)` of something nullable.</summary>
internal sealed record NullTest(Bound Operand, bool WhenNull, Span At) : Bound(CelType.Bool, At);

internal sealed record Membership(Bound Item, Bound Range, Span At) : Bound(CelType.Bool, At);

/// <summary>`target[key]` and `target.key`; dyn, converted by its user when the element type is known.</summary>
internal sealed record Lookup(Bound Target, Bound Key, Span At) : Bound(CelType.Dyn, At);

internal sealed record Presence(Bound Target, Bound Key, Span At) : Bound(CelType.Bool, At);

internal sealed record ListBuilding(ImmutableArray<Bound> Items, CelType Type, Span At) : Bound(Type, At);

internal sealed record MapBuilding(ImmutableArray<(Bound Key, Bound Value)> Entries, CelType Type, Span At) : Bound(Type, At);

/// <summary>A walk. With a second variable the first is the index or the key, and the second the element or the value.</summary>
internal sealed record Comprehension(MacroKind Kind, LocalVariable Variable, LocalVariable? Second, Bound Range, Bound? Filter, Bound Body, CelType Type, Span At) : Bound(Type, At);

/// <summary>`cel.bind(x, value, body)`.</summary>
internal sealed record Binding(LocalVariable Variable, Bound Value, Bound Body, Span At) : Bound(Body.Type, At);

/// <summary>What cannot be evaluated; only where checking is not strict, or after an error.</summary>
internal sealed record Failing(Fault Fault, Span At) : Bound(CelType.Dyn, At);

internal enum MacroKind
{
    All,
    Exists,
    ExistsOne,
    Map,
    TransformMap,
    Filter,
}

/// <summary>A variable that a macro introduces; one object per macro and name.</summary>
internal sealed class LocalVariable(string name, CelType type)
{
    public string Name => name;

    public CelType Type => type;
}
