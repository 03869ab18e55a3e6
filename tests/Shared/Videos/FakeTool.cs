namespace KeypointMl.Testing;

/// <summary>
/// A script in the place of ffmpeg or ffprobe. It changes the PATH of the whole process: tests that use it run alone.
/// </summary>
internal sealed class FakeTool : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string path = Environment.GetEnvironmentVariable("PATH") ?? "";

    /// <param name="tool"><c>ffmpeg</c> or <c>ffprobe</c>, which must be there.</param>
    /// <param name="script">What a shell does instead; <c>$real</c> is the real program. Its version is asked of that.</param>
    public FakeTool(string tool, string script)
    {
        if (OperatingSystem.IsWindows())
            throw new AssertInconclusiveException("The script is one of a Unix shell.");
        string real = path.Split(':').Select(place => Path.Combine(place, tool)).First(File.Exists);
        string file = folder.Write(tool, $"#!/bin/sh\nreal='{real}'\n[ \"$1\" = -version ] && exec \"$real\" \"$@\"\n{script}\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Environment.SetEnvironmentVariable("PATH", $"{folder.Path}:{path}");
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("PATH", path);
        folder.Dispose();
    }
}
