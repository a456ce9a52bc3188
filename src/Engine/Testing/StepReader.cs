using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Written;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Testing;

/// <summary>Reads the steps of one case, in order, along its virtual time.</summary>
internal sealed class StepReader(TestNames names, TestTime time, Mistakes mistakes)
{
    private static readonly ImmutableArray<string> Verbs = ["event", "identify", "consent", "response", "ask", "expect"];

    private readonly ImmutableArray<TestStep>.Builder _steps = ImmutableArray.CreateBuilder<TestStep>();

    public ImmutableArray<TestStep> Steps => _steps.ToImmutable();

    /// <summary>Whether any step expects something.</summary>
    public bool HasExpectations { get; private set; }

    /// <summary>Reads one step: something that happens, or a look.</summary>
    public void Read(WrittenNode node, string path)
    {
        var before = mistakes.Count;
        ReadStep(node, path);
        time.IsUnsure |= mistakes.Count > before;
    }

    /// <summary>Reads a look.</summary>
    /// <param name="place">Where it begins.</param>
    /// <param name="path">Its path.</param>
    /// <param name="at">When.</param>
    /// <param name="ask">The question; null for none.</param>
    /// <param name="expect">What must be so; null for nothing.</param>
    public void Look(Place place, string path, WrittenNode? at, WrittenNode? ask, WrittenNode? expect)
    {
        HasExpectations |= expect is not null;
        if (time.At(at, place, $"{path}.at", mayBeLate: false, mistakes) is not { } instant)
        {
            return;
        }

        var request = ask is null ? null : AskReader.Read(ask, $"{path}.ask", $"ask-{_steps.Count}", names, time, mistakes);
        var expected = expect is null ? [] : new ExpectationReader(names, time, mistakes, ask is not null).Read(expect, $"{path}.expect");
        Add(new TestStep.Look(place, instant, request, expected));
    }

    private void ReadStep(WrittenNode node, string path)
    {
        if (Shape.Mapping(node, path, "a step", mistakes) is not { } mapping)
        {
            return;
        }

        switch (mapping.Entries.Select(entry => entry.Name).FirstOrDefault(name => Verbs.Contains(name)))
        {
            case "event":
                Event(mapping, path);
                break;
            case "identify":
                Identify(node, path);
                break;
            case "consent":
                Consent(node, path);
                break;
            case "response":
                Response(node, path);
                break;
            case "ask" or "expect":
                if (Fields.Of(node, path, TestLanguage.Look, mistakes) is { } look)
                {
                    Look(node.Place, path, look["at"], look["ask"], look["expect"]);
                }

                break;
            default:
                mistakes.Add(FindingRules.MissingKey, node.Place, path, $"a step says what happens or what must be so; write one of {Cures.List(Verbs)}");
                break;
        }
    }

    private void Event(WrittenNode.Mapping mapping, string path)
    {
        var named = mapping.Entries.First(entry => entry.Name == "event").Value;
        if (Literals.Text(named, $"{path}.event", mistakes) is not { } name
            || !TestNames.Check(name, names.Events, "event", named.Place, $"{path}.event", mistakes))
        {
            return;
        }

        // Declared properties stand beside the verb, others under `properties`: a slip of the pen is then no new property.
        var definition = names.Strategy.Events[name];
        if (Fields.Of(mapping, path, names.EventKeys(definition), mistakes) is not { } fields)
        {
            return;
        }

        var times = fields.Whole("times") ?? 1;
        var every = fields.Duration("every");
        if (every is not null && !fields.Has("times"))
        {
            mistakes.Add(fields.PlaceOf("every"), fields.PathOf("every"), "`every` says how far apart several events are; write `times` beside it");
        }

        if (At(fields, fields.Flag("late") ?? false) is not { } at)
        {
            return;
        }

        var properties = TestValues.Map(mapping.Entries.Where(entry => !TestLanguage.AnyEvent.Names.Contains(entry.Name)), definition.Properties, time)
            .Merge(Free(fields, "properties", definition.Properties));
        var context = Situation(fields);
        for (var i = 0; i < times; i++)
        {
            if (i > 0 && every is { } step)
            {
                at += step;
                time.Now = at > time.Now ? at : time.Now;
            }

            Happens(fields.Place, EventType.Track, name, at, properties, context);
        }
    }

    private void Identify(WrittenNode node, string path)
    {
        if (Fields.Of(node, path, TestLanguage.Identify, mistakes) is not { } fields || At(fields) is not { } at)
        {
            return;
        }

        var known = fields["identify"] is { } traits ? Shape.Mapping(traits, fields.PathOf("identify"), "attributes of the profile", mistakes) : null;
        if (known is not null)
        {
            Happens(fields.Place, EventType.Identify, "", at, TestValues.Map(known.Entries, names.Strategy.Profile, time), Situation(fields));
        }
    }

    private void Consent(WrittenNode node, string path)
    {
        if (Fields.Of(node, path, TestLanguage.Consent, mistakes) is not { } fields
            || fields.Text("consent") is not { } purpose
            || !TestNames.Check(purpose, names.Purposes, "purpose", fields["consent"]!.Place, fields.PathOf("consent"), mistakes)
            || At(fields) is not { } at)
        {
            return;
        }

        var name = fields.Word("status") switch
        {
            "denied" => EventNames.ConsentDenied,
            "revoked" => EventNames.ConsentRevoked,
            _ => EventNames.ConsentGranted,
        };
        var channels = AskReader.Texts(fields["channel"], fields.PathOf("channel"), mistakes)
            .Where(channel => TestNames.Check(channel.Text, names.Channels.Add(ConsentState.AnyChannel), "channel", channel.Place, fields.PathOf("channel"), mistakes))
            .Select(channel => channel.Text);
        foreach (var channel in fields.Has("channel") ? channels : [ConsentState.AnyChannel])
        {
            Happens(fields.Place, EventType.Track, name, at, PropertyMap.Of(("purpose", Value.Of(purpose)), ("channel", Value.Of(channel))), PropertyMap.Empty);
        }
    }

    private void Response(WrittenNode node, string path)
    {
        if (Fields.Of(node, path, TestLanguage.Response, mistakes) is not { } fields
            || fields.Text("response") is not { } action
            || !TestNames.Check(action, names.Actions, "action", fields["response"]!.Place, fields.PathOf("response"), mistakes)
            || fields.Require("outcome") is null
            || fields.Word("outcome") is not { } outcome
            || At(fields) is not { } at)
        {
            return;
        }

        var response = new ActionResponse(
            "", "", "", action, "", fields.Text("channel") ?? "", fields.Text("placement") ?? "",
            Enum.Parse<Outcome>(outcome.Replace("_", "", StringComparison.Ordinal), ignoreCase: true),
            Behaviour.Unspecified, fields.Number("reward") ?? 0);
        Happens(fields.Place, EventType.Response, "", at, PropertyMap.Empty, PropertyMap.Empty, response);
    }

    private DateTimeOffset? At(Fields fields, bool mayBeLate = false) => time.At(fields["at"], fields.Place, fields.PathOf("at"), mayBeLate, mistakes);

    private PropertyMap Situation(Fields fields) => AskReader.Situation(fields, "channel", time);

    private PropertyMap Free(Fields fields, string key, ImmutableArray<PropertyType> declared) =>
        fields[key] is { } node && Shape.Mapping(node, fields.PathOf(key), "properties", mistakes) is { } mapping
            ? TestValues.Map(mapping.Entries, declared, time)
            : PropertyMap.Empty;

    private void Happens(Place place, EventType type, string name, DateTimeOffset at, PropertyMap properties, PropertyMap context, ActionResponse? response = null)
    {
        var received = time.Now ?? at;
        Add(new TestStep.Happens(place, received, new CustomerEvent($"step-{_steps.Count}", type, name, at, received, properties, context, response)));
    }

    private void Add(TestStep step)
    {
        if (_steps.Count == Limits.TestStepsMax)
        {
            mistakes.Add(FindingRules.Limit, step.Place, "tests", $"a test has more than {Limits.TestStepsMax} steps, repetitions counted; take fewer `times`");
        }

        if (_steps.Count <= Limits.TestStepsMax)
        {
            _steps.Add(step);
        }
    }
}
