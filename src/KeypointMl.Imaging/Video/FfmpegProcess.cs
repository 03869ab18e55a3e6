using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using KeypointMl.Imaging.Files;

namespace KeypointMl.Imaging.Video;

/// <summary>A running ffmpeg or ffprobe with piped input and output. What it says on stderr is collected; disposing ends it.</summary>
internal sealed partial class FfmpegProcess : IDisposable
{
    private const int MaxErrorCharacters = 4000;
    private static readonly TimeSpan EndingTime = TimeSpan.FromSeconds(5);

    private readonly Process process;
    private readonly Func<string?, string?>? listener;
    private readonly Thread stderr;
    private readonly StringBuilder errors = new();
    private readonly Timer watchdog;
    private volatile bool isOverdue;

    private FfmpegProcess(Process process, Func<string?, string?>? listener)
    {
        this.process = process;
        this.listener = listener;
        watchdog = new Timer(_ =>
        {
            isOverdue = true;
            Kill();
        });
        // A thread of its own: those of the pool may all be waiting for what it reads.
        stderr = new Thread(ReadErrors) { IsBackground = true, Name = "ffmpeg messages" };
        stderr.Start();
    }

    internal Stream Output => process.StandardOutput.BaseStream;

    internal Stream Input => process.StandardInput.BaseStream;

    /// <summary>Whether it was ended because it took longer than it may.</summary>
    internal bool IsOverdue => isOverdue;

    /// <summary>
    /// What it has complained about so far: one line, possibly empty. The same complaints give the same line, whichever
    /// thread came first and wherever in memory it was.
    /// </summary>
    internal string Errors
    {
        get
        {
            lock (errors)
            {
                string[] lines = MemoryAddress().Replace(errors.ToString(), "")
                    .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                return PrintableText.Of(string.Join("; ", lines.Distinct().Order(StringComparer.Ordinal).Take(5)));
            }
        }
    }

    // ffmpeg names the part that complains by its address: [h264 @ 0x5581c0de]
    [GeneratedRegex(" @ 0x[0-9a-fA-F]+")]
    private static partial Regex MemoryAddress();

    /// <summary>Starts a program.</summary>
    /// <param name="tool">Its name.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="listener">
    /// Takes every line that it says on stderr, and null at the end, and gives what of it is a complaint; null where
    /// all is.
    /// </param>
    internal static FfmpegProcess Start(string tool, IEnumerable<string> arguments, Func<string?, string?>? listener = null)
    {
        var start = new ProcessStartInfo(tool, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        try
        {
            return new FfmpegProcess(Process.Start(start)!, listener);
        }
        catch (Win32Exception error)
        {
            throw new FfmpegNotFoundException(tool, error);
        }
    }

    /// <summary>A file name that ffmpeg takes for nothing else (an option, a protocol).</summary>
    internal static string FileArgument(string path) => "file:" + Path.GetFullPath(path);

    /// <summary>
    /// Ends it when something that is about to be waited for takes longer than it may: what waits sees the end of its
    /// output then. Without a time, waits no more.
    /// </summary>
    internal void Expect(TimeSpan? time) => watchdog.Change(time ?? Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>Waits for it to end by itself, for as long as it may take.</summary>
    internal int WaitForExit(TimeSpan time)
    {
        Expect(time);
        process.WaitForExit();
        stderr.Join(EndingTime);
        Expect(null);
        return process.ExitCode;
    }

    /// <summary>
    /// Whether somebody else ended it: it exits with 255 after SIGINT and SIGTERM (a terminal's Ctrl+C reaches it as it
    /// reaches this process), the runtime gives 128 and the signal's number, and Windows 0xC000013A.
    /// </summary>
    internal static bool WasEnded(int exitCode) => exitCode is 255 or (> 128 and < 128 + 65) or unchecked((int)0xC000013A);

    /// <summary>Whether it ends within a time; it is left alone if not.</summary>
    internal bool EndsWithin(TimeSpan time) => process.WaitForExit(time);

    /// <summary>Ends it.</summary>
    internal void Kill()
    {
        try
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It ended between the question and the kill.
        }
    }

    public void Dispose()
    {
        Kill();
        // One that waits for a disk that is gone cannot be ended; it is not waited for.
        process.WaitForExit(EndingTime);
        stderr.Join(EndingTime);
        watchdog.Dispose();
        process.Dispose();
    }

    private void ReadErrors()
    {
        try
        {
            while (process.StandardError.ReadLine() is { } line)
                AddError(listener is null ? line : listener(line));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // It is being disposed of.
        }
        listener?.Invoke(null);
    }

    private void AddError(string? line)
    {
        lock (errors)
        {
            if (line is not null && errors.Length < MaxErrorCharacters)
                errors.Append(line).Append('\n');
        }
    }
}
