using Decisioning.Engine.Policies;
using Decisioning.Engine.Strategies.Checking;

namespace Decisioning.Engine.Strategies.Linting;

/// <summary>Caps that never bind: nothing they count is offered, more is allowed than is remembered, or another cap is stricter throughout.</summary>
internal sealed class CapsCheck : ILintCheck
{
    public void Run(LintContext strategy)
    {
        var caps = strategy.Strategy.Caps;
        foreach (var cap in caps)
        {
            if (cap.Channel is not null && !strategy.Strategy.Actions.Any(action => action.Treatments.Any(treatment => treatment.Channel == cap.Channel)))
            {
                strategy.Report(FindingRules.CapNeverReached, cap.Path, $"nothing is offered on the channel `{cap.Channel}`; leave the cap out, or name the channel that is meant");
            }
            else if (cap.AtMost >= Limits.ContactsPerCustomerMax)
            {
                strategy.Report(FindingRules.CapNeverReached, cap.Path,
                    $"{cap.AtMost} are as good as never reached: of one customer the last {Limits.ContactsPerCustomerMax} contacts are remembered; allow fewer");
            }
            else if (caps.FirstOrDefault(other => other != cap && Covers(other, cap)) is { } stricter)
            {
                var place = strategy.PlaceOf(stricter.Path);
                strategy.Report(FindingRules.CapNeverReached, cap.Path,
                    $"the cap at {place.File}:{place.Line} is reached first: at most {stricter.AtMost} in {Literals.Print(stricter.Within)} of {Word(stricter.Scope)}; leave this one out, or allow less here");
            }
        }
    }

    /// <summary>Whether, wherever one cap is reached, another one has been before. Of two equal ones the later is idle.</summary>
    private static bool Covers(ContactCap strict, ContactCap idle) =>
        strict.Outcome == idle.Outcome && Holds(strict.Scope, idle.Scope) && (strict.Channel is null || strict.Channel == idle.Channel)
        && strict.AtMost <= idle.AtMost && strict.Within >= idle.Within
        && ((strict.Scope, strict.Channel, strict.AtMost, strict.Within) != (idle.Scope, idle.Channel, idle.AtMost, idle.Within) || string.CompareOrdinal(strict.Path, idle.Path) < 0);

    /// <summary>Whether what is counted together by one scope holds all that is counted together by another.</summary>
    private static bool Holds(CapScope wide, CapScope narrow) =>
        wide == narrow || wide == CapScope.All || (wide < narrow && narrow != CapScope.Channel);

    private static string Word(CapScope scope) => scope.ToString().ToLowerInvariant();
}
