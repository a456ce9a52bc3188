using System.Diagnostics;

namespace Decisioning.Storage.Tests.Sqlite;

/// <summary>A disk of a few megabytes in memory, mounted for one test. Only the administrator of a Linux machine may mount.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    /// <summary>A new disk; skips the test where none can be mounted.</summary>
    public static SmallDisk Mount(int megabytes)
    {
        Assert.SkipWhen(!OperatingSystem.IsLinux() || Environment.UserName != "root", "only root on Linux may mount a disk");
        var path = Directory.CreateTempSubdirectory("decisioning-disk-").FullName;
        if (Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "decisioning-test", path) != 0)
        {
            Directory.Delete(path);
            Assert.Skip("no disk can be mounted here");
        }

        return new(path);
    }

    public void MakeReadOnly() => Assert.Equal(0, Run("mount", "-o", "remount,ro", Path));

    public void Dispose()
    {
        Run("umount", Path);
        Directory.Delete(Path);
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}
