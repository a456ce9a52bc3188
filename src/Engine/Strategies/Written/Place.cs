namespace Decisioning.Engine.Strategies.Written;

/// <summary>A place in a strategy's files. Line and column from 1; columns count UTF-16 units, as editors do.</summary>
internal readonly record struct Place(string File, int Line, int Column);
