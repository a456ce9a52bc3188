using System.IO.Compression;

namespace Decisioning.Cli.Commands;

/// <summary>Files that commands read.</summary>
internal static class InputFile
{
    /// <summary>Whether it is there and a file; complains if not.</summary>
    public static bool Exists(FileInfo file)
    {
        if (!file.Exists)
        {
            Connection.Complain(Directory.Exists(file.FullName) ? $"`{file}` is a folder; name a file in it" : $"there is no file `{file}`");
        }

        return file.Exists;
    }

    /// <summary>The contents, unpacked if they are gzip, whatever the file's name.</summary>
    public static Stream Unpacked(FileStream file)
    {
        Span<byte> magic = stackalloc byte[2];
        var isGzip = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic[0] == 0x1f && magic[1] == 0x8b;
        file.Position = 0;
        return isGzip ? new GZipStream(file, CompressionMode.Decompress, leaveOpen: true) : file;
    }
}
