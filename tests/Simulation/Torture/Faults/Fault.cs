namespace Decisioning.Simulation.Tests.Torture.Faults;

/// <summary>Something that happens to a store while an engine uses it, and ends again.</summary>
/// <param name="name">Its name on the command line.</param>
internal abstract class Fault(string name)
{
    public string Name { get; } = name;

    /// <summary>Whether no event can be kept while it lasts: then callers must be refused with a retry delay.</summary>
    public virtual bool StopsEvents => true;

    /// <summary>How long it lasts.</summary>
    public virtual TimeSpan Lasts => TimeSpan.FromSeconds(3);

    /// <summary>Whether it can be seen to have happened; asked when it is over.</summary>
    public virtual bool Happened => true;

    public abstract Task BeginAsync();

    public abstract Task EndAsync();
}
