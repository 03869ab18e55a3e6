using System.Diagnostics;

namespace KeypointMl.Testing;

/// <summary>Named pipes, which nobody writes to: opening one waits for ever.</summary>
internal static class Pipes
{
    public static string Make(TemporaryFolder folder, string name)
    {
        RequireLinux();
        string path = folder[name];
        using Process make = Process.Start("mkfifo", [path]);
        make.WaitForExit();
        Assert.AreEqual(0, make.ExitCode);
        return path;
    }

    public static void RequireLinux()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Inconclusive("Skipped: needs Linux.");
    }
}
