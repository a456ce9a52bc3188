using Decisioning.LoadTests;
using Decisioning.LoadTests.Engine;
using Decisioning.LoadTests.Stateless;

if (args is [EngineHost.Verb, .. var settings])
{
    return await EngineHost.RunAsync(settings);
}

if (args is [ServiceHost.Verb, .. var service])
{
    return await ServiceHost.RunAsync(service);
}

// Threads that wait for work spin before they sleep: of a caller on the engine's own cores that is time the engine lacks, half a core
// at 30,000 calls a second. To be said before the first of them starts.
AppContext.SetData("System.Threading.ThreadPool.UnfairSemaphoreSpinLimit", 0);
return await LoadCommand.RunAsync(args);
