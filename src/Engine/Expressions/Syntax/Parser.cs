using Decisioning.Engine.Expressions.Runtime;

namespace Decisioning.Engine.Expressions.Syntax;

/// <summary>Parses CEL: precedence climbing for the binary operators, recursive descent for the rest.</summary>
internal sealed partial class Parser
{
    private static readonly Dictionary<string, Operator> BinaryOperators = new(StringComparer.Ordinal)
    {
        ["||"] = Operator.Or,
        ["&&"] = Operator.And,
        ["=="] = Operator.Equal,
        ["!="] = Operator.NotEqual,
        ["<"] = Operator.Less,
        ["<="] = Operator.LessOrEqual,
        [">"] = Operator.Greater,
        [">="] = Operator.GreaterOrEqual,
        ["in"] = Operator.In,
        ["+"] = Operator.Add,
        ["-"] = Operator.Subtract,
        ["*"] = Operator.Multiply,
        ["/"] = Operator.Divide,
        ["%"] = Operator.Modulo,
    };

    private readonly string _text;
    private readonly List<Token> _tokens;
    private int _at;
    private int _depth;

    private Parser(string text)
    {
        _text = text;
        _tokens = new Lexer(text).ReadAll();
    }

    private Token Current => _tokens[_at];

    /// <summary>Parses a whole text; null and the error when it is not an expression.</summary>
    public static Node? Parse(string text, out ExpressionError? error)
    {
        error = null;
        if (text.Length > ExpressionLimits.TextLengthMax)
        {
            error = new Span(0, 1).Error(text, $"the expression has {text.Length} characters; {ExpressionLimits.TextLengthMax} are allowed: split it into several features or segments") with { Kind = ExpressionErrorKind.Syntax };
            return null;
        }

        try
        {
            var parser = new Parser(text);
            if (parser.Current.Kind == TokenKind.End)
            {
                throw new SyntaxException("the expression is empty; write a condition such as `features.visits > 3`, or `true`", new Span(0, 1));
            }

            var node = parser.Expression();
            if (parser.Current.Kind != TokenKind.End)
            {
                throw parser.Unexpected();
            }

            SyntaxDepth.Check(node);
            return node;
        }
        catch (SyntaxException refused)
        {
            error = refused.At.Error(text, refused.Message) with { Kind = ExpressionErrorKind.Syntax };
            return null;
        }
    }

    private Node Expression()
    {
        Enter();
        var condition = Operation(1);
        if (Current.Is("?"))
        {
            _at++;
            var then = Operation(1);
            Expect(":", "`a ? b : c` wants a `:` and what holds otherwise");
            var otherwise = Expression();
            condition = new Conditional(condition, then, otherwise, Span.Between(condition.At, otherwise.At));
        }

        _depth--;
        return condition;
    }

    private Node Operation(int lowest)
    {
        var left = Prefixed();
        while (Current.Kind is TokenKind.Symbol or TokenKind.Identifier
            && BinaryOperators.TryGetValue(Current.Text, out var op)
            && op.Precedence() >= lowest)
        {
            var place = Current.At;
            _at++;
            var right = Operation(op.Precedence() + 1);
            left = new Binary(op, left, right, place, Span.Between(left.At, right.At));
        }

        return left;
    }

    private Node Prefixed()
    {
        var token = Current;
        if (!token.Is("!") && !token.Is("-"))
        {
            return Member();
        }

        Enter();
        _at++;
        Node node;
        if (token.Is("-") && Current is { Kind: TokenKind.Literal, Value.Kind: DynKind.Int or DynKind.Double } number)
        {
            var value = number.Value.Kind == DynKind.Int ? Dyn.Of(unchecked(-number.Value.Int)) : Dyn.Of(-number.Value.Double);
            _tokens[_at] = number with { Value = value, At = Span.Between(token.At, number.At) };
            node = Suffixes(new Literal(value, _tokens[_at++].At));
        }
        else
        {
            var operand = Prefixed();
            node = new Unary(token.Is("!") ? Operator.Not : Operator.Negate, operand, Span.Between(token.At, operand.At));
        }

        _depth--;
        return node;
    }

    private Node Member() => Suffixes(Primary());

    private Node Suffixes(Node node)
    {
        while (true)
        {
            if (Current.Is("."))
            {
                _at++;
                node = Dotted(node);
            }
            else if (Current.Is("["))
            {
                _at++;
                RefuseOptional();
                var key = Expression();
                var end = Expect("]", "close the index with `]`");
                node = new IndexOf(node, key, Span.Between(node.At, end));
            }
            else if (Current.Is("{") && MessageName(node) is { } message)
            {
                throw new SyntaxException($"`{message}{{…}}` makes a message, which strategies do not have; a map is written `{{\"name\": value}}`", node.At);
            }
            else
            {
                return node;
            }
        }
    }

    private Node Dotted(Node target)
    {
        RefuseOptional();
        // After a dot `in` can only be a name, which CEL refuses and `stages.find.in` wants.
        var member = Current;
        if (member.Kind is not (TokenKind.Identifier or TokenKind.QuotedIdentifier))
        {
            throw new SyntaxException($"a name wants to follow the dot, not {member.Shown(_text)}", member.At);
        }

        _at++;
        if (member.Kind == TokenKind.Identifier && Current.Is("("))
        {
            var arguments = Arguments(out var end);
            return new CallOf(target, member.Text, member.At, arguments, Span.Between(target.At, end));
        }

        return new Select(target, member.Text, member.At, Span.Between(target.At, member.At));
    }

    private Node Primary()
    {
        var token = Current;
        switch (token.Kind)
        {
            case TokenKind.Literal:
                _at++;
                return token.Value is { Kind: DynKind.Int, Int: long.MinValue } && _text[token.At.Start] != '-'
                    ? throw new SyntaxException("this number is too large; an int goes up to 9223372036854775807", token.At)
                    : new Literal(token.Value, token.At);
            case TokenKind.Identifier:
                _at++;
                return Identified(token, absolute: false, token.At);
            case TokenKind.Symbol when token.Text == "(":
                _at++;
                var inner = Expression();
                return inner with { At = Span.Between(token.At, Expect(")", "close the bracket with `)`")) };
            case TokenKind.Symbol when token.Text == "[":
                return List();
            case TokenKind.Symbol when token.Text == "{":
                return Map();
            case TokenKind.Symbol when token.Text == "." && _tokens[_at + 1].Kind == TokenKind.Identifier:
                _at += 2;
                return Identified(_tokens[_at - 1], absolute: true, Span.Between(token.At, _tokens[_at - 1].At));
            default:
                throw Unexpected();
        }
    }

    private Node Identified(Token token, bool absolute, Span at)
    {
        switch (token.Text)
        {
            case "true" or "false" when !absolute:
                return new Literal(Dyn.Of(token.Text == "true"), at);
            case "null" when !absolute:
                return new Literal(Dyn.Null, at);
        }

        if (ReservedWords.Cure(token.Text) is { } cure)
        {
            throw new SyntaxException(cure, token.At);
        }

        if (!Current.Is("("))
        {
            return new Name(token.Text, absolute, at);
        }

        var arguments = Arguments(out var end);
        return new CallOf(null, token.Text, token.At, arguments, Span.Between(at, end));
    }

    private void Enter()
    {
        if (++_depth > ExpressionLimits.DepthMax)
        {
            throw new SyntaxException(SyntaxDepth.Message, Current.At);
        }
    }

    private Span Expect(string symbol, string cure)
    {
        if (!Current.Is(symbol))
        {
            throw Current.Kind == TokenKind.End
                ? new SyntaxException($"the expression ends too early; {cure}", EndPlace())
                : ReservedWords.Joiner(Current.Text) is { } joiner
                    ? new SyntaxException(joiner, Current.At)
                    : new SyntaxException($"{Current.Shown(_text)} cannot stand here; {cure}", Current.At);
        }

        return _tokens[_at++].At;
    }

    private void RefuseOptional()
    {
        if (Current.Is("?"))
        {
            throw new SyntaxException("optional values (`?`) are not part of the language; ask with `has(…)` first", Current.At);
        }
    }

    private SyntaxException Unexpected() => Current.Kind == TokenKind.End
        ? new SyntaxException("the expression ends too early; a value wants to follow", EndPlace())
        : ReservedWords.Joiner(Current.Text) is { } joiner
            ? new SyntaxException(joiner, Current.At)
            : new SyntaxException($"{Current.Shown(_text)} cannot stand here", Current.At);

    // The place after the last token: where the missing part belongs.
    private Span EndPlace() => _at > 0 ? new Span(_tokens[_at - 1].At.End, 1) : new Span(0, 1);

    private static string? MessageName(Node node) => node switch
    {
        Name name => name.Identifier,
        Select { Target: var target } select when MessageName(target) is { } prefix => $"{prefix}.{select.Member}",
        _ => null,
    };
}
