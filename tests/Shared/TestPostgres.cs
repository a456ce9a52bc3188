using System.Globalization;

namespace Decisioning.Tests.Shared;

/// <summary>
/// The tests' PostgreSQL: started once for the process in a temporary folder when a test first asks for it, or the one that
/// the environment variable DECISIONING_TEST_POSTGRES gives as a connection string. Where there is none the test is skipped,
/// except where the variable CI is set: there it fails.
/// </summary>
internal static class TestPostgres
{
    public const string Variable = "DECISIONING_TEST_POSTGRES";

    // Nothing here outlives the process: syncing would only slow the tests. Tests of what survives start a server of their own.
    private static readonly Lazy<PostgresServer> Started = new(() => PostgresServer.Start(sync: false));

    /// <summary>How to reach it.</summary>
    public static string ConnectionString
    {
        get
        {
            RequireInstalled();
            return Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? given : Started.Value.ConnectionString;
        }
    }

    /// <summary>A name for a schema of a test's own.</summary>
    public static string NewSchema() => "test_" + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);

    /// <summary>Skips the test where there is no PostgreSQL.</summary>
    public static void RequireInstalled()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable)) && PostgresServer.Programs is null)
        {
            const string Reason = $"PostgreSQL is not installed: install it (Debian: postgresql), or give one with {Variable}";
            if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI")))
            {
                Assert.Fail(Reason);
            }

            Assert.Skip(Reason);
        }
    }
}
