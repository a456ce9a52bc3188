using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Written;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>The section <c>budget</c>.</summary>
internal static partial class BudgetSection
{
    private const double AmountMax = 1e12;
    private const string CurrencyPattern = "^[A-Z]{3}$";

    private static readonly ImmutableArray<(string Name, BudgetPeriod Period)> Periods =
        [("day", BudgetPeriod.Day), ("week", BudgetPeriod.Week), ("month", BudgetPeriod.Month), ("quarter", BudgetPeriod.Quarter), ("year", BudgetPeriod.Year)];

    private static readonly ImmutableArray<(string Name, BudgetPacing Pacing)> Pacings = [("even", BudgetPacing.Even), ("fast", BudgetPacing.Fast)];

    public static KeyTable Keys { get; } = new(
        "the budget",
        new("amount", Take.Number(0, AmountMax), "How much may be spent per period.", "write how much, such as `amount: 12000`"),
        new("currency", Take.Form(CurrencyPattern), "The currency of the amount and of all costs and values.", "write the currency, such as `currency: EUR`"),
        new("per", Take.OneOf(Periods.Select(period => period.Name)), "The period, in the strategy's time zone.", "write in what time, such as `per: month`"),
        new("pacing", Take.OneOf(Pacings.Select(pacing => pacing.Name)), "Whether it is spent evenly over the period or as fast as offers cost it; `even` unless written."));

    public static BudgetPlan? Compile(WrittenNode? node, Mistakes mistakes)
    {
        if (node is null || Fields.Of(node, "budget", Keys, mistakes) is not { } fields)
        {
            return null;
        }

        var amount = fields.Require("amount") is null ? null : fields.Number("amount");
        var currency = fields.Require("currency") is null ? null : fields.Text("currency");
        if (currency is not null && !CurrencyForm().IsMatch(currency))
        {
            mistakes.Add(fields["currency"]!.Place, fields.PathOf("currency"), $"`{Shape.Short(currency)}` is not a currency; write its three letters, such as `EUR`");
        }

        var per = fields.Require("per") is not null && fields.Word("per") is { } word ? Periods.First(period => period.Name == word).Period : BudgetPeriod.Month;
        var pacing = fields.Word("pacing") is { } pace ? Pacings.First(known => known.Name == pace).Pacing : BudgetPacing.Even;
        return amount is null || currency is null ? null : new(amount.Value, currency, per, pacing);
    }

    [GeneratedRegex(CurrencyPattern, RegexOptions.NonBacktracking)]
    private static partial Regex CurrencyForm();
}
