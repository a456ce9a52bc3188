using Decisioning.Contracts;
using Decisioning.Grains.Tests.Support;

namespace Decisioning.Grains.Tests;

[Collection(typeof(SharedEngine))]
public sealed class GrainReferencesTests(TestEngine engine)
{
    private readonly GrainReferences<ICustomerGrain> _references = new(engine.Grains);

    [Theory]
    [InlineData("shop/u/ann")]
    [InlineData("shop/a/käse+1/2")]
    public void A_reference_is_of_the_grain_that_the_runtime_finds_by_the_interface(string key) =>
        Assert.Equal(engine.Grains.GetGrain<ICustomerGrain>(key), _references.Of(key));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void An_empty_key_is_refused(string key) => Assert.Throws<ArgumentException>(() => _references.Of(key));
}
