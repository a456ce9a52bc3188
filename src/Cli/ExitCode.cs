namespace Decisioning.Cli;

/// <summary>How a command ended, for scripts.</summary>
internal static class ExitCode
{
    /// <summary>All went well.</summary>
    public const int Ok = 0;

    /// <summary>It ran to its end, but something in the data or strategy was refused.</summary>
    public const int Refused = 1;

    /// <summary>The command, a file's name or a mapping is wrong; nothing was done.</summary>
    public const int Usage = 2;

    /// <summary>The engine could not be reached, or was lost on the way.</summary>
    public const int Unreachable = 3;

    /// <summary>Something is wrong in the command line itself.</summary>
    public const int Bug = 70;

    /// <summary>It was stopped by Ctrl-C or a signal.</summary>
    public const int Stopped = 130;
}
