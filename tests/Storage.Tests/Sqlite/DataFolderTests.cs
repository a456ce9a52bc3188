using Decisioning.Storage.Sqlite;

namespace Decisioning.Storage.Tests.Sqlite;

public sealed class DataFolderTests : IDisposable
{
    private readonly TestStore _test = new();

    [Fact]
    public void Two_engines_on_one_folder_are_refused_with_the_folder_and_the_cure()
    {
        using var first = _test.Open();

        var refusal = Assert.Throws<StoreRefusedException>(() => _test.Open());

        Assert.Contains(_test.Folder, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("stop that one or choose another folder", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_free_again_after_it_was_closed()
    {
        _test.Open().Dispose();
        _test.Open().Dispose();
    }

    [Fact]
    public void A_newer_schema_is_refused_and_left_alone()
    {
        _test.Open().Dispose();
        _test.Execute($"INSERT INTO schema_version (version, name) VALUES ({SchemaMigrator.Newest + 1}, '9999_future')");
        var before = _test.Bytes();

        var refusal = Assert.Throws<StoreRefusedException>(() => _test.Open());

        Assert.Contains($"has schema {SchemaMigrator.Newest + 1}, this program knows schemas up to {SchemaMigrator.Newest}", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, _test.Bytes());
    }

    [Fact]
    public void A_database_of_another_program_is_refused_and_left_alone()
    {
        Directory.CreateDirectory(_test.Folder);
        _test.Execute("CREATE TABLE theirs (id INTEGER)");
        var before = _test.Bytes();

        Assert.Contains("of another program", Assert.Throws<StoreRefusedException>(() => _test.Open()).Message, StringComparison.Ordinal);
        Assert.Equal(before, _test.Bytes());
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_and_left_alone()
    {
        Directory.CreateDirectory(_test.Folder);
        File.WriteAllBytes(_test.Database, Enumerable.Repeat((byte)'x', 8192).ToArray());
        var before = _test.Bytes();

        Assert.Contains("damaged or not a database", Assert.Throws<StoreRefusedException>(() => _test.Open()).Message, StringComparison.Ordinal);
        Assert.Equal(before, _test.Bytes());
    }

    [Fact]
    public void A_path_that_is_a_file_is_refused()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_test.Folder)!);
        File.WriteAllText(_test.Folder, "");
        try
        {
            Assert.Contains(_test.Folder, Assert.Throws<StoreRefusedException>(() => _test.Open()).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(_test.Folder);
        }
    }

    [Fact]
    public void A_folder_with_other_files_and_no_database_is_refused_and_left_alone()
    {
        Directory.CreateDirectory(_test.Folder);
        File.WriteAllText(Path.Combine(_test.Folder, "thesis.txt"), "years of work");
        var before = _test.Bytes();

        Assert.Contains("holds other files (`thesis.txt`)", Assert.Throws<StoreRefusedException>(() => _test.Open()).Message, StringComparison.Ordinal);
        Assert.Equal(before, _test.Bytes());
    }

    [Fact]
    public void A_folder_that_a_start_left_that_was_cut_short_is_taken()
    {
        Directory.CreateDirectory(_test.Folder);
        File.WriteAllText(Path.Combine(_test.Folder, "decisioning.lock"), "");
        File.WriteAllText(Path.Combine(_test.Folder, ".gitkeep"), "");
        File.WriteAllText(_test.Database, "");

        _test.Open().Dispose();
    }

    public void Dispose() => _test.Dispose();
}
