namespace Decisioning.LoadTests.Tests;

public sealed class LoadOptionsTests
{
    [Theory]
    [InlineData("--target", "engine.example.com:5001", "engine.example.com is not this machine")]
    [InlineData("--target", "10.1.2.3:5001", "10.1.2.3 is not this machine")]
    [InlineData("--target", "0.0.0.0:5001", "0.0.0.0 is not this machine")]
    [InlineData("--target", "nonsense", "it must be HOST:PORT")]
    [InlineData("--target", "ftp://127.0.0.1:21", "it must be HOST:PORT")]
    [InlineData("--rate", "0", "it must be 1 to 1000000")]
    [InlineData("--rate", "fast", "it must be 1 to 1000000")]
    [InlineData("--customers", "-1", "it must be 1 to 10000000")]
    [InlineData("--store", "redis", "it must be sqlite or postgres")]
    [InlineData("--colour", "red", "`--colour` is not an option")]
    public void What_cannot_be_meant_is_refused_with_the_cure(string name, string value, string told)
    {
        var refused = Assert.Throws<LoadException>(() => LoadOptions.Read([name, value]));

        Assert.Contains(told, refused.Message, StringComparison.Ordinal);
        Assert.Equal(2, refused.ExitCode);
    }

    [Fact]
    public void An_option_without_its_value_is_refused() => Assert.Throws<LoadException>(() => LoadOptions.Read(["--rate"]));

    [Theory]
    [InlineData("127.0.0.1:5001")]
    [InlineData("localhost:5001")]
    [InlineData("[::1]:5001")]
    [InlineData("https://127.0.0.1:5001")]
    public void This_machine_may_be_loaded(string target) => Assert.Equal(5001, LoadOptions.Read(["--target", target]).Target!.Port);

    [Fact]
    public void Another_machine_may_be_loaded_when_it_is_meant() =>
        Assert.Equal("engine.example.com", LoadOptions.Read(["--remote", "--target", "engine.example.com:5001"]).Target!.Host);
}
