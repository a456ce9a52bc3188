using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Strategies.Written;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Testing;

/// <summary>One case on its way: the customer, what was offered, what was found.</summary>
internal sealed class CaseRun
{
    /// <summary>Tells how rules stand without trying out what would have been otherwise, which takes longer than all the rest.</summary>
    private static readonly DecisionHooks AsIs = DecisionHooks.None with { TriesOut = false };

    private readonly TestCase _test;
    private readonly Strategy _strategy;
    private readonly CustomerKey _key;
    private readonly bool _tellsLooks;
    private readonly List<LookReport> _looks = [];
    private readonly List<Decision> _decisions = [];
    private readonly List<TestFailure> _failures = [];
    private readonly HashSet<string> _rules = new(StringComparer.Ordinal);
    private readonly HashSet<string> _actions = new(StringComparer.Ordinal);
    private readonly HashSet<string> _stages = new(StringComparer.Ordinal);
    private readonly HashSet<string> _segments = new(StringComparer.Ordinal);
    private readonly List<string> _triggers = [];
    private CustomerState _state = CustomerState.Empty;
    private OpenOffers _offers = OpenOffers.Empty;
    private int _expectations;

    public CaseRun(TestCase test, Strategy strategy, bool tellsLooks)
    {
        _tellsLooks = tellsLooks;
        _test = test;
        _strategy = strategy;
        var id = $"{test.File}:{test.Line}";
        _key = CustomerKey.User("test", id.Length > Limits.CustomerIdCharsMax ? id[^Limits.CustomerIdCharsMax..] : id);
    }

    public CaseReport Report() => new(_test, _expectations, [.. _failures], new Coverage([.. _rules], [.. _actions], [.. _stages], [.. _segments])) { Looks = [.. _looks] };

    /// <summary>Takes one step; false when something was not as expected.</summary>
    public bool Take(TestStep step)
    {
        PassTime(step.At);
        switch (step)
        {
            case TestStep.Happens happens:
                Record(happens);
                break;
            case TestStep.Look look:
                Look(look);
                break;
            default:
                throw new System.Diagnostics.UnreachableException($"the step {step.GetType().Name} is not taken");
        }

        return _failures.Count == 0;
    }

    /// <summary>Lets happen what time alone brings about up to an instant, as a running engine does: it wakes a customer when one is due.</summary>
    private void PassTime(DateTimeOffset until)
    {
        var passed = Waking.Plan(_state, _strategy, until, until, Limits.WakesPerTestStepMax);
        _state = passed.Next;
        Note(passed.Changes);
    }

    private void Record(TestStep.Happens step)
    {
        var e = step.Event with { Response = Answering(step.Event.Response) };
        var recording = Recorder.Plan(_state, [e], _strategy, step.At);
        var outcome = recording.Outcomes[0];
        if (outcome.Status == RecordStatus.Rejected)
        {
            var complaints = outcome.Violations.Select(violation => $"{violation.Field}: {violation.Description}; {violation.Cure}");
            Fail(step.Place, e.Name.Length > 0 ? e.Name : e.Type.ToString().ToLowerInvariant(), step.At, "an event that the engine takes", "rejected", [.. complaints]);
            return;
        }

        _state = recording.Next;
        _offers = e.Response is { } response ? _offers.Answered(response) : _offers;
        Note(recording.Changes);
    }

    private void Note(ImmutableArray<CustomerChange> changes)
    {
        foreach (var change in changes)
        {
            switch (change.Kind)
            {
                case ChangeKind.RuleActed:
                    _rules.Add(change.Name);
                    break;
                case ChangeKind.StageEntered:
                    _stages.Add(change.Name);
                    break;
                case ChangeKind.SegmentEntered:
                    _segments.Add(change.Name);
                    break;
                case ChangeKind.Triggered:
                    _triggers.Add(change.Name);
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>A response as one with the tracking token of the newest decision that offered its action; as it is where none did.</summary>
    private ActionResponse? Answering(ActionResponse? response)
    {
        for (var i = _decisions.Count - 1; response is not null && i >= 0; i--)
        {
            foreach (var item in _decisions[i].Items)
            {
                if (item.Action == response.Action
                    && (response.Channel.Length == 0 || response.Channel == item.Channel)
                    && (response.Placement.Length == 0 || response.Placement == item.Placement))
                {
                    return response with
                    {
                        DecisionId = _decisions[i].DecisionId,
                        Issue = item.Issue,
                        Group = item.Group,
                        Treatment = item.Treatment,
                        Channel = item.Channel,
                        Placement = item.Placement,
                    };
                }
            }
        }

        return response;
    }

    private void Look(TestStep.Look look)
    {
        _offers = _offers.At(look.At);
        var offers = _offers;
        var decision = look.Ask is null ? null : Decider.Decide(_key, _state, offers, _strategy, look.Ask, look.At);
        var view = CustomerViews.Of(_state, _strategy, look.At);
        _segments.UnionWith(view.Segments);
        _stages.UnionWith(view.Stages.Select(stage => stage.Name));
        if (_tellsLooks)
        {
            _looks.Add(new(look.Place.Line, TestTime.Print(look.At, _test.Zone), view, decision is null ? null : Explained(look, offers)));
        }

        if (decision is not null)
        {
            _actions.UnionWith(decision.Items.Select(item => item.Action));
            if (!look.Ask!.DryRun)
            {
                _decisions.Add(decision);
                _offers = offers.With(decision);
            }
        }

        var rules = new Lazy<ImmutableArray<RuleReport>>(() => RulesAt(look, offers));
        var seen = new Observation(view, decision, [.. _triggers], rules);
        _expectations += look.Expected.Length;
        _triggers.Clear();
        foreach (var expected in look.Expected)
        {
            var actual = seen.Of(expected.Subject, expected.Name);
            if (!expected.Match.Accepts(actual))
            {
                Fail(look, expected, actual, seen, offers);
            }
        }
    }

    private ImmutableArray<RuleReport> RulesAt(TestStep.Look look, OpenOffers offers)
    {
        var reports = Explained(look, offers, AsIs).Rules;
        _rules.UnionWith(reports.Where(report => report.Holds).Select(report => report.Rule));
        return reports;
    }

    /// <summary>The same answer with all its reasons: a function of the same values, so it can be asked for afterwards.</summary>
    private Decision Explained(TestStep.Look look, OpenOffers offers, DecisionHooks? hooks = null) => Decider.Decide(
        _key, _state, offers, _strategy, (look.Ask ?? AskReader.Anything) with { Explain = ExplainLevel.Full, DryRun = true }, look.At, hooks);

    private void Fail(TestStep.Look look, Expectation expected, Value actual, Observation seen, OpenOffers offers)
    {
        var explained = look.Ask is null ? seen : seen with { Decision = Explained(look, offers) };
        var because = new List<string>();
        if (expected.Match is Match.Names names && names.Difference(actual) is { Length: > 0 } difference)
        {
            because.Add(difference);
        }

        switch (expected.Subject)
        {
            case Subject.Offers:
                because.AddRange(((Match.Names)expected.Match).Expected.SelectMany(explained.About));
                because.AddRange(explained.Decision!.Items.Select(item => item.Action).Except(((Match.Names)expected.Match).Expected).SelectMany(explained.About));
                break;
            case Subject.First:
                because.AddRange(explained.About(expected.Match.Written));
                because.AddRange(explained.Decision!.Items.Take(1).SelectMany(item => explained.About(item.Action)));
                break;
            case Subject.Not or Subject.AllowedAgainAt:
                because.AddRange(explained.About(expected.Name));
                break;
            case Subject.Texts:
                because.AddRange(actual.IsNull ? explained.About(expected.Name[..expected.Name.IndexOf('.', StringComparison.Ordinal)]) : []);
                break;
            case Subject.Rules:
                because.AddRange(seen.Rules.Value.Where(rule => rule.Rule == expected.Name).SelectMany(Layers));
                break;
            default:
                break;
        }

        Fail(expected.Place, expected.Path, look.At, expected.Match.Written, Match.Print(actual, _test.Zone), [.. because]);
    }

    private static IEnumerable<string> Layers(RuleReport rule) => rule.Layers.Select(layer => layer.Result switch
    {
        LayerResult.Held => $"{layer.Layer} holds: {Words.Of(layer.Seen)}",
        LayerResult.NotAsked => $"{layer.Layer} was not asked",
        LayerResult.Failed => $"{layer.Layer} does not hold: {Words.Of(layer.Seen)}",
        _ => $"{layer.Layer} cannot be told: {layer.Error}",
    });

    private void Fail(Place place, string subject, DateTimeOffset at, string expected, string actual, ImmutableArray<string> because) =>
        _failures.Add(new(place.File, place.Line, place.Column, subject, TestTime.Print(at, _test.Zone), expected, actual, because));
}
