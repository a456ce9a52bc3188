namespace Decisioning.Engine.Expressions.Patterns;

/// <summary>One state of the machine that a pattern is.</summary>
/// <param name="Set">The characters that lead to the next state; null for a state that takes none.</param>
/// <param name="Edge">Where it may be passed; null for anywhere.</param>
/// <param name="Next">The state that follows.</param>
/// <param name="Other">Another that follows too; -1 for none.</param>
internal readonly record struct State(CharacterSet? Set, Edge? Edge, int Next, int Other);

/// <summary>Turns a pattern into states, one after the other; the state after the last one is that of a match.</summary>
internal sealed class PatternCode
{
    private readonly List<State> _states = [];

    public static State[] Of(Piece root)
    {
        var code = new PatternCode();
        code.Add(root);
        return [.. code._states];
    }

    private void Add(Piece piece)
    {
        switch (piece)
        {
            case Piece.One one:
                Emit(new State(one.Set, null, _states.Count + 1, -1));
                break;
            case Piece.At at:
                Emit(new State(null, at.Edge, _states.Count + 1, -1));
                break;
            case Piece.Sequence sequence:
                foreach (var part in sequence.Parts)
                {
                    Add(part);
                }

                break;
            case Piece.Either either:
                AddChoices(either);
                break;
            case Piece.Repeated repeated:
                AddRepeated(repeated);
                break;
        }
    }

    private void AddChoices(Piece.Either either)
    {
        var ends = new List<int>();
        for (var i = 0; i < either.Choices.Length; i++)
        {
            var fork = _states.Count;
            var isLast = i == either.Choices.Length - 1;
            if (!isLast)
            {
                Emit(default);
            }

            Add(either.Choices[i]);
            if (!isLast)
            {
                ends.Add(_states.Count);
                Emit(default);
                _states[fork] = new State(null, null, fork + 1, _states.Count);
            }
        }

        foreach (var end in ends)
        {
            _states[end] = new State(null, null, _states.Count, -1);
        }
    }

    private void AddRepeated(Piece.Repeated repeated)
    {
        var last = _states.Count;
        for (var i = 0; i < repeated.Min; i++)
        {
            last = _states.Count;
            Add(repeated.Inner);
            if (_states.Count == last)
            {
                // The empty text, over and over, is the empty text.
                return;
            }
        }

        if (repeated.Max is null && repeated.Min > 0)
        {
            Emit(new State(null, null, _states.Count + 1, last));
            return;
        }

        var forks = new List<int>();
        for (var i = repeated.Min; i < (repeated.Max ?? (repeated.Min + 1)); i++)
        {
            forks.Add(_states.Count);
            Emit(default);
            Add(repeated.Inner);
        }

        if (repeated.Max is null)
        {
            Emit(new State(null, null, forks[0], -1));
        }

        foreach (var fork in forks)
        {
            _states[fork] = new State(null, null, fork + 1, _states.Count);
        }
    }

    private void Emit(State state)
    {
        if (_states.Count == ExpressionLimits.PatternStatesMax)
        {
            throw new PatternException($"with its repeats written out it has more than {ExpressionLimits.PatternStatesMax} parts; repeat less");
        }

        _states.Add(state);
    }
}
