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

    private readonly string tool;
    private readonly Process process;
    private readonly Func<string?, string?>? listener;
    private readonly Thread stderr;
    private readonly StringBuilder errors = new();
    private readonly Timer watchdog;
    private volatile bool isOverdue;

    private FfmpegProcess(string tool, Process process, Func<string?, string?>? listener)
    {
        this.tool = tool;
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
    /// <exception cref="FfmpegNotFoundException">It is not installed.</exception>
    /// <exception cref="FfmpegStartException">The system does not start it.</exception>
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
            return new FfmpegProcess(tool, Process.Start(start)!, listener);
        }
        catch (Win32Exception error)
        {
            throw IsMissing(error.NativeErrorCode) ? new FfmpegNotFoundException(tool, error) : new FfmpegStartException(tool, error);
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
    /// reaches this process), the runtime gives 128 and the number of SIGHUP, SIGINT, SIGQUIT, SIGKILL or SIGTERM, and Windows
    /// 0xC000013A. Other signals are its own crashes, and other numbers above 128 its errors since ffmpeg 6.1.
    /// </summary>
    internal static bool WasEnded(int exitCode) => exitCode is 255 or 129 or 130 or 131 or 137 or 143 or unchecked((int)0xC000013A);

    /// <summary>Says that somebody else ended it, where that is so.</summary>
    /// <param name="exitCode">What it exited with.</param>
    /// <param name="path">The video that it read.</param>
    /// <param name="after">After what, with a space before it; empty where it gave nothing yet.</param>
    /// <exception cref="FfmpegEndedException">It was ended from outside.</exception>
    internal void ThrowIfEnded(int exitCode, string path, string after = "")
    {
        if (!WasEnded(exitCode))
            return;
        string errors = Errors;
        throw new FfmpegEndedException(
            $"{PrintableText.Of(path)}: {tool} was ended from outside (a signal; exit code {exitCode}){after}"
            + $"{(errors.Length > 0 ? $" ({tool}: {errors})" : "")}. That says nothing about the video: read it again.");
    }

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

    // ENOENT, which Windows calls ERROR_FILE_NOT_FOUND, and there ERROR_PATH_NOT_FOUND too.
    private static bool IsMissing(int error) => error == 2 || (error == 3 && OperatingSystem.IsWindows());

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
