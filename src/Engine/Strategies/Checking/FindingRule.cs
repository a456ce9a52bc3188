namespace Decisioning.Engine.Strategies.Checking;

/// <summary>One kind of finding. Authors look its id up in the manual.</summary>
/// <param name="Id">Its id: lower case with hyphens, never changed once published.</param>
/// <param name="Severity">How bad every finding of the kind is.</param>
/// <param name="Meaning">What it says of the strategy, as the manual has it.</param>
internal sealed record FindingRule(string Id, Severity Severity, string Meaning);
