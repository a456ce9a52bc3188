using System.Diagnostics;

namespace Decisioning.Simulation.Tests.Torture.Faults;

/// <summary>A file system in memory that is soon full. Only root may make one.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string folder) => Folder = folder;

    /// <summary>Where it is.</summary>
    public string Folder { get; }

    private string Ballast => Path.Combine(Folder, "ballast");

    /// <summary>Makes one; null where that is not allowed.</summary>
    /// <param name="megabytes">What fits on it.</param>
    /// <param name="owner">Whose it is.</param>
    public static SmallDisk? TryMount(int megabytes, string owner = "root")
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
        {
            return null;
        }

        var folder = Directory.CreateTempSubdirectory("decisioning-disk-").FullName;
        if (Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", folder) && Run("chown", $"{owner}:", folder))
        {
            return new(folder);
        }

        Directory.Delete(folder);
        return null;
    }

    /// <summary>Takes all the room there is.</summary>
    public void Fill()
    {
        using var file = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 1);
        var (block, size) = (new byte[64 * 1024], 64 * 1024);
        while (size > 0)
        {
            try
            {
                file.Write(block, 0, size);
            }
            catch (IOException)
            {
                size /= 2;
            }
        }
    }

    /// <summary>Gives it back.</summary>
    public void Free() => File.Delete(Ballast);

    public void Dispose()
    {
        // What still has a file open keeps it until it ends; the folder is free at once.
        Run("umount", "-l", Folder);
        Directory.Delete(Folder);
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
