namespace Decisioning.Engine.Strategies.Linting;

/// <summary>Looks for one kind of thing that is hardly meant, in a strategy without errors.</summary>
internal interface ILintCheck
{
    /// <summary>Reports what it finds to the context.</summary>
    void Run(LintContext strategy);
}
