using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Features;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Rules;
using Decisioning.Engine.Rules.Indexing;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Customers;

/// <summary>
/// The one way from event to state: begin with a state, apply events, end with the next state. What is written often
/// (features, seen messages, which rules hold) is kept writable in between and put together at the end.
/// The order of one event: features, then profile, consent and context, then points, rules, grades, stages, segments, then the rules
/// that are told of what changed about the last three. When time alone passed: rules, grades, stages, segments and those rules.
/// </summary>
internal sealed partial class Fold
{
    [ThreadStatic]
    private static Fold? _idle;

    private readonly StrategyPlan _plan;
    private readonly Strategy _strategy;
    private readonly Facts _facts;
    private readonly Touched _touched;
    private readonly List<SeenMessage> _seen = [];
    private readonly List<int> _expired = [];

    private CustomerState _state = CustomerState.Empty;
    private readonly FeatureCells.Builder _features = FeatureCells.Empty.ToBuilder();
    private ImmutableArray<CustomerChange>.Builder? _changes;
    private DateTimeOffset? _latest;
    private DateTimeOffset? _passed;
    private DateTimeOffset? _before;
    private DateTimeOffset? _first;
    private DateTimeOffset? _updated;
    private long _late;

    private Fold(Strategy strategy)
    {
        _strategy = strategy;
        _plan = StrategyPlan.Of(strategy);
        _facts = new Facts(strategy);
        _look = new IndexLook(_plan.Index, _facts);
        _touched = new Touched(_plan, _look);
        _holding = new ulong[_plan.Index.Words];
        _held = new NamedBits(_plan.RuleIds, _holding, 0, _plan.RuleWords);
        _stageAsked = _touched.TakeStage;
        _stageMoved = StageMoved;
        _segments = new NamedBits(_plan.SegmentNames, _holding, _plan.RuleWords, _holding.Length - _plan.RuleWords);
    }

    /// <summary>The sequence of the last event applied.</summary>
    public long Sequence { get; private set; }

    /// <summary>What was touched since <see cref="Begin"/>: see <see cref="Rules.Touched.Things"/>.</summary>
    public ulong[]? Touched => _touched.Things;

    /// <summary>Whether every rule and stage is evaluated at every event: what the index is measured against.</summary>
    public bool IsNaive { get; set; }

    /// <summary>Takes an instance that this thread used before, or a new one.</summary>
    public static Fold Rent(Strategy strategy)
    {
        var idle = _idle;
        _idle = null;
        return idle is not null && ReferenceEquals(idle._strategy, strategy) ? idle : new Fold(strategy);
    }

    /// <summary>Gives an instance back after <see cref="End"/>.</summary>
    public static void Return(Fold fold)
    {
        fold.IsNaive = false;
        _idle = fold;
    }

    /// <summary>Starts from a state.</summary>
    /// <param name="state">The state.</param>
    /// <param name="changes">Gets what others may want to know; null when nobody does.</param>
    public void Begin(CustomerState state, ImmutableArray<CustomerChange>.Builder? changes)
    {
        _state = state;
        _changes = changes;
        _features.Begin(state.Features);
        (_latest, _passed, _first, _updated, _late) = (state.LatestEventAt, state.TimePassedAt, state.FirstEventAt, state.UpdatedAt, state.LateEvents);
        Sequence = state.Sequence;
        _seen.Clear();
        _touched.Start(state.Carried);
        if (_look.Begin(state.FoldedWith == _strategy.Hash ? state.Codes : null, _holding))
        {
            _held.Keep();
            _segments.Keep();
        }
        else
        {
            _held.Read(state.RulesHeld);
            _segments.Read(state.Segments);
        }

        if (state.FoldedWith != _strategy.Hash)
        {
            _touched.AllNext();

            // A rule may have been written without `on` then.
            for (var word = 0; word < _holding.Length; word++)
            {
                _holding[word] &= _plan.AllRows[word];
            }

            _features.ExpectOthers();
        }
    }

    /// <summary>Applies an event that is known to be new and valid.</summary>
    /// <returns>Whether it came later than allowed.</returns>
    public bool Apply(RecordedEvent recorded, ulong idHash)
    {
        var e = recorded.Event;
        Sequence = recorded.Sequence;
        _seen.Add(new(idHash, recorded.ContentHash));
        _updated = _updated > e.ReceivedAt ? _updated : e.ReceivedAt;
        if (e.Type == EventType.Wake)
        {
            LetTimePass(e);
            return false;
        }

        if (e.Type == EventType.Link)
        {
            _state = Linking.Apply(_state, e);
            _changes?.Add(new(e.Name == EventNames.IdentityMoved ? ChangeKind.IdentityMoved : ChangeKind.IdentityLinked, Sequence, e.Name, e.Timestamp));
            return false;
        }

        var isNewest = _latest is not { } latest || e.Timestamp >= latest;
        var isLate = !isNewest && e.Timestamp.UtcTicks < _latest!.Value.UtcTicks - _plan.LatenessTicks;
        _before = _passed > _latest ? _passed : _latest;
        _latest = isNewest ? e.Timestamp : _latest;
        _first = _first is { } first && first <= e.Timestamp ? first : e.Timestamp;
        var now = _passed > _latest ? _passed.Value : _latest!.Value;
        _changes?.Add(new(ChangeKind.Event, Sequence, e.Name, e.Timestamp));

        _touched.BeginEvent(isLate, isWake: false, IsNaive);
        var situation = Remembered.Lay(_state.Context, e.Context);
        if (!isLate)
        {
            Expire(now);
            if (!ReferenceEquals(situation, _state.Context))
            {
                _touched.Add(_plan.Context);
            }
        }

        _facts.LookWhileFolding(_state, _features, now, e, situation);
        CountFeatures(e, now);
        Listen(e);
        if (isLate)
        {
            _late++;
            return true;
        }

        Learn(e, isNewest);
        RememberContext(e, isNewest, situation);
        _facts.Recount(_state);
        AddPoints(e, now);
        TakeSteps(e, now);
        return false;
    }

    // Not an event of the customer's: nothing counts, nothing is learned, and what comes later is no later for it.
    private void LetTimePass(CustomerEvent wake)
    {
        _before = _passed > _latest ? _passed : _latest;
        _passed = _passed > wake.Timestamp ? _passed : wake.Timestamp;
        var now = _latest > _passed ? _latest.Value : _passed.Value;
        _touched.BeginEvent(isLate: false, isWake: true, IsNaive);
        Expire(now);
        _facts.LookWhileFolding(_state, _features, now, wake, _state.Context);
        TakeSteps(wake, now);
    }

    private void TakeSteps(CustomerEvent e, DateTimeOffset now)
    {
        _movedByRules = 0;
        if (!_plan.Local.IsUnread && !(_before is { } before && _facts.IsInSameHour(before)))
        {
            _touched.AddTimed(_plan.Local);
        }

        RunRules(e, now);
        SetGrades(now);
        StepStages();
        StepSegments();
        TellOfTransitions(e);
    }

    /// <summary>The state after the events applied.</summary>
    public CustomerState End()
    {
        var next = Sequence == _state.Sequence ? _state : _state with
        {
            Sequence = Sequence,
            LatestEventAt = _latest,
            TimePassedAt = _passed,
            FirstEventAt = _first,
            UpdatedAt = _updated,
            LateEvents = _late,
            Features = _features.Build(),
            RulesHeld = _held.Write(_state.RulesHeld),
            Segments = _segments.Write(_state.Segments),
            FoldedWith = _touched.IsAllNext ? _state.FoldedWith : _strategy.Hash,
            Carried = _touched.Carried(_state.Carried),
            Codes = _look.Take(_holding, _state.Codes),
            Seen = _state.Seen.Add(CollectionsMarshal.AsSpan(_seen)),
        };
        _state = CustomerState.Empty;
        _features.Begin(FeatureCells.Empty);
        _changes = null;
        _facts.Look(CustomerState.Empty, default, null, PropertyMap.Empty);
        return next;
    }

    // What the time since the event before has ended: parts of windows, tags.
    private void Expire(DateTimeOffset now)
    {
        _expired.Clear();
        _features.Expire(WindowTime.Ticks(_before ?? now), WindowTime.Ticks(now), _plan.Counting, _expired);
        foreach (var slot in _expired)
        {
            _touched.AddTimed(_plan.Features[slot]);
        }

        for (var i = _state.Tags.Length - 1; i >= 0; i--)
        {
            var tag = _state.Tags[i];
            if (!tag.HoldsAt(now))
            {
                _touched.AddTimed(_plan.Tag(tag.Name));
                _changes?.Add(new(ChangeKind.TagExpired, Sequence, tag.Name, tag.ExpiresAt!.Value, Detail: tag.Level));
                _state = _state with { Tags = _state.Tags.RemoveAt(i) };
            }
        }

        foreach (var score in _state.Scores)
        {
            if (score.Points > 0)
            {
                TouchDecaying(score.Name);
            }
        }
    }

    private void TouchDecaying(string name)
    {
        foreach (var score in _strategy.Scores)
        {
            if (score.HalfLife is not null && score.Name == name)
            {
                _touched.AddTimed(_plan.Scores[score.Index]);
            }
        }
    }

    // An event for which a condition cannot be told, or without the value a feature needs, does not count for it.
    private void CountFeatures(CustomerEvent e, DateTimeOffset now)
    {
        var occurrence = new Occurrence { At = WindowTime.Ticks(e.Timestamp), Now = WindowTime.Ticks(now), Sequence = Sequence };
        foreach (var (where, values) in _plan.Counting.CountedBy(e.Name))
        {
            if (where is not null && where.Test(_facts) != Truth.True)
            {
                continue;
            }

            foreach (var (of, counters) in values)
            {
                if (of is null || (of.TryValue(_facts, out occurrence.Value) && FeatureValue.TryKeep(ref occurrence.Value)))
                {
                    Count(counters, ref occurrence);
                }
            }
        }
    }

    private void Count(ImmutableArray<Counter> counters, ref Occurrence occurrence)
    {
        foreach (var (cell, role) in counters)
        {
            occurrence.Role = role;
            if (cell.TryPrepare(ref occurrence) && _features.Add(cell, in occurrence))
            {
                foreach (var slot in cell.Slots)
                {
                    _touched.Add(_plan.Features[slot]);
                }
            }
        }
    }

    // What the customer said: consents and responses bind however late they come.
    private void Listen(CustomerEvent e)
    {
        if (ConsentBook.Read(e) is { } consent)
        {
            var consents = ConsentBook.With(_state.Consents, consent);
            if (consents != _state.Consents)
            {
                _state = _state with { Consents = consents };
                _touched.Add(_plan.Consent);
            }
        }

        if (e.Response is { } response)
        {
            _state = _state with { Contacts = ContactBook.With(_state.Contacts, response, e.Timestamp) };
            _changes?.Add(new(ChangeKind.Response, Sequence, response.Action, e.Timestamp, response));
        }
    }

    // Traits: the newest win; an older event only fills in what is not known. Null takes an attribute away.
    private void Learn(CustomerEvent e, bool isNewest)
    {
        if (e.Type != EventType.Identify)
        {
            return;
        }

        foreach (var (name, value) in e.Properties.Entries)
        {
            if (isNewest || !_state.Profile.TryGet(name, out _))
            {
                SetAttribute(name, value);
            }
        }
    }

    private void SetAttribute(string name, Value value)
    {
        var profile = _state.Profile;
        if (value.IsNull)
        {
            profile = profile.Without(name);
        }
        else if (profile.TryGet(name, out var known))
        {
            profile = known == value ? profile : Remembered.IsSmall(value, Limits.ProfileValueCharsMax) ? profile.With(name, value) : profile.Without(name);
        }
        else if (profile.Count < Limits.ProfileAttributesMax && Remembered.IsSmall(value, Limits.ProfileValueCharsMax))
        {
            profile = profile.With(name, value);
        }

        if (!ReferenceEquals(profile, _state.Profile))
        {
            _state = _state with { Profile = profile };
            _touched.Add(_plan.Profile(name));
        }
    }

    private void RememberContext(CustomerEvent e, bool isNewest, PropertyMap situation)
    {
        if (e.Context.Count == 0)
        {
            return;
        }

        var context = isNewest && situation.Count <= Limits.ContextNamesMax && ReferenceEquals(situation, _state.Context)
            ? situation
            : Remembered.Context(_state.Context, e.Context, isNewest);
        if (!ReferenceEquals(context, _state.Context))
        {
            _state = _state with { Context = context };
        }

        if (context != situation)
        {
            // The next event sees another situation than this one, even if it brings none.
            _touched.Carry(_plan.Context);
        }
    }
}
