namespace Decisioning.LoadTests.Tests;

/// <summary>Stands for the tests of the load tests where these are not built.</summary>
public sealed class NotBuiltTests
{
    [Fact(Skip = "loadtests/ is built by tests with fallback/NBomber alone: set NBomberPackages=fallback")]
    public void Load_tests_are_tested()
    {
    }
}
