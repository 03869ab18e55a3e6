using System.Diagnostics;

namespace KeypointMl.Cli.Tests;

/// <summary>A file system in memory that can be full or read-only. Needs root.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const long RoomBytes = 64 * 1024;

    public SmallDisk(string path)
    {
        Path = path;
        Directory.CreateDirectory(path);
        Run("mount", "-t", "tmpfs", "-o", "size=2g", "tmpfs", path);
    }

    public string Path { get; }

    private string Filler => System.IO.Path.Combine(Path, "filler");

    /// <summary>Leaves room for a little more.</summary>
    public void FillUp()
    {
        long free = new DriveInfo(Path).AvailableFreeSpace - RoomBytes;
        Run("fallocate", "-l", $"{free}", Filler);
    }

    public void MakeRoom() => File.Delete(Filler);

    public void MakeReadOnly() => Run("mount", "-o", "remount,ro", Path);

    public void MakeWritable() => Run("mount", "-o", "remount,rw", Path);

    public void Dispose() => Run("umount", Path);

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, $"{program} {string.Join(' ', arguments)}");
    }
}
