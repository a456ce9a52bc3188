namespace Decisioning.Engine.Expressions.Checking;

/// <summary>Walks over checked trees.</summary>
internal static class BoundParts
{
    /// <summary>
    /// Whether the length of the text does not bound the work: the tree walks over something, names a value, matches a pattern, or calls a function whose result grows.
    /// </summary>
    public static bool CountsSteps(this Bound node) =>
        node is Comprehension or Binding or PatternMatch or Invocation { Overload.Grows: true }
        || (node is DynamicInvocation call && call.Candidates.Any(candidate => candidate.Grows))
        || node.Parts().Any(CountsSteps);

    /// <summary>What a node is made of.</summary>
    public static IEnumerable<Bound> Parts(this Bound node) => node switch
    {
        Converted converted => [converted.Inner],
        Invocation call => call.Arguments,
        DynamicInvocation call => call.Arguments,
        DeclaredInvocation call => call.Arguments,
        PatternMatch match => match.Written is null ? [match.Text] : [match.Text, match.Written],
        Logical logical => [logical.Left, logical.Right],
        Negation negation => [negation.Operand],
        Choice choice => [choice.Condition, choice.Then, choice.Else],
        Ordering ordering => [ordering.Left, ordering.Right],
        Equality equality => [equality.Left, equality.Right],
        NullTest test => [test.Operand],
        Membership membership => [membership.Item, membership.Range],
        Lookup lookup => [lookup.Target, lookup.Key],
        Presence presence => [presence.Target, presence.Key],
        ListBuilding list => list.Items,
        MapBuilding map => map.Entries.SelectMany(entry => new[] { entry.Key, entry.Value }),
        Comprehension walk => walk.Filter is null ? [walk.Range, walk.Body] : [walk.Range, walk.Filter, walk.Body],
        Binding binding => [binding.Value, binding.Body],
        _ => [],
    };
}
