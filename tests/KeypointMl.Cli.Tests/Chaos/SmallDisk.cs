using System.Diagnostics;

namespace KeypointMl.Cli.Tests;

/// <summary>A file system in memory that can be full or read-only. Needs root.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly long room;

    /// <param name="path">Where it is mounted.</param>
    /// <param name="size">As mount understands it.</param>
    /// <param name="room">How many bytes <see cref="FillUp"/> leaves free.</param>
    public SmallDisk(string path, string size = "2g", long room = 64 * 1024)
    {
        this.room = room;
        Path = path;
        Directory.CreateDirectory(path);
        Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", path);
    }

    public string Path { get; }

    private string Filler => System.IO.Path.Combine(Path, "filler");

    /// <summary>Leaves room for a little more.</summary>
    public void FillUp()
    {
        long free = new DriveInfo(Path).AvailableFreeSpace - room;
        Run("fallocate", "-l", $"{free}", Filler);
    }

    public void MakeRoom() => File.Delete(Filler);

    public void MakeReadOnly() => Run("mount", "-o", "remount,ro", Path);

    public void MakeWritable() => Run("mount", "-o", "remount,rw", Path);

    /// <summary>Whether one can be mounted here.</summary>
    public static bool IsPossible(string path)
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
            return false;
        Directory.CreateDirectory(path);
        using var mount = Process.Start(new ProcessStartInfo("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", path])
        {
            RedirectStandardError = true,
        })!;
        mount.WaitForExit();
        if (mount.ExitCode != 0)
            return false;
        Run("umount", path);
        return true;
    }

    public void Dispose() => Run("umount", Path);

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, $"{program} {string.Join(' ', arguments)}");
    }
}
