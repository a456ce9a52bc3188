using System.Globalization;
using Decisioning.V1;

namespace Decisioning.Cli.Printing;

/// <summary>Prints what came out otherwise than it was.</summary>
internal static class ReplayPrinter
{
    public static void Print(CustomerDifference customer)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Visible.Text(Connection.Id(customer.Customer))}  sequence {customer.Sequence}"));
        Print(customer.Differences, "held", "by the log");
    }

    public static void Print(DecisionReplay decision)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Visible.Text(Connection.Id(decision.Customer))}  {decision.DecisionId}  {decision.DecidedAt.ToDateTimeOffset():yyyy-MM-dd HH:mm:ss'Z'}  sequence {decision.Sequence}  strategy v{decision.StrategyVersion}"));
        if (decision.Why.Length > 0)
        {
            Console.WriteLine($"  cannot be made again: {Visible.Text(decision.Why)}");
        }

        Print(decision.Differences, "recorded", "again");
    }

    private static void Print(IEnumerable<Difference> differences, string was, string now)
    {
        foreach (var difference in differences)
        {
            Console.WriteLine($"  {Visible.Text(difference.Name)}: {was} {Shown(difference.Recorded)}, {now} {Shown(difference.Again)}");
        }
    }

    private static string Shown(string value) => value.Length == 0 ? "nothing" : $"`{Visible.Text(value)}`";
}
