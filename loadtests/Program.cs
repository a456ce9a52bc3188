using Decisioning.LoadTests;
using Decisioning.LoadTests.Engine;

return args is [EngineHost.Verb, .. var settings] ? await EngineHost.RunAsync(settings) : await LoadCommand.RunAsync(args);
