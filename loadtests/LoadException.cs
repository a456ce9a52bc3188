namespace Decisioning.LoadTests;

/// <summary>Something that whoever started the load can cure; the message says how.</summary>
internal sealed class LoadException(string message, int exitCode = LoadException.Unreachable) : Exception(message)
{
    /// <summary>All was answered as it must be.</summary>
    public const int Well = 0;

    /// <summary>Something was answered otherwise than it must be.</summary>
    public const int Wrong = 1;

    /// <summary>The command is not understood, or the engine refuses the caller.</summary>
    public const int Refused = 2;

    /// <summary>The engine could not be reached or started.</summary>
    public const int Unreachable = 3;

    /// <summary>How the program ends.</summary>
    public int ExitCode { get; } = exitCode;
}
