namespace Decisioning.Engine.Policies;

/// <summary>The time a budget is for.</summary>
public enum BudgetPeriod : byte
{
    /// <summary>A day.</summary>
    Day = 1,

    /// <summary>A week from Monday.</summary>
    Week = 2,

    /// <summary>A calendar month.</summary>
    Month = 3,

    /// <summary>A quarter of a calendar year.</summary>
    Quarter = 4,

    /// <summary>A calendar year.</summary>
    Year = 5,
}

/// <summary>How a budget is spent over its time.</summary>
public enum BudgetPacing : byte
{
    /// <summary>Evenly: no day gets more than its share and what days before left over.</summary>
    Even = 1,

    /// <summary>As fast as offers cost it.</summary>
    Fast = 2,
}

/// <summary>The money a strategy may spend. Periods are in the strategy's time zone.</summary>
/// <param name="Amount">How much per period, above 0.</param>
/// <param name="Currency">Its currency, three letters (ISO 4217).</param>
/// <param name="Per">The period.</param>
/// <param name="Pacing">How it is spent.</param>
public sealed record BudgetPlan(double Amount, string Currency, BudgetPeriod Per, BudgetPacing Pacing);
