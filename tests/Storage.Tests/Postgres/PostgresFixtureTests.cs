using Decisioning.Storage.Postgres;
using Decisioning.Storage.Tests.Sqlite;
using Decisioning.Tests.Shared;

namespace Decisioning.Storage.Tests.Postgres;

/// <summary>A fixture written by each released schema is read by every later build. Never change one; add one with each new schema, or `schema-N-what` for what came without one.</summary>
public sealed class PostgresFixtureTests
{
    /// <summary>The schema of the first release: those before it were never out of the house.</summary>
    private const int First = 3;

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "fixtures-postgres");

    public static TheoryData<string> Schemas => [.. Directory.GetDirectories(Folder).Select(folder => Path.GetFileName(folder)!).Order()];

    [Theory, MemberData(nameof(Schemas))]
    public async Task A_schema_of_an_earlier_build_reads_as_it_was_written(string schema) => Assert.Equal(
        await File.ReadAllTextAsync(Path.Combine(Folder, schema, Fixture.Contents)),
        await PostgresFixture.ReadAsync(TestPostgres.ConnectionString, Path.Combine(Folder, schema)));

    [Fact]
    public void Every_schema_has_a_fixture() =>
        Assert.Equal(Enumerable.Range(First, PostgresMigrator.Newest - First + 1).Select(schema => $"schema-{schema}"), Schemas.Select(row => row.Data).Where(schema => schema.Count(c => c == '-') == 1));
}
