using System.Globalization;

namespace Decisioning.Benchmarks.Micro;

/// <summary>The quick table of all small parts, kept and compared: <c>bench [--save FILE] [--compare FILE]</c>.</summary>
internal static class MicroBench
{
    // Few calls, since the table is to be quick: `bench grain` makes many.
    private const int GrainCallsEach = 2_000;
    private const int GrainRounds = 10;

    public static async Task<int> RunAsync(string[] args)
    {
        string? save = null, compare = null;
        for (var i = 0; i < args.Length; i += 2)
        {
            switch (args[i])
            {
                case "--save" when i + 1 < args.Length:
                    save = args[i + 1];
                    break;
                case "--compare" when i + 1 < args.Length:
                    compare = args[i + 1];
                    break;
                default:
                    Console.Error.WriteLine($"`{args[i]}` is not understood; write `bench [--save FILE] [--compare FILE]`, or `bench NAME…` for one of the long ones");
                    return 2;
            }
        }

        // Read first: nobody waits two minutes to be told that there is no such file.
        IReadOnlyList<MicroResult>? known = null;
        try
        {
            known = compare is null ? null : StoredRun.Read(compare);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(e.Message);
            return 2;
        }

        var allocations = await Allocations.MeasureAsync();
        Console.WriteLine("| operation | ns | B allocated |\n|---|---:|---:|");
        List<MicroResult> results = [];
        foreach (var one in MicroCases.All())
        {
            results.Add(MicroMeasure.Measure(one) with { Bytes = allocations[one.Name] });
            Print(results[^1]);
        }

        // Not kept: what others threads allocate meanwhile is in it.
        foreach (var call in await GrainCalls.RunAsync(GrainCallsEach, GrainRounds))
        {
            Print(new($"grain call: {call.Name}", call.NsPerCall, call.BytesPerCall));
        }

        if (save is not null)
        {
            StoredRun.Write(save, results);
        }

        if (known is null)
        {
            return 0;
        }

        var (lines, isWorse) = StoredRun.Compare(known, results);
        Console.WriteLine("\nAgainst " + compare + ". Bytes tell; times tell only on a machine that does nothing else.\n");
        Console.WriteLine(string.Join('\n', lines));
        return isWorse ? 1 : 0;
    }

    private static void Print(MicroResult result) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {result.Name} | {result.Nanoseconds:N1} | {result.Bytes:N0} |"));
}
