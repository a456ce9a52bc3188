using Decisioning.Engine.Decisions;
using Decisioning.Engine.Expressions.Analysis;

namespace Decisioning.Engine.Timing;

/// <summary>A term that tests read. One for all tests of a strategy that read it, so that it is read once per look.</summary>
/// <param name="Index">Its place among the terms of the strategy.</param>
/// <param name="Reader">Reads it.</param>
internal sealed record TimedTerm(int Index, TermReader<Facts> Reader);
