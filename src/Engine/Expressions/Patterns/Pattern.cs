using System.Text;
using Decisioning.Engine.Expressions.Runtime;

namespace Decisioning.Engine.Expressions.Patterns;

/// <summary>
/// A regular expression in the syntax of RE2, which CEL prescribes. It is a machine that is in several states at once, so that no text
/// makes it go back: the work is at most the length of the text times the states, it is counted, and it ends at a bound. The regular
/// expressions of .NET, also the non-backtracking ones, can take minutes and gigabytes for patterns of 30 characters.
/// </summary>
internal sealed class Pattern
{
    /// <summary>How many states are looked at for one step of <see cref="ExpressionLimits.IterationsMax"/>: as long as a step of a macro takes.</summary>
    private const int StatesPerStep = 4;

    [ThreadStatic]
    private static Scratch? _scratch;

    private readonly State[] _states;
    private readonly bool _isAnchored;

    private Pattern(string text, State[] states)
    {
        Text = text;
        _states = states;
        _isAnchored = states is [{ Edge: Edge.TextStart }, ..];
    }

    /// <summary>The pattern as written.</summary>
    public string Text { get; }

    /// <summary>What reading it took, in steps: up to 100 ns a character, 10 ns a state, and a microsecond for itself.</summary>
    public int Cost => 100 + (10 * Text.Length) + _states.Length;

    /// <summary>Reads a pattern; when it cannot be used, the problem is told for people.</summary>
    public static bool TryRead(string text, out Pattern? pattern, out string problem)
    {
        (pattern, problem) = (null, "");
        if (text.Length > ExpressionLimits.PatternLengthMax)
        {
            problem = $"it has {text.Length} characters; {ExpressionLimits.PatternLengthMax} are allowed";
            return false;
        }

        try
        {
            pattern = new Pattern(text, PatternCode.Of(new PatternReader(text).ReadAll()));
            return true;
        }
        catch (PatternException refused)
        {
            problem = refused.Message;
            return false;
        }
    }

    /// <summary>Whether it matches somewhere in a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="steps">The steps taken so far in this evaluation; those of the match are added.</param>
    /// <param name="matches">The outcome; false with a fault.</param>
    public Fault IsMatch(string text, ref int steps, out bool matches)
    {
        var scratch = _scratch is { } used && used.Marks.Length > _states.Length ? used : _scratch = new Scratch(Math.Max(_states.Length + 1, 64));
        var bound = (long)Math.Max(ExpressionLimits.IterationsMax - steps, 0) * StatesPerStep;
        var run = new Run(this, text, scratch);
        matches = run.Go(bound) && run.Work <= bound;
        steps += (int)((run.Work + StatesPerStep - 1) / StatesPerStep);
        return run.Work > bound ? Fault.TooManySteps : Fault.None;
    }

    private sealed class Scratch(int states)
    {
        public int[] Marks { get; } = new int[states];

        public int[] Now { get; set; } = new int[states];

        public int[] Next { get; set; } = new int[states];

        public int[] Open { get; } = new int[2 * states];

        public int Round { get; set; }
    }

    private ref struct Run(Pattern pattern, string text, Scratch scratch)
    {
        private readonly State[] _states = pattern._states;
        private int _count;

        public long Work { get; private set; }

        public bool Go(long bound)
        {
            var count = 0;
            NewRound();
            for (var at = 0; ;)
            {
                _count = count;
                if ((at == 0 || !pattern._isAnchored) && Enter(0, at))
                {
                    return true;
                }

                (scratch.Now, scratch.Next) = (scratch.Next, scratch.Now);
                (count, _count) = (_count, 0);
                if (at >= text.Length || (count == 0 && pattern._isAnchored) || Work > bound)
                {
                    return false;
                }

                _ = Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var length);
                var c = length == 1 ? text[at] : rune.Value;
                at += length;
                NewRound();
                for (var i = 0; i < count; i++)
                {
                    ref readonly var state = ref _states[scratch.Now[i]];
                    Work++;
                    if (state.Set!.Contains(c) && Enter(state.Next, at))
                    {
                        return true;
                    }
                }

                count = _count;
            }
        }

        // Marks of earlier rounds, and of other patterns, are smaller.
        private readonly void NewRound()
        {
            if (scratch.Round == int.MaxValue)
            {
                Array.Clear(scratch.Marks);
                scratch.Round = 0;
            }

            scratch.Round++;
        }

        /// <summary>Goes to a state and to all that follow without a character; true when one is the match.</summary>
        private bool Enter(int first, int at)
        {
            var (open, marks, round) = (scratch.Open, scratch.Marks, scratch.Round);
            var left = 0;
            open[left++] = first;
            while (left > 0)
            {
                var number = open[--left];
                if (number == _states.Length)
                {
                    return true;
                }

                if (marks[number] == round)
                {
                    continue;
                }

                marks[number] = round;
                Work++;
                ref readonly var state = ref _states[number];
                if (state.Set is not null)
                {
                    scratch.Next[_count++] = number;
                }
                else if (state.Edge is not { } edge || Holds(edge, at))
                {
                    open[left++] = state.Next;
                    if (state.Other >= 0)
                    {
                        open[left++] = state.Other;
                    }
                }
            }

            return false;
        }

        private readonly bool Holds(Edge edge, int at) => edge switch
        {
            Edge.TextStart => at == 0,
            Edge.TextEnd => at == text.Length,
            Edge.LineStart => at == 0 || text[at - 1] == '\n',
            Edge.LineEnd => at == text.Length || text[at] == '\n',
            _ => IsWordAt(at - 1) != IsWordAt(at) == (edge == Edge.Word),
        };

        private readonly bool IsWordAt(int at) => at >= 0 && at < text.Length && CharacterClasses.IsWord(text[at]);
    }
}
