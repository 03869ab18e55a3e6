using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace KeypointMl.Data;

/// <summary>A running ffmpeg or ffprobe with piped input and output. What it says on stderr is collected; disposing ends it.</summary>
internal sealed partial class FfmpegProcess : IDisposable
{
    private const int MaxErrorCharacters = 4000;

    private readonly Process process;
    private readonly StringBuilder errors = new();

    private FfmpegProcess(Process process)
    {
        this.process = process;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (errors)
            {
                if (line.Data is not null && errors.Length < MaxErrorCharacters)
                    errors.AppendLine(line.Data);
            }
        };
        process.BeginErrorReadLine();
    }

    internal Stream Output => process.StandardOutput.BaseStream;

    internal Stream Input => process.StandardInput.BaseStream;

    /// <summary>What it has complained about so far: one line, possibly empty. The same complaints give the same line, whichever thread came first and wherever in memory it was.</summary>
    internal string Errors
    {
        get
        {
            lock (errors)
                return string.Join("; ", MemoryAddress().Replace(errors.ToString(), "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct().Order(StringComparer.Ordinal).Take(5));
        }
    }

    // ffmpeg names the part that complains by its address: [h264 @ 0x5581c0de]
    [GeneratedRegex(" @ 0x[0-9a-fA-F]+")]
    private static partial Regex MemoryAddress();

    internal static FfmpegProcess Start(string tool, IEnumerable<string> arguments)
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
            return new FfmpegProcess(Process.Start(start)!);
        }
        catch (Win32Exception error)
        {
            throw new FfmpegNotFoundException(tool, error);
        }
    }

    /// <summary>A file name that ffmpeg takes for nothing else (an option, a protocol).</summary>
    internal static string FileArgument(string path) => "file:" + Path.GetFullPath(path);

    /// <summary>Waits for it to end by itself.</summary>
    internal int WaitForExit()
    {
        process.WaitForExit();
        return process.ExitCode;
    }

    public void Dispose()
    {
        try
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
        catch (InvalidOperationException)
        {
            // It ended between the question and the kill.
        }
        process.Dispose();
    }
}
