using Decisioning.Tests.Shared;

namespace Decisioning.Clients.Tests;

public sealed class PatienceTests
{
    private const int Events = 45;

    [Fact]
    public async Task What_Segments_library_sent_while_the_engine_was_down_is_there_once_it_is_up_again()
    {
        var engine = new ClientEngine();
        await engine.InitializeAsync();
        await using (engine)
        {
            await engine.StopAsync();
            var sending = ForeignClients.NodeAsync(ClientEngine.Node + "/patience.js", engine.Http, engine.SecretKey, "patient", $"{Events}");
            await engine.StartAsync();
            var run = await sending;

            Assert.True(run.ExitCode == 0, run.Output);
            Assert.Equal(["delivered"], run.Held);
            Assert.Equal(Events, (await engine.UserAsync("patient")).Sequence);
        }
    }
}
