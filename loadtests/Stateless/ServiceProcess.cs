using Decisioning.LoadTests.Engine;

namespace Decisioning.LoadTests.Stateless;

/// <summary>The stateless service in a process of its own.</summary>
/// <param name="arguments">Its command line, but for the port.</param>
/// <param name="log">The file that what it says is added to.</param>
internal sealed class ServiceProcess(IEnumerable<string> arguments, string log) : ServerProcess("the stateless service", ServiceHost.Verb, arguments, log);
