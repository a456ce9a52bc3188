namespace Decisioning.Storage.Tests.Sqlite;

/// <summary>A fixture written by each schema is read by every later build. Never change one; add one with each new schema, or `schema-N-what` for what came without one.</summary>
public sealed class FixtureTests
{
    public static TheoryData<string> Schemas =>
        [.. Directory.GetDirectories(Path.Combine(AppContext.BaseDirectory, "fixtures")).Select(folder => Path.GetFileName(folder)!).Order()];

    [Theory, MemberData(nameof(Schemas))]
    public async Task A_database_of_an_earlier_build_reads_as_it_was_written(string schema)
    {
        var source = Path.Combine(AppContext.BaseDirectory, "fixtures", schema);
        using var test = new TestStore();
        Directory.CreateDirectory(test.Folder);
        File.Copy(Path.Combine(source, "decisioning.db"), test.Database);
        using var store = test.Open();

        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(source, Fixture.Contents)), await Fixture.DescribeAsync(store));
    }

    [Fact]
    public void Every_schema_has_a_fixture() =>
        Assert.Equal(Enumerable.Range(1, Storage.Sqlite.SchemaMigrator.Newest).Select(schema => $"schema-{schema}"), Schemas.Select(row => row.Data).Where(schema => schema.Count(c => c == '-') == 1));
}
