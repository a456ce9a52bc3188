using System.Collections.Immutable;
using Decisioning.Engine.Expressions.Runtime;

namespace Decisioning.Engine.Expressions.Syntax;

/// <summary>The syntax tree: what was written, nothing resolved. A closed set.</summary>
internal abstract record Node(Span At);

internal sealed record Literal(Dyn Value, Span At) : Node(At);

/// <param name="Identifier">The identifier.</param>
/// <param name="Absolute">Written with a leading dot: no macro variable is meant.</param>
/// <param name="At">Where it stands.</param>
internal sealed record Name(string Identifier, bool Absolute, Span At) : Node(At);

internal sealed record Select(Node Target, string Member, Span MemberAt, Span At) : Node(At);

internal sealed record IndexOf(Node Target, Node Key, Span At) : Node(At);

/// <summary>A call; of a function when <paramref name="Target"/> is null, else of a member.</summary>
internal sealed record CallOf(Node? Target, string Function, Span FunctionAt, ImmutableArray<Node> Arguments, Span At) : Node(At);

internal sealed record Unary(Operator Operator, Node Operand, Span At) : Node(At);

internal sealed record Binary(Operator Operator, Node Left, Node Right, Span OperatorAt, Span At) : Node(At);

internal sealed record Conditional(Node Condition, Node Then, Node Else, Span At) : Node(At);

internal sealed record ListLiteral(ImmutableArray<Node> Items, Span At) : Node(At);

internal sealed record MapLiteral(ImmutableArray<(Node Key, Node Value)> Entries, Span At) : Node(At);
