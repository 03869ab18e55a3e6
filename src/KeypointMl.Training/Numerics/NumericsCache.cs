using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Numerics;

/// <summary>
/// Verdicts of the numerics check that outlive the process: one small JSON file per processor, library versions,
/// instruction set and number of threads, in the user's cache folder or the folder that <c>KEYPOINTML_CACHE</c> names.
/// A file that cannot be read or written costs a check and nothing else.
/// </summary>
internal sealed class NumericsCache(string? folder)
{
    /// <summary>Names the folder; empty: nothing is kept.</summary>
    public const string FolderVariable = "KEYPOINTML_CACHE";

    /// <summary>The number that a change of what is checked, or how, raises.</summary>
    private const int Version = 4;

    /// <summary>The cache of this user.</summary>
    public static NumericsCache OfUser { get; } = new(UserFolder());

    /// <summary>The ways by shape; null where no way passed.</summary>
    public IReadOnlyDictionary<string, ConvolutionWay?> Read(INumericsRuntime runtime, bool oneDnn)
    {
        if (PathOf(runtime, oneDnn) is { } path && File.Exists(path))
        {
            try
            {
                return JsonSerializer.Deserialize<Dictionary<string, ConvolutionWay?>>(File.ReadAllText(path)) ?? [];
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
            {
            }
        }
        return new Dictionary<string, ConvolutionWay?>();
    }

    /// <summary>Adds verdicts.</summary>
    public void Write(INumericsRuntime runtime, bool oneDnn, IEnumerable<KeyValuePair<string, ConvolutionWay?>> verdicts)
    {
        if (PathOf(runtime, oneDnn) is not { } path)
            return;
        var all = new SortedDictionary<string, ConvolutionWay?>(Read(runtime, oneDnn).ToDictionary(), StringComparer.Ordinal);
        foreach ((string shape, ConvolutionWay? way) in verdicts)
            all[shape] = way;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            // Not flushed to the disk: a damaged file is read as none.
            string temporary = $"{path}.{Environment.ProcessId}";
            try
            {
                File.WriteAllText(temporary, JsonSerializer.Serialize(all));
                File.Move(temporary, path, overwrite: true);
            }
            finally
            {
                File.Delete(temporary);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }

    private string? PathOf(INumericsRuntime runtime, bool oneDnn)
    {
        if (folder is null)
            return null;
        string key = string.Create(
            CultureInfo.InvariantCulture,
            $"{Version}|{Processor.Current.Fingerprint}|{__version__}|{typeof(TorchSharp.torch).Assembly.GetName().Version}|{runtime.InstructionSet}|{runtime.Threads}|{oneDnn}");
        return Path.Combine(folder, $"numerics-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..16]}.json");
    }

    private static string? UserFolder()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is { } named)
            return named.Length == 0 ? null : named;
        string local = OperatingSystem.IsWindows()
            ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
            ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.IsPathRooted(local) ? Path.Combine(local, "keypointml") : null;
    }
}
